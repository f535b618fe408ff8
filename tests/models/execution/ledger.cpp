#define CAF_SUITE ledger

#include "models/execution/ledger.hpp"

#include "tests/models/random.hpp"
#include "tests/models/throws.hpp"

#include <caf/test/unit_test.hpp>

#include <stdexcept>

using namespace qalpha;

namespace {

universe two_instruments() {
  // One lot times one tick is worth 1 and 3 units of 1e-8.
  return {*instrument::make({0}, {"AUSDT", 1, money::scale, {}, {}}),
          *instrument::make({1}, {"BUSDT", 3, money::scale, {}, {}})};
}

fill make_fill(uint16_t symbol, int64_t lots, int64_t px, int64_t fee = 0,
               int64_t time = 1) {
  return {{0, {symbol}, 1, 1},
          1,
          lots > 0 ? side::buy : side::sell,
          {px},
          {lots > 0 ? lots : -lots},
          {fee},
          false,
          {time}};
}

struct fixture {
  universe instruments = two_instruments();
  ledger books{instruments, {1'000'000}};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(ledger_tests, fixture)

CAF_TEST(a_position_is_valued_at_the_mark) {
  books.mark({0}, {100});
  CAF_CHECK(!books.apply(make_fill(0, 10, 102, 5)));
  CAF_CHECK_EQUAL(books.unrealised().e8, -20);
  books.mark({0}, {110});
  CAF_CHECK_EQUAL(books.unrealised().e8, 80);
  CAF_CHECK_EQUAL(books.equity().e8, 1'000'000 + 80 - 5);
  CAF_CHECK_EQUAL(books.cash().e8, 1'000'000 - 5);
  CAF_CHECK_EQUAL(books.gross().e8, 1'100);
}

CAF_TEST(before_the_first_mark_a_fill_marks) {
  books.apply(make_fill(0, 10, 102));
  CAF_CHECK_EQUAL(books.equity().e8, 1'000'000);
  books.mark({0}, {103});
  CAF_CHECK_EQUAL(books.equity().e8, 1'000'010);
}

CAF_TEST(partial_closes_leave_the_rounding_in_the_cost) {
  books.apply(make_fill(0, 2, 100));
  books.apply(make_fill(0, 1, 101));
  CAF_MESSAGE("one of three lots cost 100 1/3");
  CAF_CHECK(!books.apply(make_fill(0, -1, 110)));
  CAF_CHECK_EQUAL(books.realised().e8, 10);
  CAF_CHECK_EQUAL(books.at({0}).cost.e8, 201);
  CAF_CHECK(books.apply(make_fill(0, -2, 110)));
  CAF_CHECK_EQUAL(books.realised().e8, 330 - 301);
  CAF_CHECK_EQUAL(books.at({0}).cost.e8, 0);
  CAF_CHECK_EQUAL(books.unrealised().e8, 0);
}

CAF_TEST(a_round_trip_is_told_once_with_all_its_costs) {
  books.apply(make_fill(1, -4, 100, 2, 10));
  books.apply(make_fill(1, -1, 100, 1, 11));
  books.apply(funding_payment{{1}, {12}, {7}, {}});
  CAF_CHECK(!books.apply(make_fill(1, 2, 90, 1, 13)));
  CAF_CHECK(books.apply(make_fill(1, 3, 90, 1, 14)));
  const auto& trade = books.last_trade();
  CAF_CHECK(trade
            == (closed_trade{{1}, {10}, {14}, {-5}, {5 * 10 * 3 - 5 - 7}}));
}

CAF_TEST(a_flip_ends_one_trade_and_begins_another) {
  books.apply(make_fill(0, 10, 100, 0, 1));
  CAF_CHECK(books.apply(make_fill(0, -15, 120, 30, 2)));
  CAF_MESSAGE("the fee of 30 is shared 20 to 10");
  CAF_CHECK(books.last_trade()
            == (closed_trade{{0}, {1}, {2}, {10}, {200 - 20}}));
  CAF_CHECK_EQUAL(books.at({0}).size.lots, -5);
  CAF_CHECK_EQUAL(books.at({0}).cost.e8, -600);
  CAF_CHECK(books.apply(make_fill(0, 5, 110, 0, 3)));
  CAF_CHECK(books.last_trade()
            == (closed_trade{{0}, {2}, {3}, {-5}, {50 - 10}}));
}

CAF_TEST(late_funding_belongs_to_no_trade) {
  books.apply(make_fill(0, 1, 100));
  books.apply(make_fill(0, -1, 100));
  books.apply(funding_payment{{0}, {12}, {7}, {}});
  CAF_CHECK_EQUAL(books.equity().e8, 999'993);
  books.apply(make_fill(0, 1, 100));
  books.apply(make_fill(0, -1, 100));
  CAF_CHECK_EQUAL(books.last_trade().profit.e8, 0);
}

CAF_TEST(a_restored_ledger_continues) {
  books.apply(make_fill(0, 10, 100, 3));
  books.apply(make_fill(1, -5, 200, 2));
  books.apply(make_fill(1, 2, 190, 1));
  books.apply(funding_payment{{1}, {12}, {7}, {}});
  books.mark({0}, {104});
  ledger next{instruments, {1'000'000}};
  next.restore(books.positions());
  CAF_CHECK(next.positions() == books.positions());
  CAF_CHECK_EQUAL(next.equity().e8, books.equity().e8);
  CAF_CHECK_EQUAL(next.cash().e8, books.cash().e8);
  for (auto both : {&books, &next}) {
    both->mark({1}, {150});
    both->apply(make_fill(0, -10, 105));
  }
  CAF_CHECK_EQUAL(next.equity().e8, books.equity().e8);
  CAF_CHECK_EQUAL(next.last_trade().opened.ns, 0);
}

CAF_TEST(a_restored_position_without_a_mark_is_valued_at_its_entry) {
  auto pos = position{{-4}, {-4 * 3 * 250}, {}, {}, {}, {}};
  books.restore({position{}, pos});
  CAF_CHECK_EQUAL(books.at({1}).mark.ticks, 250);
  CAF_CHECK_EQUAL(books.equity().e8, 1'000'000);
}

CAF_TEST(values_beyond_the_range_throw) {
  books.apply(make_fill(0, 1'000'000'000'000, 1));
  CAF_CHECK(test::throws<std::overflow_error>(
    [&] { books.mark({0}, {1'000'000'000}); }));
}

// Cash moves with every fill, the position is worth its mark: this knows no
// average cost.
CAF_TEST(equity_equals_the_flow_of_cash) {
  test::dice random;
  auto cash = int64_t{1'000'000};
  int64_t lots[] = {0, 0};
  int64_t marks[] = {500, 500};
  int64_t closed_profit = 0;
  books.mark({0}, {500});
  books.mark({1}, {500});
  for (auto i = 0; i < 20'000; ++i) {
    auto symbol = static_cast<uint16_t>(random(0, 1));
    auto unit = instruments[symbol].unit_e8();
    auto px = random(400, 600);
    if (random.chance(50)) {
      // A third of the fills closes exactly.
      auto change = random.chance(33) ? -lots[symbol] : random(-50, 50);
      if (change == 0)
        continue;
      auto fee = random(-3, 9);
      auto ended = books.apply(make_fill(symbol, change, px, fee, i + 1));
      auto before = lots[symbol];
      lots[symbol] += change;
      cash -= change * px * unit + fee;
      auto crosses = before != 0 && (before > 0) != (lots[symbol] > 0);
      CAF_REQUIRE_EQUAL(ended, crosses || (before != 0 && lots[symbol] == 0));
      if (ended)
        closed_profit += books.last_trade().profit.e8;
    } else if (random.chance(80)) {
      marks[symbol] = px;
      books.mark({symbol}, {px});
    } else if (lots[symbol] != 0) {
      auto paid = random(-20, 20);
      cash -= paid;
      books.apply(funding_payment{{symbol}, {i + 1}, {paid}, {}});
    }
    auto equity = cash + lots[0] * marks[0] + lots[1] * marks[1] * 3;
    CAF_REQUIRE_EQUAL(books.equity().e8, equity);
    CAF_REQUIRE_EQUAL((books.cash() + books.unrealised()).e8, equity);
    CAF_REQUIRE_EQUAL(books.at({symbol}).size.lots, lots[symbol]);
    CAF_REQUIRE_EQUAL(books.at({symbol}).cost.e8 == 0, lots[symbol] == 0);
  }
  CAF_MESSAGE("once all is closed, the trades are all that happened");
  for (uint16_t symbol : {0, 1})
    if (lots[symbol] != 0) {
      books.apply(make_fill(symbol, -lots[symbol], marks[symbol]));
      closed_profit += books.last_trade().profit.e8;
    }
  CAF_CHECK_EQUAL(books.equity().e8, 1'000'000 + closed_profit);
  CAF_CHECK_EQUAL(books.unrealised().e8, 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
