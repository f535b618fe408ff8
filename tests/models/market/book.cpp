#define CAF_SUITE book

#include "models/market/book.hpp"

#include "tests/models/random.hpp"

#include <caf/test/unit_test.hpp>

#include <map>

using namespace qalpha;

CAF_TEST(best_levels_come_first) {
  book levels;
  levels.set(side::buy, {99}, {5});
  levels.set(side::buy, {100}, {1});
  levels.set(side::buy, {98}, {7});
  levels.set(side::sell, {103}, {2});
  levels.set(side::sell, {102}, {3});
  CAF_CHECK(levels.best(side::buy) == (book_level{{100}, {1}}));
  CAF_CHECK(levels.best(side::sell) == (book_level{{102}, {3}}));
  auto top = levels.top(side::buy, 2);
  CAF_REQUIRE_EQUAL(top.size(), 2u);
  CAF_CHECK_EQUAL(top[1].px.ticks, 99);
  CAF_CHECK_EQUAL(levels.top(side::sell, 10).size(), 2u);
}

CAF_TEST(zero_removes_a_level) {
  book levels;
  levels.set(side::sell, {102}, {3});
  levels.set(side::sell, {103}, {0});
  levels.set(side::sell, {102}, {0});
  CAF_CHECK_EQUAL(levels.depth(side::sell), 0u);
  CAF_CHECK(!levels.best(side::sell));
}

CAF_TEST(equal_best_prices_are_crossed) {
  book levels;
  levels.set(side::buy, {100}, {1});
  CAF_CHECK(!levels.crossed());
  levels.set(side::sell, {101}, {1});
  CAF_CHECK(!levels.crossed());
  levels.set(side::sell, {100}, {1});
  CAF_CHECK(levels.crossed());
  levels.clear();
  CAF_CHECK(!levels.crossed());
}

CAF_TEST(a_book_is_a_map_from_price_to_quantity) {
  test::dice random;
  book levels;
  std::map<int64_t, int64_t> bids;
  std::map<int64_t, int64_t> asks;
  for (auto i = 0; i < 50'000; ++i) {
    auto which = random.chance(50) ? side::buy : side::sell;
    auto& map = which == side::buy ? bids : asks;
    // Narrow at first, then deeper than the walk from the touch.
    auto px = random(1, i < 10'000 ? 10 : 200);
    auto qty = random.chance(40) ? 0 : random(1, 1'000);
    levels.set(which, {px}, {qty});
    if (qty == 0)
      map.erase(px);
    else
      map[px] = qty;
    auto probe = random(1, 200);
    auto found = map.find(probe);
    CAF_REQUIRE_EQUAL(levels.at(which, {probe}).lots,
                      found == map.end() ? 0 : found->second);
    CAF_REQUIRE_EQUAL(levels.depth(which), map.size());
  }
  std::vector<book_level> expected;
  for (auto [px, qty] : asks)
    expected.push_back({{px}, {qty}});
  CAF_CHECK(levels.top(side::sell, 1'000) == expected);
  expected.clear();
  for (auto i = bids.rbegin(); i != bids.rend(); ++i)
    expected.push_back({{i->first}, {i->second}});
  CAF_CHECK(levels.top(side::buy, 1'000) == expected);
}
