// From an archive and a REST interface to one history on this disk.

#pragma once

#include "runtime/data/archive_plan.hpp"
#include "runtime/data/fetch_run.hpp"
#include "runtime/data/history_repair.hpp"
#include "runtime/data/web_access.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace qalpha {

/// What came of it.
struct fetch_result {
  std::string file;
  repaired_history history;
  uint64_t fetched_files = 0;
  uint64_t cached_files = 0;
  uint64_t rest_bars = 0;
  /// Spans that the archive does not have and nobody was asked for.
  std::vector<calendar_span> missing;
};

using fetch_outcome = std::variant<fetch_result, fetch_failure>;

/// Fetches months from the archive, days where the archive has no month yet,
/// and the rest from `rest`, if given. What is in the file already stays; where
/// sources differ, the archive is believed before the REST interface and that
/// before the file. Unfinished bars are left out.
/// @param now decides what can be in the archive
fetch_outcome fetch_history(const fetch_job& job, const web_access& archive,
                            const web_access* rest, utc_time now,
                            fetch_observer& observer);

/// @returns the file of a series, for example "BTCUSDT_1h.csv.gz".
std::string history_name(const archive_series& series);

} // namespace qalpha
