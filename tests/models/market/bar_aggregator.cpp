#define CAF_SUITE bar_aggregator

#include "models/market/bar_aggregator.hpp"

#include "tests/models/random.hpp"

#include <caf/test/unit_test.hpp>

#include <map>
#include <vector>

using namespace qalpha;

namespace {

constexpr timespan interval{60};

bar_aggregator make() {
  return bar_aggregator{interval};
}

} // namespace

CAF_TEST(a_bar_closes_when_a_later_time_is_seen) {
  auto bars = make();
  CAF_CHECK(!bars.add({61}, {10}, {1}));
  CAF_CHECK(!bars.add({80}, {12}, {2}));
  CAF_CHECK(!bars.add({119}, {9}, {3}));
  auto done = bars.add({120}, {11}, {1});
  CAF_REQUIRE(done);
  CAF_CHECK(*done == (bar{{60}, {120}, {10}, {12}, {9}, {9}, {6}}));
  CAF_CHECK_EQUAL(bars.open()->open_time.ns, 120);
}

CAF_TEST(time_alone_closes_a_bar) {
  auto bars = make();
  bars.add({61}, {10}, {1});
  CAF_CHECK(!bars.advance({119}));
  CAF_CHECK(bars.advance({120}));
  CAF_CHECK(!bars.advance({240}));
  CAF_CHECK(!bars.open());
}

CAF_TEST(an_interval_without_trades_has_no_bar) {
  auto bars = make();
  bars.add({61}, {10}, {1});
  auto done = bars.add({300}, {11}, {1});
  CAF_REQUIRE(done);
  CAF_CHECK_EQUAL(done->open_time.ns, 60);
  CAF_CHECK_EQUAL(bars.open()->open_time.ns, 300);
}

CAF_TEST(an_interval_known_to_be_quiet_has_a_flat_bar) {
  auto bars = make();
  CAF_CHECK(!bars.quiet({0}, {600}));
  bars.add({61}, {10}, {1});
  CAF_REQUIRE(bars.advance({130}));
  CAF_MESSAGE("the interval is not over, or not known as a whole");
  CAF_CHECK(!bars.quiet({0}, {179}));
  CAF_CHECK(!bars.quiet({121}, {239}));
  auto first = bars.quiet({120}, {241});
  CAF_REQUIRE(first);
  CAF_CHECK(*first == (bar{{120}, {180}, {10}, {10}, {10}, {10}, {}}));
  auto second = bars.quiet({120}, {241});
  CAF_REQUIRE(second);
  CAF_CHECK_EQUAL(second->open_time.ns, 180);
  CAF_CHECK(!bars.quiet({120}, {241}));
  CAF_MESSAGE("a trade of a quiet bar that comes late counts in the next");
  bars.add({200}, {12}, {1});
  CAF_CHECK_EQUAL(bars.open()->open_time.ns, 240);
  CAF_CHECK(!bars.quiet({120}, {400}));
  auto done = bars.advance({300});
  CAF_REQUIRE(done);
  CAF_CHECK_EQUAL(done->close.ticks, 12);
  CAF_MESSAGE("what is not known stays a gap");
  auto after_gap = bars.quiet({361}, {480});
  CAF_REQUIRE(after_gap);
  CAF_CHECK_EQUAL(after_gap->open_time.ns, 420);
  CAF_CHECK_EQUAL(after_gap->close.ticks, 12);
}

CAF_TEST(a_late_trade_counts_in_the_open_bar) {
  auto bars = make();
  bars.add({61}, {10}, {1});
  bars.add({120}, {11}, {1});
  CAF_CHECK(!bars.add({119}, {5}, {4}));
  CAF_CHECK_EQUAL(bars.open()->low.ticks, 5);
  CAF_CHECK_EQUAL(bars.open()->volume.lots, 5);
}

CAF_TEST(a_closed_bar_never_comes_twice) {
  auto bars = make();
  bars.add({61}, {10}, {1});
  CAF_REQUIRE(bars.advance({125}));
  CAF_MESSAGE("a trade of the closed bar arrives after it");
  bars.add({119}, {5}, {4});
  CAF_CHECK_EQUAL(bars.open()->open_time.ns, 120);
}

CAF_TEST(bars_equal_a_naive_grouping_of_ordered_trades) {
  test::dice random;
  auto bars = make();
  std::vector<bar> told;
  std::map<int64_t, bar> groups;
  int64_t time = 1;
  for (auto i = 0; i < 20'000; ++i) {
    time += random.chance(2) ? random(0, 500) : random(0, 20);
    auto px = price{random(1, 100)};
    auto qty = quantity{random(0, 9)};
    auto start = time / 60 * 60;
    auto [pos, fresh] = groups.try_emplace(
      start, bar{{start}, {start + 60}, px, px, px, px, {}});
    pos->second.high = std::max(pos->second.high, px);
    pos->second.low = std::min(pos->second.low, px);
    pos->second.close = px;
    pos->second.volume += qty;
    if (auto done = bars.add({time}, px, qty))
      told.push_back(*done);
    if (random.chance(5))
      if (auto done = bars.advance({time}))
        told.push_back(*done);
  }
  if (auto done = bars.advance({time + 60}))
    told.push_back(*done);
  std::vector<bar> expected;
  for (auto& [start, value] : groups)
    expected.push_back(value);
  CAF_CHECK_EQUAL(told.size(), expected.size());
  CAF_CHECK(told == expected);
}
