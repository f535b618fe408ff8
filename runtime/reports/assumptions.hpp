// What a backtest takes for granted, so that nobody reads its figures without.

#pragma once

#include <string>
#include <vector>

namespace qalpha {

struct backtest_report;
struct report_source;

/// One statement, for example ("fees", "maker 0.02 %, taker 0.055 %").
struct assumption {
  std::string key;
  std::string value;

  friend bool operator==(const assumption&, const assumption&) = default;
};

/// States all assumptions of a run in the order in which people should read
/// them.
/// @param report complete but for its assumptions
std::vector<assumption> state_assumptions(const report_source& source,
                                          const backtest_report& report);

} // namespace qalpha
