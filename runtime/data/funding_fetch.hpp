// From an archive and a REST interface to the funding rates of one symbol.

#pragma once

#include "runtime/data/fetch_run.hpp"
#include "runtime/data/funding_history.hpp"

#include <string>
#include <variant>
#include <vector>

namespace qalpha {

/// What came of it.
struct funding_result {
  std::string file;
  /// Ascending, one a time, not empty.
  std::vector<funding_row> rows;
  uint64_t fetched_files = 0;
  uint64_t cached_files = 0;
  uint64_t rest_rows = 0;
  std::vector<calendar_span> missing;
};

using funding_outcome = std::variant<funding_result, fetch_failure>;

/// As `fetch_history`, for rates instead of bars. The archive has whole months
/// only. The interval of the job does not matter.
funding_outcome fetch_funding(const fetch_job& job, const web_access& archive,
                              const web_access* rest, utc_time now,
                              fetch_observer& observer);

} // namespace qalpha
