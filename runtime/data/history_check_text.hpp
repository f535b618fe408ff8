// Reports about histories, for people and for programs.

#pragma once

#include "runtime/data/history_check.hpp"

#include <string>

namespace qalpha {

/// @returns a line about the file and one for each problem it has:
///
///   x.csv: FAILED  40 845 bars of 1h, 2021-04-22 10:00 to ... UTC
///     gap          5  2021-04-25 04:00 UTC to ..., 2 missing
std::string report_text(const history_report& report, bool strict);

/// @returns one JSON object without an end of line.
std::string report_json(const history_report& report, bool strict);

} // namespace qalpha
