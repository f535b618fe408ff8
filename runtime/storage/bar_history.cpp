#include "runtime/storage/bar_history.hpp"

#include "runtime/storage/bar_history_rows.hpp"
#include "runtime/storage/common_step.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace qalpha {

namespace {

// Reserved memory costs nothing until it is used, but has to be granted.
constexpr uint64_t largest_guess = 10'000'000;

/// Reads one file; each member does one step and leaves the reason of a failure
/// in `reason`.
class bar_file_reader {
public:
  bar_file_reader(const std::string& path, const instrument& rules,
                  const bar_file_options& options)
    : path_(path), options_(options),
      rows_(path, {rules.rules().tick_e8, rules.rules().lot_e8}) {
    // nop
  }

  fallible<bar_file> run() {
    if (!read_rows() || !settle_interval() || !close_bars())
      return fault{path_ + ": " + reason_};
    auto& report = file_.report;
    report.rows = file_.bars.size();
    report.first = file_.bars.front().open_time;
    report.last = file_.bars.back().open_time;
    report.sha256 = rows_.sha256();
    return std::move(file_);
  }

private:
  bool fail(std::string reason) {
    reason_ = std::move(reason);
    return false;
  }

  bool fail_in_row(const std::string& reason) {
    return fail("row " + std::to_string(rows_.line()) + ", " + reason);
  }

  bool read_rows() {
    if (!rows_.begin())
      return fail(*rows_.error());
    // Copying bars as the vector grows would cost as much as parsing them.
    file_.bars.reserve(
      std::min({rows_.expected_rows(), options_.max_rows, largest_guess}));
    bar current;
    int64_t last = std::numeric_limits<int64_t>::min();
    do {
      if (!rows_.parse(current))
        return fail(rows_.row_error());
      if (current.open_time.ns <= last)
        return fail_order(current.open_time, {last});
      if (file_.bars.size() == options_.max_rows)
        return fail("expected at most " + std::to_string(options_.max_rows)
                    + " rows, found more");
      last = current.open_time.ns;
      file_.report.zero_volume_bars += current.volume.lots == 0 ? 1 : 0;
      file_.bars.push_back(current);
    } while (rows_.next());
    if (rows_.error())
      return fail(*rows_.error());
    file_.report.rounded_prices = rows_.parser().rounded();
    return true;
  }

  bool fail_order(utc_time now, utc_time last) {
    auto problem = now == last ? ", found the same time again"
                               : ", found the earlier " + format_utc(now);
    return fail_in_row("column timestamp: expected a time after "
                       + format_utc(last) + problem);
  }

  timespan common_difference() const {
    common_step steps;
    for (size_t i = 1; i < file_.bars.size(); ++i)
      steps.add(file_.bars[i].open_time - file_.bars[i - 1].open_time);
    return steps.result();
  }

  bool settle_interval() {
    auto found = common_difference();
    if (found.count() == 0 && !options_.interval)
      return fail("expected at least two rows to tell the interval of the "
                  "bars, found one; configure data.interval");
    auto interval = options_.interval.value_or(found);
    if (interval.count() <= 0)
      return fail("expected a positive interval");
    if (found.count() != 0 && found != interval)
      return fail("expected bars of " + format_timespan(interval)
                  + ", found rows " + format_timespan(found) + " apart");
    file_.report.interval = interval;
    return true;
  }

  bool close_bars() {
    auto interval = file_.report.interval;
    auto& bars = file_.bars;
    if (bars.back().open_time.ns
        > std::numeric_limits<int64_t>::max() - interval.count())
      return fail("expected times before the year 2262");
    for (size_t i = 0; i < bars.size(); ++i) {
      bars[i].close_time = bars[i].open_time + interval;
      if (i == 0 || bars[i].open_time == bars[i - 1].close_time)
        continue;
      if (bars[i].open_time < bars[i - 1].close_time)
        return fail("bar " + std::to_string(i + 1) + ": expected to open at "
                    + format_utc(bars[i - 1].close_time) + " or later, found "
                    + format_utc(bars[i].open_time));
      note_gap(bars[i - 1].open_time, bars[i].open_time);
    }
    return true;
  }

  void note_gap(utc_time after, utc_time before) {
    auto& report = file_.report;
    auto interval = report.interval.count();
    auto missing
      = static_cast<uint64_t>(((before - after).count() - 1) / interval);
    ++report.gaps;
    report.missing_bars += missing;
    if (report.first_gaps.size() < options_.listed_gaps)
      report.first_gaps.push_back({after, before, missing});
  }

  const std::string& path_;
  const bar_file_options& options_;
  bar_rows rows_;
  bar_file file_;
  std::string reason_;
};

std::string counted(uint64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

} // namespace

fallible<bar_file> read_bars(const std::string& path, const instrument& rules,
                             const bar_file_options& options) {
  try {
    return bar_file_reader{path, rules, options}.run();
  } catch (const std::bad_alloc&) {
    return fault{path + ": the bars do not fit into memory"};
  }
}

std::string to_string(const data_report& report) {
  auto text = std::to_string(report.rows) + " bars of "
              + format_timespan(report.interval) + ", "
              + format_utc(report.first) + " to " + format_utc(report.last);
  if (report.gaps == 0)
    text += ", no gaps";
  else
    text += ", " + counted(report.gaps, "gap") + " ("
            + counted(report.missing_bars, "bar") + " missing)";
  if (report.zero_volume_bars > 0)
    text += ", " + counted(report.zero_volume_bars, "bar") + " without volume";
  if (report.rounded_prices > 0)
    text += ", " + counted(report.rounded_prices, "price")
            + " rounded to the tick";
  return text;
}

} // namespace qalpha
