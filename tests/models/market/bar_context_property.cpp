#define CAF_SUITE bar_context_property

// Random markets with interruptions: what is told around a bar is what a slow
// recomputation finds, and it is told wherever nothing was lost.

#include "models/features/order_flow/level_flow.hpp"
#include "models/market/feed.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <deque>
#include <map>
#include <random>
#include <vector>

using namespace qalpha;

namespace {

using kind = market_event_kind;

constexpr int64_t second = 1'000'000'000;

struct listener final : feed::effects {
  std::map<int64_t, bar_context> by_open;
  bar_context next;

  void tell(const feed_health&) override {
    // nop
  }

  void tell(const mark_updated&) override {
    // nop
  }

  void tell(const quote&) override {
    // nop
  }

  void tell(const bar_context_known& x) override {
    next = x.value;
  }

  void tell(const bar_closed& x) override {
    by_open[x.value.open_time.ns / second] = next;
  }

  void tell(const book_wanted&) override {
    // nop
  }
};

/// What a bar should have.
struct naive_bar {
  trade_sums sums;
  level_flows flow{};
  double depth = 0;
  int64_t changes = 0;
  cost_sums costs;
  bool disturbed = false;
};

class random_market {
public:
  explicit random_market(uint64_t seed) : random_(seed) {
    // nop
  }

  void run(int64_t seconds) {
    for (now_ = 90; now_ < 90 + seconds; ++now_) {
      std::vector<market_event> events;
      // One in each bar at least.
      while (chance(40) || (now_ % 60 == 30 && events.empty()))
        add_trade(events);
      if (lost_ && chance(50))
        add_snapshot(events);
      else if (!lost_)
        for (auto i = 0; i == 0 || chance(70); ++i)
          add_group(events);
      if (now_ > 90 && chance(1))
        interrupt(events);
      events.push_back(event(kind::mark_price, 100, 0));
      machine_.step(market_batch{{7}, {now_ * second}, std::move(events)},
                    out_);
      machine_.step(utc_time{now_ * second}, out_);
      close_until(now_);
      if (lost_)
        disturb();
    }
  }

  void check() {
    size_t whole = 0;
    for (auto& [open, told] : out_.by_open) {
      auto& expected = bars_[open];
      if (told.trades)
        CAF_REQUIRE(*told.trades == expected.sums);
      if (told.flow)
        check_flow(*told.flow, expected);
      if (told.costs)
        CAF_REQUIRE(*told.costs == expected.costs);
      // Where a loss touches the border, both answers are right.
      auto clean = [this](int64_t x) {
        auto found = bars_.find(x);
        return found != bars_.end() && !found->second.disturbed;
      };
      if (expected.disturbed) {
        CAF_REQUIRE(!told.trades);
        CAF_REQUIRE(!told.flow);
        CAF_REQUIRE(!told.costs);
        CAF_REQUIRE(!told.top);
      } else if (clean(open - 60) && clean(open + 60)) {
        CAF_REQUIRE(told.trades);
        CAF_REQUIRE(told.flow);
        CAF_REQUIRE(told.costs);
        CAF_REQUIRE(told.top);
        ++whole;
      }
    }
    CAF_CHECK(whole > 5u);
  }

private:
  static void check_flow(const flow_sums& told, const naive_bar& expected) {
    for (size_t i = 0; i < flow_levels; ++i)
      CAF_REQUIRE_EQUAL(told.lots[i], std::llround(expected.flow[i]));
    CAF_REQUIRE_EQUAL(told.depth, std::llround(expected.depth));
    CAF_REQUIRE_EQUAL(told.changes, expected.changes);
  }

  bool chance(int percent) {
    return static_cast<int>(random_() % 100) < percent;
  }

  market_event event(kind what, int64_t px, int64_t qty) {
    return {.time = {now_ * second}, .px = {px}, .qty = {qty}, .kind = what};
  }

  // The bar at hand ends when something later is seen.
  void close_until(int64_t time) {
    at_hand_ = std::max(at_hand_, time / 60 * 60);
  }

  void disturb() {
    bars_[at_hand_].disturbed = true;
  }

  void add_trade(std::vector<market_event>& to) {
    close_until(now_);
    auto x = event(kind::trade, 90 + static_cast<int64_t>(random_() % 20),
                   1 + static_cast<int64_t>(random_() % 9));
    x.aggressor = chance(50) ? side::buy : side::sell;
    x.merged = static_cast<uint32_t>(random_() % 3);
    auto& sums = bars_[at_hand_].sums;
    sums.tick_lots += x.px.ticks * x.qty.lots;
    sums.count += x.merged + 1;
    if (x.aggressor == side::buy)
      sums.taker_bought += x.qty;
    to.push_back(x);
    if (lost_)
      return;
    played_.push_back({now_, x, twice_middle()});
    bars_[at_hand_].costs.effective += way_of(x)
                                       * (2 * x.px.ticks - twice_middle());
  }

  static int64_t way_of(const market_event& trade) {
    return sign(trade.aggressor) * trade.qty.lots;
  }

  int64_t twice_middle() const {
    return book_.best(side::buy)->px.ticks + book_.best(side::sell)->px.ticks;
  }

  // Trades whose 5 s are over, with the middle that was before now.
  void settle() {
    auto& costs = bars_[at_hand_].costs;
    while (!played_.empty() && played_.front().at + 5 < now_) {
      auto& [at, trade, before] = played_.front();
      costs.realised += way_of(trade) * (2 * trade.px.ticks - twice_middle());
      costs.impact += way_of(trade) * (twice_middle() - before);
      costs.settled += trade.px.ticks * trade.qty.lots;
      played_.pop_front();
    }
  }

  void change(std::vector<market_event>& to, kind what, int64_t px,
              int64_t qty) {
    to.push_back(event(what, px, qty));
    book_.set(what == kind::bid_level ? side::buy : side::sell, {px}, {qty});
  }

  void complete(std::vector<market_event>& to) {
    auto x = event(kind::book_complete, 0, 0);
    x.sequence = ++sequence_;
    to.push_back(x);
    auto top = top_of(book_, 1);
    if (auto flow = flow_.update(top)) {
      auto& at_hand = bars_[at_hand_];
      for (size_t i = 0; i < flow_levels; ++i)
        at_hand.flow[i] += (*flow)[i];
      at_hand.depth += 2 * flow_levels * mean_depth(top, flow_levels);
      ++at_hand.changes;
    }
  }

  void add_snapshot(std::vector<market_event>& to) {
    disturb();
    to.push_back(event(kind::book_reset, 0, 0));
    book_.clear();
    flow_.reset();
    played_.clear();
    for (int64_t i = 0; i < 5; ++i) {
      change(to, kind::bid_level, 99 - i, 5);
      change(to, kind::ask_level, 101 + i, 5);
    }
    complete(to);
    lost_ = false;
  }

  // Never crosses the book, and never empties a side.
  void add_group(std::vector<market_event>& to) {
    settle();
    auto count = 1 + random_() % 3;
    for (uint64_t i = 0; i < count; ++i) {
      auto bid = chance(50);
      auto px = bid ? 95 + static_cast<int64_t>(random_() % 5)
                    : 101 + static_cast<int64_t>(random_() % 5);
      auto qty = static_cast<int64_t>(random_() % 6);
      change(to, bid ? kind::bid_level : kind::ask_level, px,
             px == 95 || px == 105 ? qty + 1 : qty);
    }
    complete(to);
  }

  void interrupt(std::vector<market_event>& to) {
    disturb();
    to.push_back(event(kind::interrupted, 0, 0));
    book_.clear();
    flow_.reset();
    played_.clear();
    lost_ = true;
  }

  struct played {
    int64_t at;
    market_event trade;
    int64_t twice_before;
  };

  std::mt19937_64 random_;
  feed machine_{{7}, {}};
  listener out_;
  book book_;
  order_flow flow_;
  std::deque<played> played_;
  std::map<int64_t, naive_bar> bars_;
  int64_t at_hand_ = 60;
  int64_t now_ = 0;
  uint64_t sequence_ = 0;
  bool lost_ = true;
};

} // namespace

CAF_TEST(what_is_told_around_bars_is_what_a_slow_recomputation_finds) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    random_market market{seed};
    market.run(12'000);
    market.check();
  }
}
