#include "runtime/data/fetch_run.hpp"

#include "runtime/telemetry/time_text.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace qalpha {

namespace fs = std::filesystem;

fetch_run::fetch_run(const fetch_job& job, const web_access& archive,
                     const web_access* rest, utc_time now,
                     fetch_observer& observer, std::string file)
  : job_(job), rest_(rest), now_(now), observer_(observer),
    file_(std::move(file)),
    store_(
      job.directory + "/.archive", archive,
      [this](http_progress x) { observer_.on_bytes(x); }, job.recheck) {
  // nop
}

bool fetch_run::fail(std::string text, failure_kind what) {
  failure_ = {what, std::move(text)};
  return false;
}

bool fetch_run::make_directory() {
  std::error_code code;
  fs::create_directories(job_.directory, code);
  return !code || fail(job_.directory + ": " + code.message());
}

bool fetch_run::has_file() const {
  std::error_code code;
  return fs::exists(file_, code);
}

bool fetch_run::settle_range(std::optional<utc_time> newest) {
  to_ = std::min(job_.to, now_);
  if (!job_.from && !newest)
    return fail(file_ + ": expected --from, since there is no history yet",
                failure_kind::usage);
  from_ = job_.from ? *job_.from : *newest;
  return from_ < to_
         || fail("--from: expected a time before " + format_utc(to_)
                   + ", found " + format_utc(from_),
                 failure_kind::usage);
}

std::optional<bool> fetch_run::read_archived(
  const std::string& target,
  const std::function<bool(const std::string& path)>& read) {
  auto stored = store_.get(target);
  if (!stored) {
    fail(stored.error().text, kind_of(store_));
    return std::nullopt;
  }
  if (!*stored)
    return false;
  if (!read((*stored)->path)) {
    store_.forget(target);
    return std::nullopt;
  }
  ++((*stored)->cached ? cached_files_ : fetched_files_);
  observer_.on_done((*stored)->cached ? "is here" : "verified");
  return true;
}

} // namespace qalpha
