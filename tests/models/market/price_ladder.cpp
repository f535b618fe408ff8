#define CAF_SUITE price_ladder

#include "models/market/price_ladder.hpp"

#include "tests/models/market/depth_fixture.hpp"
#include "tests/models/random.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <limits>

using namespace qalpha;

namespace {

constexpr auto greatest = std::numeric_limits<int64_t>::max();
constexpr auto window = static_cast<int64_t>(price_ladder::window);

// Applies the same to a book and to a map and compares what both show.
struct pair {
  book levels;
  test::map_book map;

  void set(side which, int64_t px, int64_t qty) {
    levels.set(which, {px}, {qty});
    map.set(which, {px}, {qty});
    auto& expected = which == side::buy ? map.bids : map.asks;
    CAF_REQUIRE_EQUAL(levels.depth(which), expected.size());
    CAF_REQUIRE_EQUAL(levels.at(which, {px}).lots, qty);
    std::array<book_level, 10> top;
    auto count = levels.copy_top(which, top);
    CAF_REQUIRE(std::vector(top.begin(), top.begin() + count)
                == map.top(which, 10));
    auto best = levels.best(which);
    CAF_REQUIRE_EQUAL(best.has_value(), !expected.empty());
    if (best)
      CAF_REQUIRE(*best == top[0]);
  }

  void check_all() const {
    CAF_REQUIRE(test::same_levels(levels, map));
    auto crossed = !map.bids.empty() && !map.asks.empty()
                   && map.bids.rbegin()->first >= map.asks.begin()->first;
    CAF_REQUIRE_EQUAL(levels.crossed(), crossed);
  }

  void clear() {
    levels.clear();
    map = {};
  }
};

// A price that wanders, with levels around it that reach `width` far.
struct wanderer {
  test::dice& random;
  int64_t low;
  int64_t high;
  int64_t middle;

  int64_t price_near(int64_t width) {
    middle = moved(random(-20, 20));
    if (random.chance(1))
      middle = moved(random(-2 * window, 2 * window));
    auto near = random.chance(70);
    return moved(random(near ? -30 : -width, near ? 30 : width));
  }

  // The limits of prices may be those of the type.
  int64_t moved(int64_t step) const {
    if (step > 0)
      return middle > high - step ? high : middle + step;
    return middle < low - step ? low : middle + step;
  }
};

void run(test::dice& random, int64_t low, int64_t high, int64_t width) {
  pair subject;
  wanderer walk{random, low, high, low + (high - low) / 2};
  for (int i = 0; i < 6'000; ++i) {
    auto which = random.chance(50) ? side::buy : side::sell;
    auto& map = which == side::buy ? subject.map.bids : subject.map.asks;
    if (random.chance(30) && !map.empty()) {
      // The touch goes.
      auto best = which == side::buy ? map.rbegin()->first : map.begin()->first;
      subject.set(which, best, 0);
      continue;
    }
    subject.set(which, walk.price_near(width),
                random.chance(20) ? 0 : random(1, 1'000));
    if (random.chance(1))
      subject.check_all();
    if (i % 2'500 == 2'499)
      subject.clear();
  }
  subject.check_all();
}

} // namespace

CAF_TEST(levels_equal_a_map_wherever_the_price_goes) {
  test::dice random;
  CAF_MESSAGE("small books, which have no window");
  run(random, 1, 40, 40);
  CAF_MESSAGE("within a window and beyond its ends");
  run(random, 1'000'000, 1'100'000, window / 2);
  run(random, 1'000'000, 1'100'000, 3 * window);
  CAF_MESSAGE("far apart");
  run(random, 1, greatest, int64_t{1} << 40);
  CAF_MESSAGE("at both limits of prices");
  run(random, 1, 2 * window, window);
  run(random, greatest - 2 * window, greatest, window);
}

CAF_TEST(a_price_far_beyond_comes_and_goes) {
  pair subject;
  for (int64_t i = 0; i < 500; ++i) {
    subject.set(side::buy, 100'000 - i, i + 1);
    subject.set(side::sell, 100'001 + i, i + 1);
  }
  for (auto far : {int64_t{1}, int64_t{90'000}, int64_t{110'000}, greatest}) {
    for (auto which : {side::buy, side::sell}) {
      subject.set(which, far, 7);
      subject.check_all();
      subject.set(which, 99'000, 7);
      subject.set(which, far, 0);
      subject.check_all();
    }
  }
}

CAF_TEST(a_side_that_is_eaten_up_and_refilled_elsewhere_is_right) {
  pair subject;
  for (int64_t i = 0; i < 3'000; ++i)
    subject.set(side::sell, 50'000 + 7 * i, 1);
  for (int64_t i = 0; i < 3'000; ++i)
    subject.set(side::sell, 50'000 + 7 * i, 0);
  CAF_CHECK_EQUAL(subject.levels.depth(side::sell), 0u);
  subject.set(side::sell, 3, 4);
  subject.set(side::sell, 1'000'000, 5);
  subject.check_all();
}

CAF_TEST(copied_levels_stop_at_the_room_or_at_the_depth) {
  book levels;
  std::array<book_level, 3> room;
  CAF_CHECK_EQUAL(levels.copy_top(side::buy, room), 0u);
  for (int64_t i = 1; i <= 200; ++i)
    levels.set(side::buy, {i * 1'000}, {i});
  CAF_CHECK_EQUAL(levels.copy_top(side::buy, room), 3u);
  CAF_CHECK(room[2] == (book_level{{198'000}, {198}}));
  CAF_CHECK_EQUAL(levels.copy_top(side::buy, {}), 0u);
}

CAF_TEST(levels_without_end_do_not_fill_the_memory) {
  price_ladder bids{side::buy};
  auto most = static_cast<int64_t>(price_ladder::longest_list);
  for (int64_t i = 1; i <= most + 1'000; ++i)
    bids.set({i * window}, {i});
  CAF_CHECK(bids.size() <= price_ladder::longest_list + price_ladder::window);
  CAF_CHECK(bids.size() > price_ladder::longest_list / 2);
  CAF_MESSAGE("the best are kept");
  CAF_CHECK(bids.best()
            == (book_level{{(most + 1'000) * window}, {most + 1'000}}));
  CAF_CHECK_EQUAL(bids.at({window}).lots, 0);
}
