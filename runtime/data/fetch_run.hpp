// What fetching has in common, whatever it is that is fetched.

#pragma once

#include "runtime/data/archive_plan.hpp"
#include "runtime/data/archive_store.hpp"
#include "runtime/data/web_access.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

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
  /// Ask whether the archive has replaced files that are here.
  bool recheck = false;
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

/// Why nothing came of it.
struct fetch_failure {
  enum class kind : uint8_t {
    /// The way to the data, or the disk.
    failed,
    /// The job makes no sense.
    usage,
    /// Nobody has such bars.
    not_found,
    /// The data are not what they should be.
    data,
  };

  kind what = kind::failed;
  std::string text;
};

/// One job from its beginning to its end. Each member does one step and leaves
/// the reason of a failure in `failure_`.
class fetch_run {
protected:
  using failure_kind = fetch_failure::kind;

  /// @param file what the job makes
  fetch_run(const fetch_job& job, const web_access& archive,
            const web_access* rest, utc_time now, fetch_observer& observer,
            std::string file);

  fetch_run(const fetch_run&) = delete;
  fetch_run& operator=(const fetch_run&) = delete;
  ~fetch_run() = default;

  /// @returns `false`.
  bool fail(std::string text, failure_kind what = failure_kind::failed);

  bool make_directory();

  bool has_file() const;

  /// Finds out from when to when.
  /// @param newest time of the last row that is here, if there is one
  bool settle_range(std::optional<utc_time> newest);

  /// Reads a file of the archive with `read`, which says whether it could. One
  /// that it cannot read is fetched again the next time: the server may mend
  /// it.
  /// @returns whether the archive has the file, or `nullopt` after a failure.
  std::optional<bool>
  read_archived(const std::string& target,
                const std::function<bool(const std::string& path)>& read);

  const fetch_job& job_;
  const web_access* rest_;
  utc_time now_;
  fetch_observer& observer_;
  std::string file_;
  utc_time from_;
  utc_time to_;
  uint64_t fetched_files_ = 0;
  uint64_t cached_files_ = 0;
  fetch_failure failure_;

private:
  archive_store store_;
};

/// @returns what the last fault of a source means.
template <class Source>
fetch_failure::kind kind_of(const Source& source) {
  return source.content_is_wrong() ? fetch_failure::kind::data
                                   : fetch_failure::kind::failed;
}

} // namespace qalpha
