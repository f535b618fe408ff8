#define CAF_SUITE venues.feed_courier

#include "runtime/venues/feed_courier.hpp"

#include "messages/interfaces.hpp"
#include "runtime/node/actor_config.hpp"
#include "tests/runtime/loopback/guarded.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/test/unit_test.hpp>

#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct step {
  char who = 0;
  std::thread::id where;
};

using steps = guarded<std::vector<step>>;

void note(steps& seen, char who) {
  seen.change([who](auto& x) {
    x.push_back({who, std::this_thread::get_id()});
  });
}

std::string order_of(const std::vector<step>& all) {
  std::string result;
  for (auto& x : all)
    result += x.who;
  return result;
}

/// Notes its name at each message and passes it on.
caf::behavior run_actor(caf::event_based_actor* self, steps* seen, char who,
                        caf::actor next) {
  return {
    [=](atom::tick) {
      note(*seen, who);
      if (next)
        self->send(next, atom::tick_v);
    },
  };
}

struct fixture {
  actor_config config{scheduler_settings{}};
  caf::actor_system system{config};
  feed_courier courier;
  steps seen;

  caf::actor make(char who, const caf::actor& next = nullptr) {
    // Lazily: it begins with its first message, and not on the scheduler.
    return system.spawn<caf::lazy_init>(run_actor, &seen, who, next);
  }

  static void stop(const caf::actor& which) {
    caf::anon_send_exit(which, caf::exit_reason::kill);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(feed_courier_tests, fixture)

CAF_TEST(feeds_run_on_the_thread_that_sends_and_before_those_they_wake) {
  courier.run_feeds(system, 30);
  auto last = make('x');
  auto first_feed = make('a', last);
  auto second_feed = make('b', last);
  courier.send(first_feed, atom::tick_v);
  courier.send(second_feed, atom::tick_v);
  courier.send(first_feed, atom::tick_v);
  CAF_CHECK(seen.copy().empty());
  courier.run();
  CAF_CHECK(seen.wait([](auto& x) { return x.size() == 6; }));
  auto all = seen.copy();
  CAF_CHECK_EQUAL(order_of(all), "aabxxx");
  for (auto& x : all)
    CAF_CHECK_EQUAL(x.where == std::this_thread::get_id(), x.who != 'x');
  for (auto& x : {first_feed, second_feed, last})
    stop(x);
}

CAF_TEST(a_feed_with_much_to_do_lets_others_have_their_turn) {
  courier.run_feeds(system, 2);
  auto first = make('a');
  auto second = make('b');
  for (int i = 0; i < 5; ++i)
    courier.send(first, atom::tick_v);
  courier.send(second, atom::tick_v);
  courier.run();
  auto order = order_of(seen.copy());
  CAF_CHECK_EQUAL(order.size(), 6u);
  CAF_CHECK(order.find('b') < 5);
  stop(first);
  stop(second);
}

CAF_TEST(a_feed_may_be_sent_to_from_elsewhere_meanwhile) {
  courier.run_feeds(system, 30);
  auto feed = make('a');
  constexpr size_t count = 5'000;
  std::thread other{[&] {
    for (size_t i = 0; i < count; ++i)
      caf::anon_send(feed, atom::tick_v);
  }};
  for (size_t i = 0; i < count; ++i) {
    courier.send(feed, atom::tick_v);
    courier.run();
  }
  other.join();
  CAF_CHECK(seen.wait([](auto& x) { return x.size() == 2 * count; }));
  stop(feed);
}

CAF_TEST(a_feed_that_ends_within_its_turn_is_let_go) {
  courier.run_feeds(system, 30);
  auto feed = make('a');
  courier.send(feed, atom::tick_v);
  caf::anon_send_exit(feed, caf::exit_reason::kill);
  courier.send(feed, atom::tick_v);
  courier.run();
  courier.send(feed, atom::tick_v);
  courier.run();
  CAF_CHECK(seen.copy().size() <= 2);
}

CAF_TEST(feeds_that_never_got_their_turn_do_not_keep_the_system) {
  courier.run_feeds(system, 30);
  auto feed = make('a');
  {
    feed_courier other;
    other.run_feeds(system, 30);
    other.send(feed, atom::tick_v);
  }
  CAF_CHECK(seen.copy().empty());
  stop(feed);
}

CAF_TEST(without_leave_feeds_run_where_their_scheduler_has_them) {
  auto feed = make('a');
  courier.send(feed, atom::tick_v);
  CAF_REQUIRE(seen.wait([](auto& x) { return x.size() == 1; }));
  CAF_CHECK(seen.copy().front().where != std::this_thread::get_id());
  stop(feed);
}

CAF_TEST_FIXTURE_SCOPE_END()
