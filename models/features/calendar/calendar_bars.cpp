#include "models/features/calendar/calendar_bars.hpp"

#include "models/features/row_feature.hpp"

#include <cmath>
#include <numbers>

namespace qalpha {

namespace {

constexpr double minute = 60'000;
constexpr double hour = 60 * minute;
constexpr double day = 24 * hour;
constexpr double week = 7 * day;

// 1970 began on a Thursday, three days into its week.
constexpr double first_monday = 3 * day;

/// @returns what of `x` is beyond whole units, from 0 to below `unit`.
double rest_of(double x, double unit) noexcept {
  return x - std::floor(x / unit) * unit;
}

// -- calendar

struct calendar_kernel {
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 4;

  row_values<4> step(const row_values<1>& x) const noexcept {
    auto turn = 2 * std::numbers::pi;
    auto of_day = turn * (rest_of(x[0], day) / day);
    auto of_week = turn * (rest_of(x[0] + first_monday, week) / week);
    return {std::sin(of_day), std::cos(of_day), std::sin(of_week),
            std::cos(of_week)};
  }
};

fallible<made_feature> make_calendar(std::span<const double>) {
  return made_feature{make_row_feature(calendar_kernel{}), 0, 1};
}

constexpr std::string_view time_input[] = {"time"};

constexpr feature_output calendar_outputs[] = {
  {"day_sin", "sine of the time of day at the close, UTC, a turn a day"},
  {"day_cos", "cosine of the same, 1 at midnight"},
  {"week_sin", "sine of the time since Monday 00:00 UTC, a turn a week"},
  {"week_cos", "cosine of the same, 1 when Monday begins"},
};

// -- minutes_to_funding

struct funding_clock {
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  row_values<1> step(const row_values<1>& x) const noexcept {
    return {(interval - rest_of(x[0], interval)) / minute};
  }

  double interval;
};

fallible<made_feature> make_funding_clock(std::span<const double> values) {
  return made_feature{make_row_feature(funding_clock{values[0] * hour}), 0, 1};
}

constexpr parameter funding_parameters[] = {
  {"hours", 8, 1, 24, "between payments, since 1970 UTC: at 00, 08 and 16"},
};

constexpr feature_output funding_output[] = {
  {"minutes", "from the close to the next payment, above 0; a whole interval "
              "at a payment"},
};

constexpr feature_entry entries[] = {
  {"calendar",
   "time of day and of week as points on a circle",
   "sine and cosine of the phase",
   time_input,
   {},
   calendar_outputs,
   make_calendar},
  {"minutes_to_funding", "time to the next funding payment",
   "funding of perpetual futures as Binance and Bybit settle it", time_input,
   funding_parameters, funding_output, make_funding_clock},
};

} // namespace

std::span<const feature_entry> calendar_features() {
  return entries;
}

} // namespace qalpha
