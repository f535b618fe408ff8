// A raw recording of Binance USDⓈ-M, played into an order book.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/book.hpp"
#include "models/market/book_sync.hpp"
#include "models/market/instrument.hpp"
#include "runtime/data/recording_refusal.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>

namespace qalpha {

/// One side of a book at the end.
struct book_side_totals {
  std::optional<book_level> best;
  size_t levels = 0;
  quantity total;
};

/// What became of a recording.
struct book_replay {
  /// In the smallest steps of the recording, which may be finer than a tick.
  instrument traded;
  /// Of the snapshot that the book began with, and of the last one after gaps.
  uint64_t snapshot_last = 0;
  book_sync_statistics sync;
  bool in_step = false;
  /// Applied updates that left the book crossed.
  uint64_t crossed = 0;
  book_side_totals bids;
  book_side_totals asks;
  /// Messages that were not decoded, and lines that were none.
  uint64_t faults = 0;
  uint64_t skipped_lines = 0;
};

/// Plays `path` (see `recorded_session`) into the book of `symbol`, or of its
/// only symbol if that is empty.
std::variant<book_replay, recording_refusal>
replay_book(const std::filesystem::path& path, const std::string& symbol);

} // namespace qalpha
