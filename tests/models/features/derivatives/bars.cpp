#define CAF_SUITE derivative_bars

// Basis, funding and open interest by their definitions.

#include "tests/models/features/definitions.hpp"

using namespace qalpha;
using namespace qalpha::test;

CAF_TEST(a_basis_is_a_fraction_of_the_second_price) {
  auto market = generated_rows(1, 100);
  auto& mark = column_of(market, "mark");
  auto& index = column_of(market, "index");
  auto& reference = column_of(market, "reference");
  // Half of the digits cancel.
  auto check = [&](const char* feature, const number_column& below) {
    auto out = computed(feature, market).columns[0];
    for (size_t i = 0; i < out.size(); ++i)
      CAF_REQUIRE(std::abs(out[i] - (mark[i] / below[i] - 1)) < 1e-15);
  };
  check("basis", index);
  check("basis_reference", reference);
}

CAF_TEST(funding_is_paid_at_the_rate_before_the_payment) {
  // Nine and a half days of minutes, beginning at one past midnight.
  constexpr size_t rows = 13'700;
  auto market = generated_rows(2, rows);
  auto& rate = column_of(market, "funding_rate");
  auto& time = column_of(market, "time");
  auto out = computed("funding", market, {{"period", 1'440}});
  check_rows(out.columns[0], 0, [&](size_t i) { return rate[i]; });
  check_rows(out.columns[1], 0, [&](size_t i) { return rate[i] * 3 * 365; });
  auto is_payment = [&](size_t i) {
    return static_cast<int64_t>(time[i]) % (8 * 3'600'000) == 0;
  };
  check_rows(out.columns[2], 1'440, [&](size_t i) {
    size_t payments = 0;
    auto sum = sum_over(i, 1'440, [&](size_t j) {
      payments += is_payment(j);
      return is_payment(j) ? rate[j - 1] : 0.0;
    });
    CAF_REQUIRE_EQUAL(payments, 3u);
    return sum;
  });
  auto hourly = computed("funding", market, {{"period", 60}, {"hours", 1}});
  check_rows(hourly.columns[1], 0, [&](size_t i) { return rate[i] * 8'760; });
  check_rows(hourly.columns[2], 60, [&](size_t i) {
    return sum_over(i, 60, [&](size_t j) {
      return static_cast<int64_t>(time[j]) % 3'600'000 == 0 ? rate[j - 1] : 0.0;
    });
  });
}

CAF_TEST(open_interest_changes_by_a_fraction) {
  auto market = generated_rows(3, 100);
  auto& open = column_of(market, "open_interest");
  check_rows(
    computed("open_interest_change", market, {{"period", 7}}).columns[0], 7,
    [&](size_t i) { return (open[i] - open[i - 7]) / open[i - 7]; });
  open.back() = 0;
  CAF_CHECK_EQUAL(last_of("open_interest_change", market), -1.0);
  open[98] = 0;
  CAF_CHECK_EQUAL(last_of("open_interest_change", market), 0.0);
  open.back() = 5;
  CAF_CHECK(std::isnan(last_of("open_interest_change", market)));
}
