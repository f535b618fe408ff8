#include "runtime/data/history_fetch.hpp"

#include "runtime/data/kline_rest.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

namespace qalpha {

namespace {

namespace fs = std::filesystem;

// Months appear on the first Monday of the next one. A month that is not there
// after this long will not come, and there is no use in asking for its days.
constexpr timespan months_are_late = std::chrono::hours{24 * 40};

/// Each member does one step and leaves the reason of a failure in `failure`.
class fetcher {
public:
  fetcher(const fetch_job& job, const web_access& archive,
          const web_access* rest, utc_time now, fetch_observer& observer)
    : job_(job), rest_(rest), now_(now), observer_(observer),
      store_(job.directory + "/.archive", archive,
             [this](http_progress x) { observer_.on_bytes(x); }) {
    result_.file = job.directory + "/" + history_name(job.series);
  }

  fetch_outcome run() {
    if (read_old() && settle_range() && read_archive() && read_rest()
        && merge())
      return std::move(result_);
    return std::move(failure_);
  }

private:
  bool fail(std::string text,
            fetch_failure::kind what = fetch_failure::kind::failed) {
    failure_ = {what, std::move(text)};
    return false;
  }

  uint32_t add_name(std::string name) {
    names_.push_back(std::move(name));
    return static_cast<uint32_t>(names_.size() - 1);
  }

  bool read_old() {
    std::error_code code;
    if (!fs::exists(result_.file, code))
      return true;
    auto read = append_rows(old_, result_.file, add_name(result_.file));
    if (read && old_.bad_rows == 0)
      return true;
    return fail(read ? old_.first_bad : read.error().text,
                fetch_failure::kind::data);
  }

  bool settle_range() {
    to_ = std::min(job_.to, now_);
    if (job_.from)
      from_ = *job_.from;
    else if (!old_.rows.empty())
      from_ = old_.rows.back().row.open_time;
    else
      return fail(result_.file
                  + ": expected --from, since there is no history yet");
    if (from_ < to_)
      return true;
    return fail(fmt::format("expected a time before {}, found --from {}",
                            format_utc(to_), format_utc(from_)));
  }

  // -- the archive
  // -------------------------------------------------------------

  bool read_archive() {
    auto months = months_of(from_, to_);
    for (size_t i = 0; i < months.size(); ++i) {
      // One for what comes from elsewhere.
      observer_.on_plan(months.size() - i + 1);
      if (!read_month(months[i]))
        return false;
    }
    return true;
  }

  bool read_month(const calendar_span& month) {
    if (month.end <= now_) {
      auto found = read_file(month, true);
      if (!found)
        return false;
      if (*found)
        return true;
      if (month.end + months_are_late < now_) {
        leave(month);
        return true;
      }
    }
    auto days = days_of(std::max(from_, month.begin), std::min(to_, month.end));
    observer_.on_plan(days.size() + 1);
    for (const auto& day : days)
      if (!read_day(day))
        return false;
    return true;
  }

  bool read_day(const calendar_span& day) {
    // Today's file appears tomorrow.
    if (day.end > now_) {
      leave(day);
      return true;
    }
    auto found = read_file(day, false);
    if (found && !*found)
      leave(day);
    return found.has_value();
  }

  /// @returns whether the archive has the file, or `nullopt` after a failure.
  std::optional<bool> read_file(const calendar_span& span, bool monthly) {
    auto target = archive_path(job_.series, span.name, monthly);
    observer_.on_step(fs::path{target}.filename().string());
    auto stored = store_.get(target);
    if (!stored) {
      fail(stored.error().text, store_.content_is_wrong()
                                  ? fetch_failure::kind::data
                                  : fetch_failure::kind::failed);
      return std::nullopt;
    }
    if (!*stored) {
      observer_.on_done("not in the archive");
      return false;
    }
    if (!read_rows((*stored)->path))
      return std::nullopt;
    ++((*stored)->cached ? result_.cached_files : result_.fetched_files);
    observer_.on_done((*stored)->cached ? "is here" : "verified");
    return true;
  }

  bool read_rows(const std::string& path) {
    auto read = append_rows(archived_, path, add_name(path));
    if (!read)
      return fail(read.error().text, fetch_failure::kind::data);
    if (archived_.bad_rows > 0 && !job_.drop_bad)
      return fail(archived_.first_bad + " (--drop-bad leaves such rows out)",
                  fetch_failure::kind::data);
    return true;
  }

  // -- the REST interface
  // --------------------------------------------------------

  /// Keeps what the archive does not have, neighbours as one.
  void leave(calendar_span span) {
    span.begin = std::max(span.begin, from_);
    span.end = std::min(span.end, to_);
    if (!left_.empty() && left_.back().end == span.begin)
      left_.back().end = span.end;
    else
      left_.push_back(std::move(span));
  }

  bool read_rest() {
    if (rest_ == nullptr) {
      result_.missing = std::move(left_);
      over_ = now_;
      return true;
    }
    auto time = fetch_server_time(*rest_, job_.series.market);
    if (!time)
      return fail(time.error().text);
    over_ = std::min(now_, *time);
    if (left_.empty())
      return true;
    auto source = add_name(rest_->name);
    for (size_t i = 0; i < left_.size(); ++i) {
      observer_.on_plan(left_.size() - i);
      observer_.on_step("klines from " + format_utc(left_[i].begin));
      auto rows = fetch_klines(*rest_, job_.series, left_[i].begin,
                               left_[i].end);
      if (!rows)
        return fail(rows.error().text);
      for (const auto& row : *rows)
        asked_.push_back(
          {row, source, static_cast<uint32_t>(asked_.size() + 1)});
      observer_.on_done(std::to_string(rows->size()) + " bars");
    }
    result_.rest_bars = asked_.size();
    return true;
  }

  // -- one history
  // ------------------------------------------------------------------

  bool merge() {
    // Later sources are believed before earlier ones.
    auto all = std::move(old_);
    std::erase_if(archived_.rows, [this](const sourced_row& x) {
      return x.row.open_time < from_ || x.row.open_time >= to_;
    });
    for (auto* part : {&asked_, &archived_.rows})
      all.rows.insert(all.rows.end(), part->begin(), part->end());
    all.bad_rows = archived_.bad_rows;
    all.first_bad = archived_.first_bad;
    all.rounded_prices += archived_.rounded_prices;
    if (all.rows.empty())
      return fail(fmt::format("nobody has bars of {} {} from {} to {}",
                              job_.series.symbol, job_.series.interval,
                              format_utc(from_), format_utc(to_)),
                  fetch_failure::kind::not_found);
    auto repaired = repair(std::move(all), names_,
                           {.sort = true,
                            .drop_duplicates = true,
                            .keep_last = true,
                            .drop_bad = job_.drop_bad,
                            .drop_unfinished = true,
                            .interval = job_.series.length,
                            .as_of = over_});
    if (!repaired)
      return fail(repaired.error().text, fetch_failure::kind::data);
    result_.history = std::move(*repaired);
    auto written = write_history(result_.file, result_.history.rows);
    return written || fail(written.error().text);
  }

  const fetch_job& job_;
  const web_access* rest_;
  utc_time now_;
  fetch_observer& observer_;
  archive_store store_;
  utc_time from_;
  utc_time to_;
  // Bars that were over then are final.
  utc_time over_;
  std::vector<std::string> names_;
  history_rows old_;
  history_rows archived_;
  std::vector<sourced_row> asked_;
  std::vector<calendar_span> left_;
  fetch_result result_;
  fetch_failure failure_;
};

} // namespace

fetch_outcome fetch_history(const fetch_job& job, const web_access& archive,
                            const web_access* rest, utc_time now,
                            fetch_observer& observer) {
  std::error_code code;
  fs::create_directories(job.directory, code);
  if (code)
    return fetch_failure{fetch_failure::kind::failed,
                         job.directory + ": " + code.message()};
  return fetcher{job, archive, rest, now, observer}.run();
}

std::string history_name(const archive_series& series) {
  std::string kind;
  if (series.kind == archive_kind::mark_price)
    kind = "_mark";
  else if (series.kind == archive_kind::index_price)
    kind = "_index";
  return series.symbol + (series.market == archive_market::spot ? "_spot" : "")
         + kind + "_" + series.interval + ".csv.gz";
}

} // namespace qalpha
