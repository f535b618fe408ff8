#define CAF_SUITE strategist.pulse

#include "actors/guardian/risk_desk.hpp"
#include "actors/oracle/feed.hpp"
#include "actors/strategist/allocator.hpp"
#include "actors/strategist/executor.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <algorithm>

using namespace qalpha;
using namespace qalpha::test;

namespace {

// The real pipeline of two symbols.
struct fixture : actor_fixture {
  std::vector<feed_actor> feeds;
  std::vector<executor_actor> executors;
  risk_desk_actor desk;
  allocator_actor allocator;
  // Orders at the venue and actors with mail at each beat.
  std::vector<size_t> orders_at_beat;
  std::vector<size_t> waiting_at_beat;

  fixture() {
    for (uint16_t i = 0; i < 2; ++i) {
      feeds.push_back(mortal(sys.spawn(run_feed, &context, symbol_id{i})));
      executors.push_back(
        mortal(sys.spawn(run_executor, &context, symbol_id{i})));
    }
    desk = start(run_risk_desk);
    allocator = start(run_allocator);
    peers.feeds = feeds;
    peers.executors = executors;
    peers.risk_desk = desk;
    peers.allocator = allocator;
    gate.turn(1, gate_mode::open);
    for (auto& hdl : mortals)
      if (hdl != peers.guardian)
        self->send(hdl, current_roster());
    consume_messages();
    state_changed active{.state = trading_state::active, .gate_epoch = 1};
    tell(desk, active);
    for (uint16_t i = 0; i < 2; ++i) {
      tell(executors[i], venue_snapshot{{i}, t0, {}, {}});
      tell(executors[i], active);
    }
    heart.look = [this] {
      orders_at_beat.push_back(venue.orders.size());
      waiting_at_beat.push_back(waiting());
    };
  }

  ~fixture() override {
    bury();
  }

  // Actors of the pipeline, besides the one at work, that have mail.
  size_t waiting() {
    auto has_job = [this](const auto& hdl) -> size_t {
      auto* ptr = dynamic_cast<caf::resumable*>(
        caf::actor_cast<caf::abstract_actor*>(hdl));
      return std::count(sched.jobs.begin(), sched.jobs.end(), ptr);
    };
    return has_job(feeds[0]) + has_job(feeds[1]) + has_job(allocator)
           + has_job(desk);
  }

  void send_bar(int64_t minute) {
    for (uint16_t i = 0; i < 2; ++i)
      self->send(feeds[i],
                 bar_closed{{i}, make_bar(t0 + std::chrono::minutes{minute})});
  }

  void send_pulse(uint64_t sequence, int64_t minute) {
    for (auto& hdl : feeds)
      self->send(hdl, pulse{.sequence = sequence,
                            .time = t0 + std::chrono::minutes{minute}});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(pulse_tests, fixture)

CAF_TEST(pulse_comes_out_once_per_symbol) {
  send_pulse(1, 1);
  consume_messages();
  CAF_REQUIRE_EQUAL(heart.beats.size(), 2u);
  CAF_CHECK(heart.beats[0] != heart.beats[1]);
  CAF_CHECK_EQUAL(heart.beats[0].second, 1u);
}

CAF_TEST(nothing_that_a_bar_causes_is_under_way_when_the_pulse_comes_out) {
  wish = exposure{10'000};
  send_bar(1);
  send_pulse(1, 1);
  consume_messages();
  CAF_REQUIRE_EQUAL(heart.beats.size(), 2u);
  CAF_MESSAGE("each symbol's order was at the venue before its pulse");
  CAF_CHECK_EQUAL(venue.orders.size(), 2u);
  CAF_CHECK_EQUAL(orders_at_beat.back(), 2u);
  CAF_CHECK(orders_at_beat.front() >= 1u);
  CAF_CHECK_EQUAL(waiting_at_beat.back(), 0u);
}

CAF_TEST(order_of_one_run_does_not_depend_on_who_runs_first) {
  for (auto last_first : {false, true}) {
    for (auto minute = 1; minute <= 5; ++minute) {
      heart.beats.clear();
      orders_at_beat.clear();
      auto before = venue.orders.size();
      auto at = minute + (last_first ? 5 : 0);
      wish = exposure{at % 2 == 0 ? -10'000 : 10'000};
      send_bar(at);
      send_pulse(static_cast<uint64_t>(at), at);
      if (last_first)
        while (sched.try_run_once_lifo()) {
          // nop
        }
      consume_messages();
      CAF_CHECK_EQUAL(heart.beats.size(), 2u);
      CAF_CHECK_EQUAL(venue.orders.size(), before + 2);
      CAF_CHECK_EQUAL(orders_at_beat.back(), before + 2);
      for (uint16_t i = 0; i < 2; ++i) {
        auto& right = venue.orders[venue.orders.size() - 2 + i].right;
        tell(executors[right.id.symbol.index],
             fill{.id = right.id,
                  .execution = venue.orders.size() * 2 + i,
                  .direction = right.direction,
                  .px = {1'000},
                  .size = right.size,
                  .time = t0 + std::chrono::minutes{at}});
      }
    }
  }
}

CAF_TEST(pulses_of_a_symbol_come_out_in_order) {
  for (uint64_t i = 1; i <= 3; ++i)
    send_pulse(i, static_cast<int64_t>(i));
  consume_messages();
  CAF_REQUIRE_EQUAL(heart.beats.size(), 6u);
  uint64_t last[2] = {0, 0};
  for (auto& [symbol, sequence] : heart.beats) {
    CAF_CHECK_EQUAL(sequence, last[symbol] + 1);
    last[symbol] = sequence;
  }
}

CAF_TEST(pulse_waits_for_all_feeds) {
  self->send(feeds[0], pulse{.sequence = 1, .time = t0});
  consume_messages();
  CAF_CHECK(heart.beats.empty());
  self->send(feeds[1], pulse{.sequence = 1, .time = t0});
  consume_messages();
  CAF_CHECK_EQUAL(heart.beats.size(), 2u);
}

CAF_TEST(feed_that_lags_does_not_stop_the_heart) {
  for (uint64_t i = 1; i <= 3; ++i)
    tell(feeds[0], pulse{.sequence = i, .time = t0});
  for (uint64_t i = 1; i <= 5; ++i) {
    tell(feeds[0], pulse{.sequence = i + 3, .time = t0});
    tell(feeds[1], pulse{.sequence = i, .time = t0});
    CAF_CHECK_EQUAL(heart.beats.size(), 2 * i);
    CAF_CHECK_EQUAL(heart.beats.back().second, i);
  }
}

CAF_TEST(pulse_that_got_lost_in_a_dead_actor_stops_none_that_follows) {
  peers.executors[1] = nullptr;
  tell(allocator, current_roster());
  send_pulse(1, 1);
  consume_messages();
  CAF_CHECK(heart.beats.empty());
  peers.executors[1] = executors[1];
  tell(allocator, current_roster());
  send_pulse(2, 2);
  consume_messages();
  CAF_CHECK_EQUAL(heart.beats.size(), 2u);
  CAF_CHECK_EQUAL(heart.beats.back().second, 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
