#define CAF_SUITE equity_curve

#include "models/evaluation/equity_curve.hpp"

#include "tests/models/random.hpp"

#include <caf/test/unit_test.hpp>

#include <map>
#include <vector>

using namespace qalpha;

namespace {

constexpr int64_t hour = 3'600'000'000'000;
constexpr int64_t day = 24 * hour;

std::vector<int64_t> daily_of(const equity_curve& curve) {
  std::vector<int64_t> result;
  for (auto x : curve.daily())
    result.push_back(x.e8);
  return result;
}

using numbers = std::vector<int64_t>;

} // namespace

CAF_TEST(the_worst_drawdown_is_relative_to_its_peak) {
  equity_curve curve{{100}};
  numbers values{120, 90, 200, 160, 210};
  for (size_t i = 0; i < values.size(); ++i)
    curve.add({static_cast<int64_t>(i + 1) * hour}, {values[i]});
  curve.finish();
  CAF_CHECK_EQUAL(curve.peak().e8, 210);
  CAF_CHECK(curve.worst()
            == (drawdown{{hour}, {2 * hour}, {120}, {90}, {3 * hour}}));
}

CAF_TEST(a_loss_from_the_start_counts) {
  equity_curve curve{{100}};
  curve.add({hour}, {95});
  curve.finish();
  CAF_CHECK(curve.worst() == (drawdown{{hour}, {hour}, {100}, {95}, {}}));
}

CAF_TEST(equity_that_never_falls_has_no_drawdown) {
  equity_curve curve{{100}};
  curve.add({hour}, {100});
  curve.add({2 * hour}, {101});
  curve.finish();
  CAF_CHECK(curve.worst().peak == curve.worst().trough);
  CAF_CHECK_EQUAL(curve.worst().recovered_time.ns, 0);
}

CAF_TEST(values_at_one_time_are_one_point) {
  equity_curve curve{{100}};
  curve.add({hour}, {100});
  CAF_MESSAGE("one symbol has its new price, the other not yet");
  curve.add({2 * hour}, {50});
  curve.add({2 * hour}, {101});
  CAF_MESSAGE("a venue's clock is behind");
  curve.add({2 * hour - 1}, {102});
  curve.finish();
  CAF_CHECK(curve.worst().peak == curve.worst().trough);
  CAF_CHECK_EQUAL(curve.peak().e8, 102);
}

CAF_TEST(days_end_at_midnight) {
  equity_curve curve{{100}};
  curve.add({day + hour}, {101});
  curve.add({2 * day}, {102});
  CAF_MESSAGE("the value at midnight belongs to the day that ends");
  curve.add({2 * day + 1}, {103});
  CAF_MESSAGE("two days of silence");
  curve.add({4 * day + hour}, {104});
  curve.finish();
  CAF_CHECK(daily_of(curve) == (numbers{100, 102, 103, 103, 104}));
  CAF_CHECK_EQUAL(curve.first_time().ns, day + hour);
  CAF_CHECK_EQUAL(curve.last_time().ns, 4 * day + hour);
}

CAF_TEST(finishing_twice_or_early_changes_nothing) {
  equity_curve once{{100}};
  equity_curve often{{100}};
  for (int64_t i = 1; i < 100; ++i) {
    auto value = money{100 + i * i % 37};
    once.add({i * hour}, value);
    often.add({i * hour}, value);
    often.finish();
    often.finish();
  }
  once.finish();
  CAF_CHECK(daily_of(once) == daily_of(often));
  CAF_CHECK(once.worst() == often.worst());
}

CAF_TEST(an_unused_curve_has_its_start) {
  equity_curve curve{{100}};
  curve.finish();
  CAF_CHECK(daily_of(curve) == numbers{100});
  CAF_CHECK_EQUAL(curve.peak().e8, 100);
}

CAF_TEST(a_restored_curve_remembers_its_peak) {
  equity_curve curve{{100}};
  curve.restore({150}, {120});
  curve.add({hour}, {130});
  curve.finish();
  CAF_CHECK_EQUAL(curve.peak().e8, 150);
  CAF_CHECK_EQUAL(curve.worst().trough.e8, 120);
  CAF_CHECK(daily_of(curve) == (numbers{120, 130}));
}

CAF_TEST(a_curve_equals_a_naive_one) {
  test::dice random;
  for (auto round = 0; round < 50; ++round) {
    equity_curve curve{{1'000'000}};
    auto equity = int64_t{1'000'000};
    auto time = random(1, 10 * day);
    std::map<int64_t, int64_t> points;
    for (auto i = 0; i < 300; ++i) {
      equity = std::max<int64_t>(equity + random(-50'000, 50'000), 1);
      points[time] = equity;
      curve.add({time}, {equity});
      time += random.chance(20) ? 0 : random(1, 12 * hour);
    }
    curve.finish();
    auto peak = int64_t{1'000'000};
    auto deepest = 0.0L;
    for (auto [at, value] : points) {
      peak = std::max(peak, value);
      deepest = std::max(deepest, 1 - static_cast<long double>(value) / peak);
    }
    auto found = 1
                 - static_cast<long double>(curve.worst().trough.e8)
                     / curve.worst().peak.e8;
    CAF_REQUIRE_EQUAL(curve.peak().e8, peak);
    CAF_REQUIRE(found == deepest);
    numbers daily{1'000'000};
    auto first = (points.begin()->first + day - 1) / day;
    auto last = (points.rbegin()->first + day - 1) / day;
    for (auto midnight = first; midnight <= last; ++midnight)
      daily.push_back(std::prev(points.upper_bound(midnight * day))->second);
    CAF_REQUIRE(daily_of(curve) == daily);
  }
}
