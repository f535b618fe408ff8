#define CAF_SUITE cycles

// What cycles, their averages and stops do on markets that are known.

#include "tests/models/features/definitions.hpp"

#include <caf/test/unit_test.hpp>

#include <numbers>

using namespace qalpha;
using namespace qalpha::test;

namespace {

/// A market whose price is `price(row)`.
template <class F>
number_table market_of(size_t rows, F price) {
  auto result = generated_rows(1, rows);
  for (auto name : {"open", "high", "low", "close"})
    for (size_t row = 0; row < rows; ++row)
      column_of(result, name)[row] = price(static_cast<double>(row));
  return result;
}

number_table wave(double length) {
  return market_of(600, [length](double row) {
    return 1000 + 10 * std::sin(2 * std::numbers::pi * row / length);
  });
}

} // namespace

CAF_TEST(the_length_of_a_wave_is_found) {
  for (auto length : {12.0, 20.0, 30.0}) {
    auto found = last_of("ht_dcperiod", wave(length));
    CAF_MESSAGE(length << " rows: " << found);
    CAF_CHECK(std::abs(found - length) < 0.05 * length);
  }
}

CAF_TEST(the_sine_of_the_phase_goes_with_the_wave) {
  auto market = wave(20);
  auto sines = computed("ht_sine", market);
  for (size_t row = 300; row < 600; ++row) {
    auto now = (column_of(market, "close")[row] - 1000) / 10;
    if (std::abs(sines.columns[0][row] - now) > 0.2)
      CAF_FAIL("row " << row << ": " << sines.columns[0][row] << ", not "
                      << now);
  }
}

CAF_TEST(the_trend_line_leaves_the_wave_out) {
  auto trend = computed("ht_trendline", wave(20)).columns[0];
  for (size_t row = 300; row < 600; ++row)
    if (std::abs(trend[row] - 1000) > 0.5)
      CAF_FAIL("row " << row << ": " << trend[row]);
}

CAF_TEST(a_cycle_is_no_trend_and_a_straight_line_is_one) {
  CAF_CHECK_EQUAL(last_of("ht_trendmode", wave(20)), 0);
  auto line = market_of(600, [](double row) { return 1000 + 5 * row; });
  CAF_CHECK_EQUAL(last_of("ht_trendmode", line), 1);
}

CAF_TEST(prices_whose_squares_are_infinite_break_nothing) {
  auto market = market_of(
    600, [](double row) { return std::fmod(row, 7) < 3 ? 1e300 : 1.0; });
  auto period = last_of("ht_dcperiod", market);
  CAF_CHECK(period >= 6 && period <= 50);
  for (auto name : {"ht_dcphase", "ht_phasor", "ht_sine", "ht_trendline",
                    "ht_trendmode", "mama"})
    computed(name, market);
}

CAF_TEST(the_adaptive_average_reaches_a_price_that_stays) {
  auto market = market_of(600, [](double) { return 1000.0; });
  CAF_CHECK(std::abs(last_of("mama", market) - 1000) < 1e-6);
}

CAF_TEST(convergence_of_exponential_averages_is_the_usual_one) {
  auto market = generated_rows(3, 500);
  auto usual = computed("macd", market);
  auto chosen
    = computed("macdext", market,
               {{"fast_kind", 1}, {"slow_kind", 1}, {"signal_kind", 1}});
  for (size_t i = 0; i < 3; ++i)
    check_rows(chosen.columns[i], 33,
               [&](size_t row) { return usual.columns[i][row]; });
}

CAF_TEST(averages_that_are_swapped_keep_their_kinds) {
  auto market = generated_rows(4, 500);
  auto a = computed("macdext", market,
                    {{"fast", 12}, {"fast_kind", 1}, {"slow", 26}});
  auto b = computed("macdext", market,
                    {{"fast", 26}, {"slow", 12}, {"slow_kind", 1}});
  check_rows(a.columns[0], 33, [&](size_t row) { return b.columns[0][row]; });
}

CAF_TEST(a_stop_above_falling_prices_is_negative) {
  auto market = generated_rows(5, 500);
  auto plain = computed("sar", market).columns[0];
  auto extended = computed("sarext", market).columns[0];
  auto& high = column_of(market, "high");
  check_rows(extended, 1, [&](size_t row) {
    return extended[row] < 0 ? -plain[row] : plain[row];
  });
  size_t above = 0;
  for (size_t row = 1; row < 500; ++row)
    above += extended[row] < 0 && -extended[row] >= high[row];
  CAF_CHECK(above > 50);
}

CAF_TEST(a_person_may_say_where_a_stop_begins) {
  auto market = generated_rows(6, 3);
  auto low = column_of(market, "low")[1];
  auto high = column_of(market, "high")[1];
  auto first = [&](double start) {
    return computed("sarext", market, {{"start", start}}).columns[0][1];
  };
  CAF_CHECK_EQUAL(first(low - 100), low - 100);
  CAF_CHECK_EQUAL(first(-(high + 100)), -(high + 100));
}

CAF_TEST(a_new_stop_stands_away_by_the_offset) {
  auto market = generated_rows(7, 2);
  // Reached at once: it turns to stand above both bars.
  auto turned = [&](double offset) {
    auto start = column_of(market, "low")[1] + 1;
    return computed("sarext", market, {{"start", start}, {"offset", offset}})
      .columns[0][1];
  };
  CAF_CHECK(turned(0) < 0);
  CAF_CHECK(std::abs(turned(0.1) - 1.1 * turned(0)) < 1e-6);
}
