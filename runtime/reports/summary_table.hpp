// The report of a backtest for people.

#pragma once

#include "runtime/reports/backtest_report.hpp"

#include <string>

namespace qalpha {

/// @returns plain text, no line longer than 80 columns, with a line break at
/// the
///          end: the assumptions, the symbols if there are several, the summary
///          in a frame, and the run hash. Amounts are in quote currency, times
///          in UTC; thousands are separated by a space. A figure that cannot be
///          computed is the reason why.
std::string summary_table(const backtest_report& report);

} // namespace qalpha
