#include "runtime/data/history_repair.hpp"

#include "runtime/storage/common_step.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace qalpha {

namespace {

/// Each member does one step and leaves the reason of a refusal in `reason`.
class repairer {
public:
  repairer(const std::vector<std::string>& names, const repair_options& options)
    : names_(names), options_(options) {
    // nop
  }

  fallible<repaired_history> run(history_rows from) {
    result_.rows = std::move(from.rows);
    result_.bad_rows = from.bad_rows;
    result_.rounded_prices = from.rounded_prices;
    if (from.bad_rows > 0 && !options_.drop_bad)
      return fault{from.first_bad + " (--drop-bad leaves such rows out)"};
    if (result_.rows.empty())
      return fault{"expected bars, found none"};
    if (!order() || !drop_equal_times() || !settle_interval()
        || !drop_overlaps() || !drop_unfinished())
      return fault{reason_};
    count_gaps();
    return std::move(result_);
  }

private:
  bool fail(std::string reason) {
    reason_ = std::move(reason);
    return false;
  }

  std::string place(const sourced_row& x) const {
    return fmt::format("{}: row {}, {}", names_[x.source], x.line,
                       format_utc(x.row.open_time));
  }

  bool order() {
    auto& rows = result_.rows;
    auto earlier = [](const sourced_row& a, const sourced_row& b) {
      return a.row.open_time < b.row.open_time;
    };
    auto wrong = std::is_sorted_until(rows.begin(), rows.end(), earlier);
    if (wrong == rows.end())
      return true;
    if (!options_.sort)
      return fail(fmt::format("{}: expected a time that is not before {} "
                              "(--sort puts rows in order)",
                              place(*wrong),
                              format_utc((wrong - 1)->row.open_time)));
    std::stable_sort(rows.begin(), rows.end(), earlier);
    result_.sorted = true;
    return true;
  }

  bool drop_equal_times() {
    auto& rows = result_.rows;
    size_t kept = 0;
    for (size_t i = 1; i < rows.size(); ++i) {
      if (rows[i].row.open_time != rows[kept].row.open_time)
        rows[++kept] = rows[i];
      else if (!merge(rows[kept], rows[i]))
        return false;
    }
    rows.resize(kept + 1);
    return true;
  }

  /// Makes one of two rows of the same time.
  bool merge(sourced_row& kept, const sourced_row& other) {
    if (kept.row == other.row) {
      if (!options_.drop_duplicates)
        return fail(fmt::format("{}: the same bar again, after row {} "
                                "(--drop-duplicates keeps one)",
                                place(other), kept.line));
      ++result_.duplicates;
      return true;
    }
    if (!options_.keep_last)
      return fail(fmt::format("{}: another bar of the same time as row {} of "
                              "{} (--keep-last takes the later one)",
                              place(other), kept.line, names_[kept.source]));
    ++result_.replaced;
    kept = other;
    return true;
  }

  bool settle_interval() {
    common_step steps;
    auto& rows = result_.rows;
    for (size_t i = 1; i < rows.size(); ++i)
      steps.add(rows[i].row.open_time - rows[i - 1].row.open_time);
    auto usual = steps.result();
    result_.interval = options_.interval.value_or(usual);
    if (result_.interval.count() <= 0)
      return fail("expected at least two bars to tell their interval, found "
                  "one (--interval names it)");
    if (usual.count() != 0 && usual != result_.interval)
      return fail(fmt::format("expected bars of {}, found rows {} apart",
                              format_timespan(result_.interval),
                              format_timespan(usual)));
    return true;
  }

  bool drop_overlaps() {
    auto& rows = result_.rows;
    size_t kept = 0;
    for (size_t i = 1; i < rows.size(); ++i) {
      auto step = rows[i].row.open_time - rows[kept].row.open_time;
      if (step >= result_.interval) {
        rows[++kept] = rows[i];
        continue;
      }
      if (!options_.drop_bad)
        return fail(fmt::format("{}: expected a bar that opens {} or more "
                                "after {} (--drop-bad leaves it out)",
                                place(rows[i]),
                                format_timespan(result_.interval),
                                format_utc(rows[kept].row.open_time)));
      ++result_.bad_rows;
    }
    rows.resize(kept + 1);
    return true;
  }

  bool is_over(const sourced_row& x) const {
    auto opened = x.row.open_time;
    auto latest = std::numeric_limits<int64_t>::max();
    return opened.ns <= latest - result_.interval.count()
           && opened + result_.interval <= options_.as_of;
  }

  bool drop_unfinished() {
    auto& rows = result_.rows;
    if (!is_over(rows.back()) && !options_.drop_unfinished)
      return fail(fmt::format("{}: expected a bar of {} that was over at {} "
                              "(--drop-unfinished leaves it out)",
                              place(rows.back()),
                              format_timespan(result_.interval),
                              format_utc(options_.as_of)));
    while (!rows.empty() && !is_over(rows.back())) {
      rows.pop_back();
      ++result_.unfinished;
    }
    return !rows.empty() || fail("expected bars that are over, found none");
  }

  void count_gaps() {
    auto& rows = result_.rows;
    for (size_t i = 1; i < rows.size(); ++i) {
      auto step = rows[i].row.open_time - rows[i - 1].row.open_time;
      if (step == result_.interval)
        continue;
      ++result_.gaps;
      result_.missing_bars
        += static_cast<uint64_t>((step.count() - 1) / result_.interval.count());
    }
  }

  const std::vector<std::string>& names_;
  const repair_options& options_;
  repaired_history result_;
  std::string reason_;
};

/// Adds for example "bad rows dropped: 3".
void append_count(std::string& list, uint64_t count, std::string_view what) {
  if (count > 0)
    list += fmt::format("{}{}: {}", list.empty() ? "; " : ", ", what, count);
}

} // namespace

fallible<repaired_history> repair(history_rows rows,
                                  const std::vector<std::string>& names,
                                  const repair_options& options) {
  return repairer{names, options}.run(std::move(rows));
}

std::string to_string(const repaired_history& x) {
  auto text = fmt::format("{} bars of {}, {} to {}", x.rows.size(),
                          format_timespan(x.interval),
                          format_utc(x.rows.front().row.open_time),
                          format_utc(x.rows.back().row.open_time));
  if (x.gaps == 0)
    text += ", no gaps";
  else
    text += fmt::format(", gaps {} (bars missing {})", x.gaps, x.missing_bars);
  std::string done;
  append_count(done, x.duplicates, "duplicates dropped");
  append_count(done, x.replaced, "bars replaced");
  append_count(done, x.bad_rows, "bad rows dropped");
  append_count(done, x.unfinished, "unfinished bars dropped");
  append_count(done, x.rounded_prices, "prices rounded to 1e-8");
  if (x.sorted)
    done += done.empty() ? "; rows sorted" : ", rows sorted";
  return text + done;
}

} // namespace qalpha
