#define CAF_SUITE calendar_bars

// The clock and the calendar against days that are known.

#include "tests/models/features/definitions.hpp"

#include <array>
#include <numbers>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr double hour = 3'600'000;
constexpr double day = 24 * hour;
// Monday, 1 January 2024, 00:00 UTC.
constexpr double monday = 1'704'067'200'000;

/// @returns the outputs of a feature for a bar that closes at `time`.
number_table at_time(const char* feature, double time) {
  auto market = generated_rows(1, 1);
  column_of(market, "time")[0] = time;
  return computed(feature, market);
}

void check_phases(double time, double of_day, double of_week) {
  auto out = at_time("calendar", time);
  auto turn = 2 * std::numbers::pi;
  std::array<double, 4> expected{
    std::sin(turn * of_day), std::cos(turn * of_day), std::sin(turn * of_week),
    std::cos(turn * of_week)};
  for (size_t i = 0; i < 4; ++i)
    CAF_CHECK(std::abs(out.columns[i][0] - expected[i]) < 1e-12);
}

} // namespace

CAF_TEST(a_day_and_a_week_are_a_turn) {
  check_phases(monday, 0, 0);
  check_phases(monday + 6 * hour, 0.25, 0.25 / 7);
  check_phases(monday + 3.5 * day, 0.5, 0.5);
  check_phases(monday + 7 * day - 1, -1 / day, -1 / day / 7);
  CAF_MESSAGE("29 February 2024, 18:00 UTC, a Thursday");
  check_phases(1'709'229'600'000, 0.75, 3.75 / 7);
  CAF_MESSAGE("1970 began on a Thursday");
  check_phases(0, 0, 3.0 / 7);
  check_phases(-3 * day - 6 * hour, 0.75, -0.25 / 7);
}

CAF_TEST(funding_is_paid_at_0_8_and_16) {
  auto minutes = [](double time) {
    return at_time("minutes_to_funding", time).columns[0][0];
  };
  CAF_CHECK_EQUAL(minutes(monday), 480.0);
  CAF_CHECK_EQUAL(minutes(monday + 60'000), 479.0);
  CAF_CHECK_EQUAL(minutes(monday + 8 * hour - 30'000), 0.5);
  CAF_CHECK_EQUAL(minutes(monday + 8 * hour), 480.0);
  CAF_CHECK_EQUAL(minutes(monday + 23 * hour), 60.0);
  CAF_CHECK_EQUAL(minutes(-hour), 60.0);
}
