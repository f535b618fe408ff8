#define CAF_SUITE book_sync_property

#include "models/market/book_sync.hpp"
#include "tests/models/market/depth_fixture.hpp"
#include "tests/models/random.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <deque>

using namespace qalpha;

namespace {

// A venue that knows its book after each single change.
struct venue {
  test::dice& random;
  bool dense;
  uint64_t id = 100;
  // Of the last update.
  uint64_t last = 100;
  int64_t now_ms = 1'000;
  std::map<uint64_t, test::map_book> states{{100, {}}};

  utc_time time() const {
    return {now_ms * 1'000'000};
  }

  // Makes a few changes and publishes them as one update.
  depth_update advance() {
    now_ms += random(0, 200);
    if (!dense)
      id += static_cast<uint64_t>(random(0, 3));
    depth_update result{time(), id + 1, 0, last, {}, {}};
    for (auto count = dense ? 1 : random(1, 4); count > 0; --count) {
      auto state = states.at(last_known());
      auto which = random.chance(50) ? side::buy : side::sell;
      auto px = price{which == side::buy ? random(80, 99) : random(100, 120)};
      auto qty = quantity{random.chance(40) ? 0 : random(1, 9)};
      state.set(which, px, qty);
      auto& list = which == side::buy ? result.bids : result.asks;
      std::erase_if(list, [&](auto& x) { return x.px == px; });
      list.push_back({px, qty});
      states[++id] = std::move(state);
    }
    last = result.last = id;
    return result;
  }

  uint64_t last_known() const {
    return states.rbegin()->first;
  }

  // The book as of one of the latest changes.
  depth_snapshot snapshot(int64_t back) const {
    auto state = states.rbegin();
    while (back-- > 0 && std::next(state) != states.rend())
      ++state;
    auto changes = [](const std::vector<book_level>& levels) {
      std::vector<level_change> result;
      for (auto& level : levels)
        result.push_back({level.px, level.qty});
      return result;
    };
    return {time(), state->first, changes(state->second.top(side::buy, 100)),
            changes(state->second.top(side::sell, 100))};
  }
};

struct reader_under_test {
  book_sync machine;
  test::depth_reader reader;

  template <class Message>
  void give(const Message& message) {
    std::vector<market_event> events;
    machine.step(message, events);
    reader.read(events);
  }
};

// Passes updates on with loss, repetition and wrong order.
void run(sync_rule rule, test::dice& random) {
  venue truth{random, rule == sync_rule::streamed_snapshot};
  reader_under_test subject{
    book_sync{{.rule = rule, .max_updates = 32, .max_levels = 128}}};
  auto deliver = [&](const depth_update& update) {
    auto applied = subject.machine.statistics().applied;
    subject.give(update);
    if (subject.machine.statistics().applied != applied)
      CAF_REQUIRE(
        test::same_levels(subject.reader.levels, truth.states.at(update.last)));
  };
  std::optional<depth_update> held;
  for (int i = 0; i < 3'000; ++i) {
    auto update = truth.advance();
    auto fate = random(1, 200);
    if (fate == 1)
      continue;
    deliver(update);
    if (fate == 2 || fate == 3)
      deliver(update);
    if (fate == 4) {
      held = update;
    } else if (held && random.chance(30)) {
      deliver(*held);
      held.reset();
    }
    if (fate == 5) {
      auto later = truth.advance();
      deliver(truth.advance());
      deliver(later);
    }
    if (fate == 6) {
      std::vector<market_event> events;
      subject.machine.interrupt(truth.time(), events);
      subject.reader.read(events);
    }
    if (random.chance(subject.machine.needs_snapshot() ? 30 : 1)) {
      auto told = subject.machine.statistics().snapshots;
      auto snapshot = truth.snapshot(
        rule == sync_rule::streamed_snapshot ? 0 : random(0, 20));
      subject.give(snapshot);
      if (subject.machine.statistics().snapshots != told)
        CAF_REQUIRE(test::same_levels(subject.reader.levels,
                                      truth.states.at(truth.last)));
    }
    CAF_REQUIRE(subject.machine.buffered() <= 32);
    if (!subject.machine.in_step())
      CAF_REQUIRE_EQUAL(subject.reader.levels.depth(side::buy), 0u);
  }
  CAF_CHECK_EQUAL(subject.reader.jumps, 0u);
  CAF_CHECK(subject.machine.statistics().snapshots > 3);
  CAF_CHECK(subject.machine.statistics().applied > 500);
  CAF_MESSAGE("a clean stream heals");
  // Shows that the very last update before was lost, if it was.
  deliver(truth.advance());
  for (int i = 0; i < 3 && !subject.machine.in_step(); ++i) {
    deliver(truth.advance());
    subject.give(truth.snapshot(0));
  }
  deliver(truth.advance());
  CAF_CHECK(subject.machine.in_step());
}

} // namespace

CAF_TEST(requested_snapshots_never_make_a_wrong_book) {
  test::dice random;
  for (int i = 0; i < 4; ++i)
    run(sync_rule::requested_snapshot, random);
}

CAF_TEST(streamed_snapshots_never_make_a_wrong_book) {
  test::dice random;
  for (int i = 0; i < 4; ++i)
    run(sync_rule::streamed_snapshot, random);
}
