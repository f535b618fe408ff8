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

/// Each member does one step.
class fetcher : private fetch_run {
public:
  fetcher(const fetch_job& job, const web_access& archive,
          const web_access* rest, utc_time now, fetch_observer& observer)
    : fetch_run(job, archive, rest, now, observer,
                job.directory + "/" + history_name(job.series)) {
    // nop
  }

  fetch_outcome run() {
    if (!make_directory() || !read_old() || !settle_range(newest())
        || !read_archive() || !read_rest() || !merge())
      return std::move(failure_);
    result_.file = file_;
    result_.fetched_files = fetched_files_;
    result_.cached_files = cached_files_;
    return std::move(result_);
  }

private:
  uint32_t add_name(std::string name) {
    names_.push_back(std::move(name));
    return static_cast<uint32_t>(names_.size() - 1);
  }

  bool read_old() {
    if (!has_file())
      return true;
    auto read = append_rows(old_, file_, add_name(file_));
    if (read && old_.bad_rows == 0)
      return true;
    return fail(read ? old_.first_bad : read.error().text, failure_kind::data);
  }

  std::optional<utc_time> newest() const {
    return old_.rows.empty() ? std::nullopt
                             : std::optional{old_.rows.back().row.open_time};
  }

  // -- the archive -----------------------------------------------------------

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
    auto found = read_archived(
      target, [this](const std::string& path) { return read_rows(path); });
    if (found && !*found)
      observer_.on_done("not in the archive");
    return found;
  }

  bool read_rows(const std::string& path) {
    auto read = append_rows(archived_, path, add_name(path));
    if (!read)
      return fail(read.error().text, failure_kind::data);
    if (archived_.bad_rows > 0 && !job_.drop_bad)
      return fail(archived_.first_bad + " (--drop-bad leaves such rows out)",
                  failure_kind::data);
    return true;
  }

  // -- the REST interface ----------------------------------------------------

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
    // What the archive has is over.
    over_ = now_;
    if (rest_ == nullptr)
      result_.missing = std::move(left_);
    return rest_ == nullptr || left_.empty() || ask_rest();
  }

  bool ask_rest() {
    kline_source source{*rest_};
    auto time = source.time(job_.series.market);
    if (!time)
      return fail(time.error().text + " (--no-rest does without)",
                  kind_of(source));
    over_ = std::min(now_, *time);
    auto name = add_name(rest_->name);
    for (size_t i = 0; i < left_.size(); ++i) {
      observer_.on_plan(left_.size() - i);
      observer_.on_step("klines from " + format_utc(left_[i].begin));
      auto rows = source.bars(job_.series, left_[i].begin, left_[i].end);
      if (!rows)
        return fail(rows.error().text, kind_of(source));
      for (const auto& row : *rows)
        asked_.push_back({row, name, static_cast<uint32_t>(asked_.size() + 1)});
      observer_.on_done(std::to_string(rows->size()) + " bars");
    }
    result_.rest_bars = asked_.size();
    return true;
  }

  // -- one history -----------------------------------------------------------

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
                  failure_kind::not_found);
    auto repaired = repair(std::move(all), names_,
                           {.sort = true,
                            .drop_duplicates = true,
                            .keep_last = true,
                            .drop_bad = job_.drop_bad,
                            .drop_unfinished = true,
                            .interval = job_.series.length,
                            .as_of = over_});
    if (!repaired)
      return fail(repaired.error().text, failure_kind::data);
    result_.history = std::move(*repaired);
    auto written = write_history(file_, result_.history.rows);
    return written || fail(written.error().text);
  }

  // Bars that were over then are final.
  utc_time over_;
  std::vector<std::string> names_;
  history_rows old_;
  history_rows archived_;
  std::vector<sourced_row> asked_;
  std::vector<calendar_span> left_;
  fetch_result result_;
};

} // namespace

fetch_outcome fetch_history(const fetch_job& job, const web_access& archive,
                            const web_access* rest, utc_time now,
                            fetch_observer& observer) {
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
