#include "runtime/data/funding_fetch.hpp"

#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace qalpha {

namespace {

namespace fs = std::filesystem;

// The most that the venue sends at once.
constexpr size_t page = 1000;

/// Each member does one step and leaves the reason of a failure in `failure`.
class funding_fetcher {
public:
  funding_fetcher(const fetch_job& job, const web_access& archive,
                  const web_access* rest, utc_time now,
                  fetch_observer& observer)
    : job_(job), rest_(rest), now_(now), observer_(observer),
      store_(
        job.directory + "/.archive", archive,
        [this](http_progress x) { observer_.on_bytes(x); }, job.recheck) {
    result_.file = job.directory + "/" + job.series.symbol + "_funding.csv.gz";
  }

  funding_outcome run() {
    if (read_old() && settle_range() && read_months() && finish())
      return std::move(result_);
    return std::move(failure_);
  }

private:
  bool fail(std::string text,
            fetch_failure::kind what = fetch_failure::kind::failed) {
    failure_ = {what, std::move(text)};
    return false;
  }

  bool append(const std::string& path) {
    auto rows = read_funding(path);
    if (!rows)
      return fail(rows.error().text, fetch_failure::kind::data);
    auto& all = result_.rows;
    all.insert(all.end(), rows->begin(), rows->end());
    return true;
  }

  bool read_old() {
    std::error_code code;
    return !fs::exists(result_.file, code) || append(result_.file);
  }

  bool settle_range() {
    to_ = std::min(job_.to, now_);
    if (job_.from)
      from_ = *job_.from;
    else if (!result_.rows.empty())
      from_ = result_.rows.back().time;
    else
      return fail(result_.file
                    + ": expected --from, since there is no history yet",
                  fetch_failure::kind::usage);
    return from_ < to_
           || fail("--from: expected a time before " + format_utc(to_),
                   fetch_failure::kind::usage);
  }

  bool read_months() {
    auto months = months_of(from_, to_);
    for (size_t i = 0; i < months.size(); ++i) {
      observer_.on_plan(months.size() - i);
      observer_.on_step("funding of " + months[i].name);
      auto found = months[i].end <= now_ ? read_file(months[i]) : 0;
      if (found < 0 || (found == 0 && !read_rest(months[i])))
        return false;
    }
    return true;
  }

  /// @returns 1 if the archive has the month, 0 if not, -1 after a failure.
  int read_file(const calendar_span& month) {
    auto target = funding_path(job_.series.symbol, month.name);
    auto stored = store_.get(target);
    if (!stored) {
      fail(stored.error().text, store_.content_is_wrong()
                                  ? fetch_failure::kind::data
                                  : fetch_failure::kind::failed);
      return -1;
    }
    if (!*stored)
      return 0;
    if (!append((*stored)->path)) {
      store_.forget(target);
      return -1;
    }
    ++((*stored)->cached ? result_.cached_files : result_.fetched_files);
    observer_.on_done((*stored)->cached ? "is here" : "verified");
    return 1;
  }

  bool read_rest(const calendar_span& month) {
    auto from = std::max(month.begin, from_);
    auto to = std::min(month.end, to_);
    if (rest_ == nullptr) {
      result_.missing.push_back({from, to, month.name});
      observer_.on_done("not in the archive");
      return true;
    }
    size_t count = page;
    uint64_t before = result_.rest_rows;
    while (count == page && from < to)
      if (!read_page(from, to, count))
        return false;
    observer_.on_done(std::to_string(result_.rest_rows - before) + " rates");
    return true;
  }

  /// Moves `from` behind what came.
  bool read_page(utc_time& from, utc_time to, size_t& count) {
    constexpr int64_t ns_per_ms = 1'000'000;
    auto answer = ask_patiently(
      *rest_,
      fmt::format("/fapi/v1/fundingRate?symbol={}&startTime={}&endTime={}"
                  "&limit={}",
                  job_.series.symbol, from.ns / ns_per_ms,
                  (to.ns - 1) / ns_per_ms, page));
    if (!answer)
      return fail(answer.error().text + " (--no-rest does without)");
    if (answer->status != 200)
      return fail(refused(*rest_, *answer).text + " (--no-rest does without)");
    auto rows = parse_funding(answer->body);
    if (!rows)
      return fail(rest_->name + ": " + rows.error().text,
                  fetch_failure::kind::data);
    count = rows->size();
    result_.rest_rows += count;
    for (const auto& row : *rows) {
      if (row.time < from - timespan{ns_per_ms} || row.time > to)
        return fail(rest_->name + ": found rates that were not asked for",
                    fetch_failure::kind::data);
      result_.rows.push_back(row);
    }
    // Times are rounded to the hour: a minute later is behind the jitter.
    if (count > 0)
      from = rows->back().time + std::chrono::minutes{1};
    return true;
  }

  bool finish() {
    settle_funding(result_.rows);
    if (result_.rows.empty())
      return fail("nobody has funding rates of " + job_.series.symbol + " from "
                    + format_utc(from_) + " to " + format_utc(to_),
                  fetch_failure::kind::not_found);
    auto written = write_funding(result_.file, job_.series.symbol,
                                 result_.rows);
    return written || fail(written.error().text);
  }

  const fetch_job& job_;
  const web_access* rest_;
  utc_time now_;
  fetch_observer& observer_;
  archive_store store_;
  utc_time from_;
  utc_time to_;
  funding_result result_;
  fetch_failure failure_;
};

} // namespace

funding_outcome fetch_funding(const fetch_job& job, const web_access& archive,
                              const web_access* rest, utc_time now,
                              fetch_observer& observer) {
  std::error_code code;
  fs::create_directories(job.directory, code);
  if (code)
    return fetch_failure{fetch_failure::kind::failed,
                         job.directory + ": " + code.message()};
  return funding_fetcher{job, archive, rest, now, observer}.run();
}

} // namespace qalpha
