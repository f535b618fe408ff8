// A study for people and for programs.

#pragma once

#include "runtime/study/study.hpp"

#include <string>

namespace qalpha {

/// What the design promises.
struct design_targets {
  double monthly_low = 0.12;
  double monthly_high = 0.25;
  double sharpe_low = 3.5;
  double sharpe_high = 5;
  double most_drawdown = 0.08;
  double win_rate_low = 0.58;
  double win_rate_high = 0.65;
};

/// @returns a report in Markdown: what was done, forecast skill, results next
///          to each other and to the targets, whatever came out.
std::string study_markdown(const study_result& study,
                           const design_targets& targets = {});

/// @returns one line of JSON without a line break, with all figures; one that
///          cannot be computed is null.
std::string study_json(const study_result& study,
                       const design_targets& targets = {});

} // namespace qalpha
