#include "runtime/data/history_check.hpp"

#include "runtime/data/history_row.hpp"
#include "runtime/data/robust_scale.hpp"
#include "runtime/storage/common_step.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <new>
#include <utility>

namespace qalpha {

namespace {

/// What the later steps need of a row.
struct seen_row {
  utc_time time;
  double close = 0;
  /// Equal for equal bars.
  uint64_t content = 0;
  uint64_t line = 0;
};

uint64_t content_of(const history_row& row) {
  std::string text;
  append_csv(text, row);
  return std::hash<std::string>{}(text);
}

history_problem kind_of(bar_row_problem problem) noexcept {
  switch (problem) {
    case bar_row_problem::number:
      return history_problem::not_a_number;
    case bar_row_problem::sign:
      return history_problem::not_positive;
    case bar_row_problem::order:
      return history_problem::bad_ohlc;
    case bar_row_problem::columns:
    case bar_row_problem::time:
    case bar_row_problem::range:
      break;
  }
  return history_problem::malformed;
}

/// Checks one file; each member does one step and adds to the report.
class history_checker {
public:
  history_checker(const std::string& path, const history_check_options& options)
    : path_(path), options_(options) {
    report_.file = path;
  }

  history_report run() {
    try {
      if (collect() && !rows_.empty())
        judge();
    } catch (const std::bad_alloc&) {
      add(history_problem::unreadable, "the rows do not fit into memory");
    }
    return std::move(report_);
  }

private:
  void add(history_problem what, std::string where) {
    auto& finding = report_.findings[static_cast<size_t>(what)];
    ++finding.count;
    if (finding.examples.size() < options_.examples)
      finding.examples.push_back(std::move(where));
  }

  bool collect() {
    bar_rows rows{path_, history_steps};
    for (bool more = rows.begin(); more; more = rows.next()) {
      auto row = exact_row(rows);
      if (!row) {
        add(kind_of(rows.parser().problem()), rows.row_error());
        continue;
      }
      if (rows_.size() == options_.max_rows) {
        add(history_problem::unreadable,
            fmt::format("expected at most {} rows, found more",
                        options_.max_rows));
        return false;
      }
      note(*row, rows.line());
    }
    if (rows.error()) {
      add(history_problem::unreadable, *rows.error());
      return false;
    }
    report_.sha256 = rows.sha256();
    return true;
  }

  void note(const history_row& row, uint64_t line) {
    if (!rows_.empty() && row.open_time < rows_.back().time)
      add(history_problem::unsorted,
          fmt::format("row {}, {} after {}", line, format_utc(row.open_time),
                      format_utc(rows_.back().time)));
    if (row.volume_e8 == 0)
      add(history_problem::zero_volume,
          fmt::format("row {}, {}", line, format_utc(row.open_time)));
    rows_.push_back({row.open_time, static_cast<double>(row.close_e8),
                     content_of(row), line});
  }

  void judge() {
    std::stable_sort(
      rows_.begin(), rows_.end(),
      [](const auto& a, const auto& b) { return a.time < b.time; });
    drop_duplicates();
    report_.rows = rows_.size();
    report_.first = rows_.front().time;
    report_.last = rows_.back().time;
    report_.interval = options_.interval.value_or(usual_step());
    if (report_.interval.count() <= 0) {
      add(history_problem::unreadable,
          "expected at least two bars to tell the interval, found one");
      return;
    }
    check_steps();
    check_returns();
    check_end();
  }

  void drop_duplicates() {
    size_t kept = 0;
    for (size_t i = 1; i < rows_.size(); ++i) {
      if (rows_[i].time != rows_[kept].time) {
        rows_[++kept] = rows_[i];
        continue;
      }
      auto same = rows_[i].content == rows_[kept].content;
      add(same ? history_problem::duplicate : history_problem::conflict,
          fmt::format("rows {} and {}, {}", rows_[kept].line, rows_[i].line,
                      format_utc(rows_[i].time)));
    }
    rows_.resize(kept + 1);
  }

  timespan usual_step() const {
    common_step steps;
    for (size_t i = 1; i < rows_.size(); ++i)
      steps.add(rows_[i].time - rows_[i - 1].time);
    return steps.result();
  }

  void check_steps() {
    for (size_t i = 1; i < rows_.size(); ++i) {
      auto step = rows_[i].time - rows_[i - 1].time;
      if (step != report_.interval)
        check_step(rows_[i - 1], rows_[i], step);
    }
  }

  void check_step(const seen_row& before, const seen_row& after,
                  timespan step) {
    auto place = fmt::format("{} to {}", format_utc(before.time),
                             format_utc(after.time));
    if (step < report_.interval) {
      add(history_problem::overlap, std::move(place));
      return;
    }
    auto missing
      = static_cast<uint64_t>((step.count() - 1) / report_.interval.count());
    report_.missing_bars += missing;
    if (step.count() % report_.interval.count() != 0)
      add(history_problem::off_grid, place);
    add(history_problem::gap, fmt::format("{}, {} missing", place, missing));
  }

  void check_returns() {
    std::vector<double> returns;
    returns.reserve(rows_.size());
    for (size_t i = 1; i < rows_.size(); ++i)
      if (rows_[i].time - rows_[i - 1].time == report_.interval)
        returns.push_back(return_at(i));
    auto scale = robust_scale(std::move(returns));
    if (!scale)
      return;
    for (size_t i = 1; i < rows_.size(); ++i) {
      if (rows_[i].time - rows_[i - 1].time != report_.interval)
        continue;
      auto z = (return_at(i) - scale->center) / scale->width;
      if (std::abs(z) > options_.outlier_z)
        add(history_problem::outlier,
            fmt::format("row {}, {}: {:+.2f} %, z {:+.1f}", rows_[i].line,
                        format_utc(rows_[i].time),
                        100 * std::expm1(return_at(i)), z));
    }
  }

  double return_at(size_t i) const {
    return std::log(rows_[i].close / rows_[i - 1].close);
  }

  void check_end() {
    auto last = report_.last;
    if (last.ns > std::numeric_limits<int64_t>::max() - report_.interval.count()
        || last + report_.interval > options_.as_of)
      add(history_problem::unfinished,
          fmt::format("{} opens a bar of {}, the file is of {}",
                      format_utc(last), format_timespan(report_.interval),
                      format_utc(options_.as_of)));
  }

  const std::string& path_;
  const history_check_options& options_;
  history_report report_;
  std::vector<seen_row> rows_;
};

} // namespace

std::string_view to_string(history_problem x) noexcept {
  constexpr std::array<std::string_view, history_problems> names{
    "unreadable", "malformed", "not_a_number", "not_positive", "bad_ohlc",
    "unsorted",   "duplicate", "conflict",     "overlap",      "unfinished",
    "gap",        "off_grid",  "zero_volume",  "outlier"};
  return names[static_cast<size_t>(x)];
}

bool history_report::passes(bool strict) const noexcept {
  for (size_t i = 0; i < findings.size(); ++i)
    if (findings[i].count > 0
        && (strict || is_failure(static_cast<history_problem>(i))))
      return false;
  return true;
}

history_report check_history(const std::string& path,
                             const history_check_options& options) {
  return history_checker{path, options}.run();
}

std::optional<utc_time> time_of_file(const std::string& path) {
  std::error_code code;
  auto changed = std::filesystem::last_write_time(path, code);
  if (code)
    return std::nullopt;
  auto since = std::chrono::file_clock::to_sys(changed).time_since_epoch();
  return utc_time{
    std::chrono::duration_cast<std::chrono::nanoseconds>(since).count()};
}

} // namespace qalpha
