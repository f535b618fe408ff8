#define CAF_SUITE supervision.directory

#include "actors/supervision/directory.hpp"

#include "tests/actors/actor_fixture.hpp"

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct fixture : actor_fixture {
  directory book{2};

  ~fixture() override {
    bury();
  }

  template <class Handle>
  void introduce_as(role who, symbol_id symbol, const Handle& hdl) {
    book.introduce(who, symbol, caf::actor_cast<caf::actor>(hdl));
    consume_messages();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(directory_tests, fixture)

CAF_TEST(nobody_hears_of_anybody_before_the_directory_opens) {
  introduce_as(role::guardian, {}, peers.guardian);
  introduce_as(role::executor, {1}, peers.executors[1]);
  CAF_CHECK_EQUAL(to_guardian.count<roster_ptr>(), 0u);
  CAF_CHECK(book.current()->executors.at(1) == peers.executors[1]);
  book.open();
  consume_messages();
  CAF_CHECK_EQUAL(to_guardian.count<roster_ptr>(), 1u);
  CAF_CHECK_EQUAL(to_executors[1]->count<roster_ptr>(), 1u);
}

CAF_TEST(every_role_has_its_place) {
  book.open();
  introduce_as(role::guardian, {}, peers.guardian);
  introduce_as(role::risk_desk, {}, peers.risk_desk);
  introduce_as(role::watchdog, {}, peers.watchdog);
  introduce_as(role::notifier, {}, peers.notifier);
  introduce_as(role::allocator, {}, peers.allocator);
  introduce_as(role::executor, {1}, peers.executors[1]);
  introduce_as(role::feed, {0}, peers.feeds[0]);
  auto now = to_guardian.last<roster_ptr>();
  CAF_REQUIRE(now != nullptr);
  CAF_CHECK(now->guardian == peers.guardian);
  CAF_CHECK(now->risk_desk == peers.risk_desk);
  CAF_CHECK(now->watchdog == peers.watchdog);
  CAF_CHECK(now->notifier == peers.notifier);
  CAF_CHECK(now->allocator == peers.allocator);
  CAF_CHECK(!now->executors.at(0));
  CAF_CHECK(now->executors.at(1) == peers.executors[1]);
  CAF_CHECK(now->feeds.at(0) == peers.feeds[0]);
  CAF_CHECK(!now->feeds.at(1));
  for (auto* inbox : {&to_desk, &to_watchdog, &to_notifier, &to_allocator,
                      to_executors[1].get(), to_feeds[0].get()})
    CAF_CHECK(inbox->last<roster_ptr>() == now);
}

CAF_TEST(roles_without_a_place_are_ignored) {
  book.open();
  introduce_as(role::guardian, {}, peers.guardian);
  introduce_as(role::supervisor, {}, peers.risk_desk);
  CAF_CHECK(!book.current()->risk_desk);
  CAF_CHECK(book.current()->guardian == peers.guardian);
}

CAF_TEST(roster_overtakes_what_is_queued) {
  book.open();
  for (auto i = 0; i < 5; ++i)
    self->send(peers.guardian, symbol_reconciled{});
  book.introduce(role::guardian, {},
                 caf::actor_cast<caf::actor>(peers.guardian));
  consume_messages();
  CAF_REQUIRE_EQUAL(to_guardian.all.size(), 6u);
  CAF_CHECK(to_guardian.all[0].match_elements<roster_ptr>());
}

CAF_TEST_FIXTURE_SCOPE_END()
