#define CAF_SUITE oracle.feed

#include "actors/oracle/feed.hpp"

#include "tests/actors/actor_fixture.hpp"

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct fixture : actor_fixture {
  feed_actor aut;

  ~fixture() override {
    bury();
  }

  void start_feed() {
    aut = start(run_feed, symbol_id{1});
    peers.feeds[1] = aut;
    introduce(aut);
  }

  void close_bar(int64_t minutes = 0) {
    tell(aut, bar_closed{{1}, make_bar(t0 + std::chrono::minutes{minutes})});
  }

  // A book around 1000.
  market_batch book_batch() {
    using kind = market_event_kind;
    return {{1},
            t0,
            {{.time = t0, .sequence = 1, .kind = kind::book_reset},
             {.time = t0, .px = {999}, .qty = {5}, .kind = kind::bid_level},
             {.time = t0, .px = {1'001}, .qty = {5}, .kind = kind::ask_level},
             {.time = t0, .sequence = 1, .kind = kind::book_complete}}};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(feed_actor_tests, fixture)

CAF_TEST(feed_subscribes_when_it_is_introduced) {
  aut = start(run_feed, symbol_id{1});
  CAF_CHECK(venue.subscriptions.empty());
  introduce(aut);
  introduce(aut);
  CAF_REQUIRE_EQUAL(venue.subscriptions.size(), 1u);
  CAF_CHECK_EQUAL(venue.subscriptions[0].index, 1u);
}

CAF_TEST(restarted_feed_subscribes_again) {
  start_feed();
  crash(aut);
  start_feed();
  CAF_CHECK_EQUAL(venue.subscriptions.size(), 2u);
}

CAF_TEST(book_becomes_health_mark_and_quote) {
  start_feed();
  tell(aut, book_batch());
  CAF_CHECK(to_executors[1]->last<feed_health>().status == feed_status::live);
  CAF_CHECK_EQUAL(to_executors[1]->last<mark_updated>().mark.ticks, 1'000);
  CAF_CHECK_EQUAL(to_executors[1]->last<quote>().bid.ticks, 999);
  CAF_CHECK(to_desk.last<feed_health>().status == feed_status::live);
  CAF_CHECK_EQUAL(to_desk.last<mark_updated>().mark.ticks, 1'000);
  CAF_CHECK_EQUAL(to_guardian.count<feed_health>(), 1u);
  CAF_CHECK_EQUAL(to_watchdog.count<feed_health>(), 1u);
  CAF_MESSAGE("the executor of the other symbol hears nothing");
  CAF_CHECK(to_executors[0]->all.empty());
}

CAF_TEST(bar_reaches_the_allocator) {
  start_feed();
  close_bar();
  CAF_REQUIRE_EQUAL(to_allocator.count<bar_closed>(), 1u);
  CAF_CHECK_EQUAL(to_allocator.last<bar_closed>().symbol.index, 1u);
}

CAF_TEST(new_neighbours_hear_the_verdict_again) {
  start_feed();
  tell(aut, book_batch());
  mail fresh;
  peers.risk_desk = listen<risk_desk_actor>(fresh);
  introduce(aut);
  CAF_CHECK(fresh.last<feed_health>().status == feed_status::live);
  bury();
}

CAF_TEST(past_is_kept_for_an_allocator_that_asks) {
  start_feed();
  tell(aut, bar_history{{1}, {make_bar(t0 - std::chrono::minutes{1})}});
  CAF_CHECK_EQUAL(to_allocator.count<bar_closed>(), 0u);
  CAF_CHECK_EQUAL(to_allocator.count<bar_history>(), 1u);
  close_bar();
  self->send(aut, atom::history_v);
  consume_messages();
  bar_history answer;
  self->receive([&](bar_history& x) { answer = std::move(x); });
  CAF_CHECK_EQUAL(answer.symbol.index, 1u);
  CAF_REQUIRE_EQUAL(answer.bars.size(), 2u);
  CAF_CHECK_EQUAL(answer.bars[1].close_time.ns, t0.ns);
}

CAF_TEST(what_is_known_around_a_bar_is_told_before_it_and_kept_with_it) {
  start_feed();
  tell(aut, bar_history{{1}, {make_bar(t0 - std::chrono::minutes{5})}});
  auto begin = t0 - timespan{t0.ns % 60'000'000'000} + std::chrono::minutes{1};
  for (auto i = 0; i <= 130; ++i) {
    auto now = begin + second * i - std::chrono::seconds{5};
    market_batch life{{1}, now, {}};
    life.events.push_back({.time = now,
                           .px = {1'000},
                           .qty = {2},
                           .kind = market_event_kind::trade});
    life.events.push_back(
      {.time = now, .qty = {77}, .kind = market_event_kind::open_interest});
    tell(aut, life);
    tell(aut, pulse{.sequence = static_cast<uint64_t>(i), .time = now});
  }
  CAF_REQUIRE_EQUAL(to_allocator.count<bar_context_known>(),
                    to_allocator.count<bar_closed>());
  auto told = to_allocator.last<bar_context_known>();
  CAF_CHECK(told.close_time
            == to_allocator.last<bar_closed>().value.close_time);
  CAF_REQUIRE(told.value.trades);
  CAF_CHECK_EQUAL(told.value.trades->count, 60);
  CAF_CHECK(told.value.open_interest == maybe<quantity>{quantity{77}});
  self->send(aut, atom::history_v);
  consume_messages();
  bar_history answer;
  self->receive([&](bar_history& x) { answer = std::move(x); });
  CAF_REQUIRE_EQUAL(answer.bars.size(), answer.contexts.size());
  CAF_CHECK(answer.contexts.front() == nothing_known);
  CAF_CHECK(answer.contexts.back() == told.value);
  CAF_CHECK_EQUAL(status_of(aut).state.substr(0, 5), "live,");
  CAF_CHECK(status_of(aut).state.find("open interest 7.7")
            != std::string::npos);
}

CAF_TEST(silence_makes_the_feed_stale_with_a_pulse) {
  start_feed();
  tell(aut, book_batch());
  tell(aut, pulse{.sequence = 1, .time = t0 + 2 * second});
  CAF_CHECK(to_desk.last<feed_health>().status == feed_status::live);
  tell(aut, pulse{.sequence = 2, .time = t0 + 2 * second + timespan{1}});
  CAF_CHECK(to_desk.last<feed_health>().status == feed_status::stale);
  CAF_MESSAGE("and the pulse goes on");
  CAF_CHECK_EQUAL(to_allocator.last<pulse>().sequence, 2u);
  CAF_CHECK_EQUAL(to_allocator.last<pulse>().stage, 1);
}

CAF_TEST(status_tells_the_basis_while_there_is_one) {
  start_feed();
  tell(aut, book_batch());
  tell(aut, pulse{.sequence = 1, .time = t0});
  CAF_CHECK_EQUAL(status_of(aut).state, "live, book exact");
  market_batch other{{1}, t0, {}};
  other.events.push_back(
    {.time = t0, .px = {999}, .kind = market_event_kind::reference_price});
  tell(aut, other);
  CAF_CHECK_EQUAL(status_of(aut).state, "live, book exact, basis +10.01 bp");
  tell(aut, pulse{.sequence = 2, .time = t0 + 3 * second});
  CAF_CHECK_EQUAL(status_of(aut).state, "stale, book exact, dirty for 3000 ms");
}

CAF_TEST(book_that_stays_wrong_is_asked_for_where_somebody_can_be_asked) {
  using kind = market_event_kind;
  auto spoil = [&](utc_time at) {
    market_batch bad{{1}, at, {}};
    bad.events.push_back({.time = at, .px = {0}, .kind = kind::bid_level});
    bad.events.push_back(
      {.time = at, .sequence = 2, .kind = kind::book_complete});
    tell(aut, book_batch());
    tell(aut, bad);
    tell(aut, pulse{.sequence = 1, .time = at + second});
    CAF_CHECK(to_desk.last<feed_health>().status == feed_status::gapped);
  };
  CAF_MESSAGE("a market that was recorded");
  start_feed();
  spoil(t0);
  crash(aut);
  CAF_MESSAGE("one that goes on");
  fake_books books;
  context.books = &books;
  start_feed();
  spoil(t0);
  CAF_REQUIRE_EQUAL(books.wishes.size(), 1u);
  CAF_CHECK_EQUAL(books.wishes[0].index, 1u);
  tell(aut, pulse{.sequence = 2, .time = t0 + 2 * second});
  CAF_CHECK_EQUAL(books.wishes.size(), 1u);
  CAF_CHECK(status_of(aut).incidents == 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
