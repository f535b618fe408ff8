#define CAF_SUITE money

#include "models/market/money.hpp"

#include "tests/models/throws.hpp"

#include <caf/test/unit_test.hpp>

#include <cstdint>
#include <stdexcept>

using namespace qalpha;

CAF_TEST(sums_beyond_the_range_throw) {
  auto overflows = [](auto f) { return test::throws<std::overflow_error>(f); };
  CAF_CHECK(overflows([] { return money{INT64_MAX} + money{1}; }));
  CAF_CHECK(overflows([] { return money{INT64_MIN} - money{1}; }));
  CAF_CHECK(overflows([] { return -money{INT64_MIN}; }));
  CAF_CHECK(
    overflows([] { return money_from(static_cast<__int128>(INT64_MAX) + 1); }));
  CAF_CHECK(!overflows([] { return money{INT64_MAX} + money{0}; }));
}

CAF_TEST(costs_round_up_and_rebates_down) {
  CAF_CHECK_EQUAL(cost_of({1}, {1}).e8, 1);
  CAF_CHECK_EQUAL(cost_of({1}, {-1}).e8, 0);
  CAF_CHECK_EQUAL(cost_of({100 * money::scale}, {55'000}).e8, 5'500'000);
  CAF_CHECK_EQUAL(cost_of({100 * money::scale + 1}, {55'000}).e8, 5'500'001);
  CAF_CHECK_EQUAL(cost_of({100 * money::scale + 1}, {-55'000}).e8, -5'500'000);
}
