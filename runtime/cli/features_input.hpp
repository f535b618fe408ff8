// What qalpha features reads.

#pragma once

#include "models/market/time.hpp"
#include "runtime/cli/exit_code.hpp"
#include "runtime/data/recorded_market.hpp"
#include "runtime/features/market_table.hpp"

#include <optional>
#include <string>
#include <variant>

namespace qalpha {

/// Why nothing is computed.
struct features_refusal {
  exit_code how;
  std::string text;
};

/// Reads a CSV file or a recording.
/// @param symbol of a recording; empty: its only one
/// @param interval of the bars; nothing: as the CSV file has it, or a minute
/// @param hear_book hears the books of a recording
std::variant<market_table, features_refusal>
read_features_input(const std::string& file, const std::string& symbol,
                    std::optional<timespan> interval,
                    const book_listener& hear_book = {});

} // namespace qalpha
