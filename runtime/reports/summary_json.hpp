// The report of a backtest for programs.

#pragma once

#include "runtime/reports/backtest_report.hpp"

#include <string>

namespace qalpha {

/// @returns one line of valid JSON without a line break. Amounts are numbers in
///          quote currency, exact to eight decimals; shares are 1 for all of it
///          (not percent), `max_drawdown` is positive. A figure that cannot be
///          computed is null, and `reasons` says why under the same key.
std::string summary_json(const backtest_report& report);

} // namespace qalpha
