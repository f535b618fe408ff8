#define CAF_SUITE strategist.allocator

#include "actors/strategist/allocator.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <cmath>

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct fixture : actor_fixture {
  allocator_actor aut;
  utc_time now = t0;

  ~fixture() override {
    bury();
  }

  void start_allocator() {
    aut = start(run_allocator);
    peers.allocator = aut;
    introduce(aut);
  }

  void close_bar(uint16_t symbol = 0) {
    now = now + std::chrono::minutes{1};
    tell(aut, bar_closed{{symbol}, make_bar(now)});
  }

  // A feed that answers `atom::history` with these bars.
  feed_actor feed_with(uint16_t symbol, std::vector<bar> bars,
                       std::vector<bar_context> contexts = {}) {
    bar_history past{{symbol}, std::move(bars), std::move(contexts)};
    return caf::actor_cast<feed_actor>(
      mortal(sys.spawn([past](caf::event_based_actor*) -> caf::behavior {
        return {
          [=](atom::history) { return past; },
          [](const roster_ptr&) {},
        };
      })));
  }

  void warm_feeds() {
    for (uint16_t i = 0; i < 2; ++i)
      peers.feeds[i] = feed_with(i, {make_bar(t0)});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(allocator_actor_tests, fixture)

CAF_TEST(no_decision_before_the_feed_has_told_its_past) {
  wish = exposure{10'000};
  start_allocator();
  CAF_CHECK_EQUAL(to_feeds[0]->all.size(), 1u);
  close_bar();
  CAF_CHECK_EQUAL(to_desk.count<account_query>(), 0u);
  peers.feeds[0] = feed_with(0, {make_bar(t0)});
  introduce(aut);
  CAF_CHECK_EQUAL(actor_fixture::status_of(aut).state, "1 of 2 symbols warm");
  CAF_CHECK_EQUAL(to_desk.count<account_query>(), 0u);
  close_bar();
  CAF_CHECK_EQUAL(to_desk.count<account_query>(), 1u);
  close_bar(1);
  CAF_CHECK_EQUAL(to_desk.count<account_query>(), 1u);
}

CAF_TEST(a_restarted_allocator_knows_what_was_known_around_past_bars) {
  bar_context known;
  known.open_interest = quantity{50};
  auto before = t0 - std::chrono::minutes{1};
  peers.feeds[0] = feed_with(0, {make_bar(before), make_bar(t0)}, {{}, known});
  start_allocator();
  CAF_REQUIRE_EQUAL(interests.size(), 2u);
  CAF_CHECK(std::isnan(interests[0]));
  CAF_CHECK_EQUAL(interests[1], 5);
  CAF_MESSAGE("and goes on with what the feed tells");
  known.open_interest = quantity{61};
  tell(aut, bar_context_known{{0}, now + std::chrono::minutes{1}, known});
  close_bar();
  CAF_REQUIRE_EQUAL(interests.size(), 3u);
  CAF_CHECK_EQUAL(interests[2], 6.1);
  close_bar();
  CAF_CHECK(std::isnan(interests.at(3)));
}

CAF_TEST(feed_is_asked_for_its_past_once) {
  start_allocator();
  introduce(aut);
  introduce(aut);
  CAF_CHECK_EQUAL(to_feeds[0]->all.size(), 1u);
  CAF_CHECK(to_feeds[0]->all[0].match_elements<atom::history>());
}

CAF_TEST(feed_that_does_not_answer_is_an_incident_and_no_end) {
  start_allocator();
  advance_time(2 * second);
  consume_messages();
  auto status = actor_fixture::status_of(aut);
  CAF_CHECK_EQUAL(status.incidents, 2u);
  CAF_CHECK_EQUAL(status.state, "0 of 2 symbols warm");
}

CAF_TEST(answer_becomes_a_journaled_decision_and_then_a_target) {
  warm_feeds();
  start_allocator();
  wish = exposure{10'000};
  close_bar();
  auto query = to_desk.last<account_query>();
  calls.clear();
  tell(aut, account_view{query.decision, query.time, {100 * money::scale}});
  CAF_REQUIRE_EQUAL(calls.size(), 1u);
  CAF_CHECK_EQUAL(calls[0], "journal decision");
  auto target = to_executors[0]->last<target_position>();
  CAF_CHECK(target.decision == query.decision);
  CAF_CHECK_EQUAL(target.target.lots, 50);
  CAF_CHECK_EQUAL(to_executors[1]->count<target_position>(), 0u);
}

CAF_TEST(decision_that_cannot_be_journaled_moves_nobody) {
  warm_feeds();
  start_allocator();
  wish = exposure{10'000};
  close_bar();
  log.broken = true;
  auto query = to_desk.last<account_query>();
  tell(aut, account_view{query.decision, query.time, {100 * money::scale}});
  CAF_CHECK_EQUAL(to_executors[0]->count<target_position>(), 0u);
}

CAF_TEST(restart_continues_the_opinions_of_the_journal) {
  log.symbols[0].last_exposure = {10'000};
  log.symbols[0].last_decision = 7;
  warm_feeds();
  start_allocator();
  wish = exposure{10'000};
  close_bar();
  CAF_CHECK_EQUAL(to_desk.count<account_query>(), 0u);
  wish = exposure{-10'000};
  close_bar();
  CAF_CHECK_EQUAL(to_desk.last<account_query>().decision.sequence, 8u);
}

CAF_TEST_FIXTURE_SCOPE_END()
