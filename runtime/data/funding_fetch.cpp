#include "runtime/data/funding_fetch.hpp"

#include "runtime/data/fetch_run.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace qalpha {

namespace {

// The most that the venue sends at once.
constexpr size_t page = 1000;

/// Each member does one step.
class funding_fetcher : private fetch_run {
public:
  funding_fetcher(const fetch_job& job, const web_access& archive,
                  const web_access* rest, utc_time now,
                  fetch_observer& observer)
    : fetch_run(job, archive, rest, now, observer,
                job.directory + "/" + job.series.symbol + "_funding.csv.gz") {
    // nop
  }

  funding_outcome run() {
    if (!make_directory() || !read_old() || !settle_range(newest())
        || !read_months() || !finish())
      return std::move(failure_);
    result_.file = file_;
    result_.fetched_files = fetched_files_;
    result_.cached_files = cached_files_;
    return std::move(result_);
  }

private:
  bool append(const std::string& path) {
    auto rows = read_funding(path);
    if (!rows)
      return fail(rows.error().text, failure_kind::data);
    auto& all = result_.rows;
    all.insert(all.end(), rows->begin(), rows->end());
    return true;
  }

  bool read_old() {
    return !has_file() || append(file_);
  }

  std::optional<utc_time> newest() const {
    return result_.rows.empty() ? std::nullopt
                                : std::optional{result_.rows.back().time};
  }

  bool read_months() {
    auto months = months_of(from_, to_);
    for (size_t i = 0; i < months.size(); ++i) {
      observer_.on_plan(months.size() - i);
      observer_.on_step("funding of " + months[i].name);
      auto found = months[i].end <= now_ ? read_file(months[i])
                                         : std::optional{false};
      if (!found || (!*found && !read_rest(months[i])))
        return false;
    }
    return true;
  }

  std::optional<bool> read_file(const calendar_span& month) {
    return read_archived(
      funding_path(job_.series.symbol, month.name),
      [this](const std::string& path) { return append(path); });
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
      return fail(rest_->name + ": " + rows.error().text, failure_kind::data);
    count = rows->size();
    result_.rest_rows += count;
    for (const auto& row : *rows) {
      if (row.time < from - timespan{ns_per_ms} || row.time > to)
        return fail(rest_->name + ": found rates that were not asked for",
                    failure_kind::data);
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
                  failure_kind::not_found);
    auto written = write_funding(file_, job_.series.symbol, result_.rows);
    return written || fail(written.error().text);
  }

  funding_result result_;
};

} // namespace

funding_outcome fetch_funding(const fetch_job& job, const web_access& archive,
                              const web_access* rest, utc_time now,
                              fetch_observer& observer) {
  return funding_fetcher{job, archive, rest, now, observer}.run();
}

} // namespace qalpha
