#include "runtime/features/market_table.hpp"

#include "models/features/feature.hpp"
#include "runtime/storage/bar_history_input.hpp"
#include "runtime/storage/bar_history_number.hpp"
#include "runtime/storage/common_step.hpp"
#include "runtime/storage/csv_field.hpp"
#include "runtime/storage/stamp_reader.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace qalpha {

namespace {

constexpr size_t ignored = SIZE_MAX;

struct alias {
  std::string_view theirs;
  std::string_view ours;
};

constexpr alias aliases[] = {
  {"timestamp", "time"},
  {"open_time", "time"},
  {"ts", "time"},
  {"quote_asset_volume", "quote_volume"},
  {"count", "trade_count"},
  {"number_of_trades", "trade_count"},
  {"taker_buy_base_asset_volume", "taker_buy_volume"},
  {"taker_buy_base_volume", "taker_buy_volume"},
};

constexpr std::string_view columns_without_header
  = "open_time,open,high,low,close,volume,close_time,quote_volume,count,"
    "taker_buy_volume";

size_t column_of(std::string_view field) {
  auto name = column_name(field);
  for (const auto& each : aliases)
    if (each.theirs == name)
      name = each.ours;
  auto index = market_column_index(name);
  return index < market_columns.size() ? index : ignored;
}

bool is_number(std::string_view field) {
  return !field.empty() && field.front() >= '0' && field.front() <= '9';
}

/// Reads one file; each member does one step and leaves the reason of a failure
/// in `reason_`.
class market_table_reader {
public:
  market_table_reader(const std::string& path, std::optional<timespan> interval)
    : path_(path), interval_(interval), input_(path) {
    // nop
  }

  fallible<market_table> run() {
    if (!read_rows() || !settle_interval())
      return fault{path_ + ": " + reason_};
    close_bars();
    table_.sha256 = input_.sha256();
    return std::move(table_);
  }

private:
  bool fail(std::string reason) {
    reason_ = std::move(reason);
    return false;
  }

  bool fail_in_row(const std::string& reason) {
    return fail("row " + std::to_string(input_.line()) + ", " + reason);
  }

  bool read_rows() {
    auto line = next_line();
    if (line && line->starts_with(utf8_mark))
      line->remove_prefix(utf8_mark.size());
    if (line && !is_number(*line)) {
      if (!read_header(*line))
        return false;
      line = next_line();
    } else if (line && !read_header(columns_without_header)) {
      return false;
    }
    for (; line; line = next_line())
      if (!read_row(*line))
        return false;
    if (input_.error())
      return fail(*input_.error());
    if (table_.times.empty())
      return fail("expected rows of bars, found none");
    return true;
  }

  std::optional<std::string_view> next_line() {
    auto line = input_.next();
    while (line && line->empty())
      line = input_.next();
    return line;
  }

  bool read_header(std::string_view line) {
    for_each_field(line, [this](std::string_view field) {
      layout_.push_back(column_of(field));
    });
    for (size_t i = 0; i < market_columns.size(); ++i)
      if (std::count(layout_.begin(), layout_.end(), i) > 1)
        return fail_in_row("column " + std::string{market_columns[i].name}
                           + ": expected once, found twice");
    if (std::count(layout_.begin(), layout_.end(), time_column) == 0)
      return fail_in_row("expected a column timestamp, found none");
    return true;
  }

  bool read_row(std::string_view line) {
    auto rest = line;
    for (size_t i = 0; i < layout_.size(); ++i) {
      if (i > 0 && rest.empty()) {
        if (row_has(i))
          return fail_in_row("expected " + std::to_string(layout_.size())
                             + " columns, found " + std::to_string(i));
        break;
      }
      if (i > 0)
        rest.remove_prefix(1);
      if (!read_field(layout_[i], rest))
        return false;
    }
    return true;
  }

  // Whether a column that matters is at `i` or behind.
  bool row_has(size_t i) const {
    return std::any_of(layout_.begin() + static_cast<ptrdiff_t>(i),
                       layout_.end(), [](size_t x) { return x != ignored; });
  }

  bool read_field(size_t column, std::string_view& rest) {
    auto field = rest.substr(0, rest.find(','));
    if (column == ignored) {
      rest.remove_prefix(field.size());
      return true;
    }
    if (column == time_column)
      return read_time(rest);
    rest.remove_prefix(field.size());
    auto value = undefined;
    auto end = field.data() + field.size();
    auto [at, code] = std::from_chars(field.data(), end, value);
    if (!field.empty() && (code != std::errc{} || at != end))
      return fail_in_row("column " + std::string{market_columns[column].name}
                         + ": expected a number or nothing, found "
                         + quoted_field(field));
    table_.columns[column].push_back(value);
    return true;
  }

  bool read_time(std::string_view& rest) {
    auto field = rest;
    auto time = times_.read(rest);
    if (!time)
      return fail_in_row("column timestamp: expected " + times_.expected()
                         + ", found " + quoted_field(field));
    auto& before = table_.times;
    if (!before.empty() && *time <= before.back())
      return fail_in_row("column timestamp: expected a time after "
                         + format_utc(before.back())
                         + (*time == before.back()
                              ? ", found the same time again"
                              : ", found the earlier " + format_utc(*time)));
    before.push_back(*time);
    return true;
  }

  bool settle_interval() {
    common_step steps;
    for (size_t i = 1; i < table_.rows(); ++i)
      steps.add(table_.times[i] - table_.times[i - 1]);
    auto found = steps.result();
    if (found.count() == 0 && !interval_)
      return fail(
        "expected at least two rows to tell the interval of the bars, "
        "found one; give the interval");
    table_.interval = interval_.value_or(found);
    if (found.count() != 0 && found != table_.interval)
      return fail("expected bars of " + format_timespan(table_.interval)
                  + ", found rows " + format_timespan(found) + " apart");
    return true;
  }

  void close_bars() {
    for (size_t i = 0; i < table_.rows(); ++i) {
      auto close = table_.times[i] + table_.interval;
      table_.columns[time_column].push_back(
        static_cast<double>(close.ns / 1'000'000));
      if (i == 0)
        continue;
      auto step = table_.times[i] - table_.times[i - 1];
      if (step <= table_.interval)
        continue;
      ++table_.gaps;
      table_.missing_bars
        += static_cast<uint64_t>((step.count() - 1) / table_.interval.count());
    }
  }

  const std::string& path_;
  std::optional<timespan> interval_;
  line_input input_;
  stamp_reader times_;
  // Which market column each field is.
  std::vector<size_t> layout_;
  market_table table_;
  std::string reason_;
};

} // namespace

fallible<market_table> read_market_table(const std::string& path,
                                         std::optional<timespan> interval) {
  try {
    return market_table_reader{path, interval}.run();
  } catch (const std::bad_alloc&) {
    return fault{path + ": the rows do not fit into memory"};
  }
}

} // namespace qalpha
