// From an archive and a REST interface to one history on this disk.

#pragma once

#include "runtime/data/archive_plan.hpp"
#include "runtime/data/archive_store.hpp"
#include "runtime/data/history_repair.hpp"
#include "runtime/data/web_access.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace qalpha {

/// What is wanted.
struct fetch_job {
  archive_series series;
  /// `nullopt`: from the last bar that is here on.
  std::optional<utc_time> from;
  utc_time to;
  /// Histories lie in it, files of the archive in ".archive" below.
  std::string directory;
  /// Leave out rows that are no bars instead of refusing the file.
  bool drop_bad = false;
};

/// Hears what happens, for a progress bar.
class fetch_observer {
public:
  virtual ~fetch_observer() = default;

  /// This many steps are ahead, the current one included.
  virtual void on_plan(size_t steps) = 0;

  virtual void on_step(const std::string& what) = 0;
  virtual void on_bytes(http_progress progress) = 0;

  /// The current step is over.
  virtual void on_done(const std::string& how) = 0;
};

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

/// Why nothing came of it.
struct fetch_failure {
  enum class kind : uint8_t {
    /// The way to the data, or the disk.
    failed,
    /// Nobody has such bars.
    not_found,
    /// The data are not what they should be.
    data,
  };

  kind what = kind::failed;
  std::string text;
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
