// What a raw recording of a venue amounts to, symbol by symbol.

#pragma once

#include "models/market/book.hpp"
#include "models/market/feed_health.hpp"
#include "models/market/instrument.hpp"
#include "models/market/time.hpp"
#include "runtime/data/recording_refusal.hpp"
#include "runtime/storage/raw/raw_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace qalpha {

/// What was played of one symbol.
struct symbol_replay {
  instrument traded;
  uint64_t events = 0;
  uint64_t trades = 0;
  /// Sum of the trades, in lots.
  __int128 volume = 0;
  /// Of a minute.
  uint64_t bars = 0;
  /// Breaks in the chain of book updates, and in the numbers of trades.
  uint64_t book_gaps = 0;
  uint64_t trade_gaps = 0;
  /// Events that could not be right.
  uint64_t rejected = 0;
  /// At the end: whether the book is the venue's, and what it was.
  sequence_state state = sequence_state::none;
  std::optional<book_level> bid;
  std::optional<book_level> ask;
  size_t bid_levels = 0;
  size_t ask_levels = 0;
};

/// What was played of a recording.
struct recording_replay {
  std::string venue;
  /// Ends of the first and of the last frame, by the clock that recorded; zero
  /// if nothing was recorded.
  utc_time first;
  utc_time last;
  uint64_t records = 0;
  /// Messages and answers that no decoder understood.
  uint64_t faults = 0;
  raw_damage damage;
  std::vector<symbol_replay> symbols;

  /// @returns `true` if nothing is missing and nothing was odd.
  bool whole() const noexcept {
    return damage.none() && damage.damaged_bytes == 0 && damage.notes.empty();
  }
};

/// Plays the recording in `directory` through the decoders and feeds of a live
/// venue. What is missing in it is told and does not stop it.
std::variant<recording_replay, recording_refusal>
replay_recording(const std::filesystem::path& directory);

} // namespace qalpha
