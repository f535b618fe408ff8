// Rows of a market as a CSV file.

#pragma once

#include "runtime/features/market_table.hpp"

#include <string>

namespace qalpha {

/// @returns `timestamp` (open of the bar, milliseconds) and the columns that
///          have a value in some row, as `read_market_table` reads them: the
///          shortest decimals that give the same double back, without an
///          exponent, and nothing where undefined.
std::string market_table_csv(const market_table& table);

} // namespace qalpha
