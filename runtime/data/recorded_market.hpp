// A recording as the rows that features read.

#pragma once

#include "models/market/book.hpp"
#include "models/market/instrument.hpp"
#include "runtime/data/recording_refusal.hpp"
#include "runtime/features/market_table.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <variant>

namespace qalpha {

/// Bars of a recording and what a feed knew around them.
struct recorded_market {
  std::string venue;
  instrument traded;
  /// All columns; those of another venue are empty in each row.
  market_table table;
  /// Bars that were left out, since trades of theirs may be missing: the one in
  /// which the recording begins, and those around interruptions.
  uint64_t incomplete = 0;
};

/// Hears the book after each complete group of its changes, and a null pointer
/// where the next book does not follow from the one before.
using book_listener = std::function<void(const book*)>;

/// Plays a recording, see `open_recording`, through the feed of a live venue.
/// @param interval of the bars, positive
std::variant<recorded_market, recording_refusal>
read_recorded_market(const std::filesystem::path& path,
                     const std::string& symbol, timespan interval,
                     const book_listener& hear_book = {});

} // namespace qalpha
