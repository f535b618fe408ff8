#define CAF_SUITE simulation.venue_ledger

#include "models/execution/ledger.hpp"
#include "tests/models/simulation/random_trading.hpp"
#include "tests/models/simulation/venue_fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <map>
#include <set>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr money start{10'000 * money::scale};

// Checks what the venue says against what follows from it.
struct session {
  explicit session(uint64_t seed, bool on_books)
    : settings(random_settings(seed)), trading(seed, on_books) {
    // nop
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      trading.run(venue, out, 1);
      book_new();
    }
  }

  // Lets both sides see the same last price.
  void value_all(bool on_books, int64_t ticks) {
    for (uint16_t i = 0; i < 2; ++i) {
      batch mark{close_of(100'000), i};
      if (on_books)
        venue.step(mark.mark(ticks), out);
      else
        venue.step(make_bar(100'000, ticks, ticks, ticks, ticks, 1, i), out);
      books.mark({i}, {ticks});
    }
    book_new();
  }

  // Books what was told since the last call.
  void book_new() {
    for (; payments < out.payments.size(); ++payments)
      books.apply(out.payments[payments]);
    for (; fills < out.fills.size(); ++fills)
      if (seen.insert(out.fills[fills].execution).second)
        book(out.fills[fills]);
  }

  void book(const fill& fact) {
    books.apply(fact);
    auto& id = fact.id;
    auto& order = trading.orders()[id.sequence - 1];
    positions[id.symbol.index] += sign(fact.direction) * fact.size.lots;
    filled[id.sequence] += fact.size.lots;
    CAF_CHECK(fact.size.lots > 0);
    CAF_CHECK(fact.direction == order.right.direction);
    CAF_CHECK(filled[id.sequence] <= order.right.size.lots);
    CAF_CHECK(fact.px >= order.right.low && fact.px <= order.right.high);
    if (order.kind != order_kind::market)
      CAF_CHECK(sign(fact.direction) * (order.limit.ticks - fact.px.ticks)
                >= 0);
  }

  universe instruments = make_universe(2, money{money::scale});
  venue_settings settings;
  simulated_venue venue{instruments, settings, start};
  recorder out;
  random_trading trading;
  ledger books{instruments, start};
  size_t fills = 0;
  size_t payments = 0;
  std::set<uint64_t> seen;
  std::map<uint32_t, int64_t> filled;
  int64_t positions[2] = {0, 0};
};

void check_session(uint64_t seed, bool on_books) {
  session x{seed, on_books};
  x.run(400);
  x.value_all(on_books, 1'234);
  auto& account = x.venue.account();
  CAF_CHECK(x.seen.size() > 50u);
  CAF_CHECK_EQUAL(account.executions, x.seen.size());
  CAF_CHECK_EQUAL(account.fees.e8, x.books.fees().e8);
  CAF_CHECK_EQUAL(account.funding.e8, x.books.funding().e8);
  for (uint16_t i = 0; i < 2; ++i) {
    CAF_CHECK_EQUAL(account.positions[i].lots, x.positions[i]);
    CAF_CHECK_EQUAL(account.positions[i].lots, x.books.at({i}).size.lots);
  }
  CAF_CHECK_EQUAL(x.venue.equity().e8, x.books.equity().e8);
}

} // namespace

CAF_TEST(cash_flow_equity_equals_average_cost_equity) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    for (auto on_books : {false, true}) {
      CAF_MESSAGE("seed " << seed << (on_books ? " on books" : " on bars"));
      check_session(seed, on_books);
    }
  }
}

CAF_TEST(every_order_is_filled_if_and_only_if_its_fills_say_so) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    for (auto on_books : {false, true}) {
      CAF_MESSAGE("seed " << seed << (on_books ? " on books" : " on bars"));
      session x{seed, on_books};
      x.run(400);
      for (auto& order : x.trading.orders()) {
        auto known = x.venue.find(order.right.id);
        if (known == nullptr)
          continue; // on its way
        auto complete = known->filled == order.right.size;
        CAF_CHECK(known->status != order_status::intent);
        CAF_CHECK_EQUAL(complete && order.right.size.lots > 0,
                        known->status == order_status::filled);
        CAF_CHECK_EQUAL(known->filled.lots, x.filled[order.right.id.sequence]);
      }
    }
  }
}
