#define CAF_SUITE strategist.executor

#include "tests/actors/strategist/executor_fixture.hpp"

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct fixture : executor_actor_fixture {};

} // namespace

CAF_TEST_FIXTURE_SCOPE(executor_actor_tests, fixture)

// -- start --------------------------------------------------------------------

CAF_TEST(executor_asks_the_venue_once_it_is_introduced) {
  aut = start(run_executor, symbol_id{0});
  CAF_CHECK(venue.comparisons.empty());
  introduce(aut);
  introduce(aut);
  CAF_REQUIRE_EQUAL(venue.comparisons.size(), 1u);
  CAF_CHECK_EQUAL(venue.comparisons[0].symbol.index, 0u);
  tell(aut, venue_snapshot{{0}, t0, {}, {}});
  auto told = to_guardian.of<symbol_reconciled>();
  CAF_REQUIRE_EQUAL(told.size(), 1u);
  CAF_CHECK_EQUAL(told[0].equal, true);
}

CAF_TEST(executor_continues_with_what_the_journal_remembers) {
  log.account.positions[0].size = {4};
  log.symbols[0].last_target = {10};
  log.symbols[0].last_order = 3;
  open_order known{.status = order_status::live, .filled = {4}};
  known.intent.right
    = {.id = {1, {0}, 1, 3}, .size = {10}, .low = {1}, .high = {2'000}};
  known.intent.time = t0;
  log.symbols[0].orders = {known};
  start_executor();
  CAF_CHECK_EQUAL(machine().position().lots, 4);
  CAF_CHECK_EQUAL(machine().target().lots, 10);
  CAF_REQUIRE_EQUAL(machine().orders().size(), 1u);
  CAF_MESSAGE("nobody watched the order meanwhile");
  CAF_CHECK(machine().orders()[0].status == order_status::unknown);
  tell(aut, venue_snapshot{{0}, t0, {4}, {known.intent.right.id}});
  enter(trading_state::active);
  CAF_CHECK_EQUAL(venue.queries.size(), 1u);
  tell(aut,
       order_report{known.intent.right.id, order_event::cancelled, t0, ""});
  tell(aut, feed_health{.time = t0 + second, .status = feed_status::live});
  CAF_CHECK_EQUAL(to_desk.last<permit_request>().id.sequence, 4u);
}

CAF_TEST(new_guardian_hears_that_the_symbol_is_reconciled) {
  start_executor();
  activate();
  mail fresh;
  peers.guardian = listen<guardian_actor>(fresh);
  introduce(aut);
  auto told = fresh.of<symbol_reconciled>();
  CAF_REQUIRE_EQUAL(told.size(), 1u);
  CAF_CHECK_EQUAL(told[0].equal, true);
  bury();
}

CAF_TEST(new_guardian_hears_nothing_good_of_a_symbol_that_is_not) {
  start_executor();
  mail fresh;
  peers.guardian = listen<guardian_actor>(fresh);
  introduce(aut);
  CAF_CHECK_EQUAL(fresh.count<symbol_reconciled>(), 0u);
  bury();
}

// -- orders -------------------------------------------------------------------

CAF_TEST(journal_has_the_order_before_the_venue) {
  start_executor();
  activate();
  tell(aut, target(10));
  grant();
  CAF_REQUIRE_EQUAL(calls.size(), 3u);
  CAF_CHECK_EQUAL(calls[0], "journal order");
  CAF_CHECK_EQUAL(calls[1], "venue order");
  CAF_CHECK_EQUAL(calls[2], "journal outcome");
}

CAF_TEST(order_that_cannot_be_journaled_is_not_sent) {
  start_executor();
  activate();
  tell(aut, target(10));
  self->monitor(aut);
  log.broken = true;
  grant();
  CAF_CHECK(venue.orders.empty());
  self->receive(
    [](const caf::down_msg& x) { CAF_CHECK(x.reason == ec::crashed); });
  CAF_CHECK_EQUAL(incidents.seen.at(0).second, "disk full");
}

CAF_TEST(word_of_the_venue_is_journaled_before_it_is_believed) {
  start_executor();
  activate();
  tell(aut, target(10));
  grant();
  calls.clear();
  tell(aut, order_report{venue.orders.at(0).right.id, order_event::accepted, t0,
                         ""});
  tell(aut, trade(1, 10));
  CAF_REQUIRE_EQUAL(calls.size(), 2u);
  CAF_CHECK_EQUAL(calls[0], "journal report");
  CAF_CHECK_EQUAL(calls[1], "journal fill");
  log.broken = true;
  auto told = to_desk.count<fill>();
  tell(aut, trade(2, 5));
  CAF_CHECK_EQUAL(to_desk.count<fill>(), told);
}

CAF_TEST(fill_told_twice_counts_once) {
  start_executor();
  activate();
  tell(aut, target(10));
  grant();
  tell(aut, trade(1, 4));
  tell(aut, trade(1, 4));
  CAF_CHECK_EQUAL(machine().position().lots, 4);
  CAF_CHECK_EQUAL(to_desk.count<fill>(), 1u);
  CAF_CHECK_EQUAL(to_notifier.count<fill>(), 1u);
}

CAF_TEST(funding_told_twice_counts_once) {
  start_executor();
  activate();
  for (auto i = 0; i < 2; ++i)
    tell(aut, funding_payment{.symbol = {0}, .time = t0, .paid = {5}});
  CAF_CHECK_EQUAL(to_desk.count<funding_payment>(), 1u);
}

CAF_TEST(refusal_of_the_gateway_comes_back_as_a_rejection) {
  start_executor();
  activate();
  tell(aut, target(10));
  gate.turn(gate_epoch + 1, gate_mode::open);
  grant();
  CAF_CHECK(venue.orders.empty());
  CAF_REQUIRE_EQUAL(log.reports.size(), 1u);
  CAF_CHECK(log.reports[0].event == order_event::rejected);
  CAF_CHECK_EQUAL(log.reports[0].reason,
                  "trading gate has moved on since the permit");
  CAF_MESSAGE("and the desk gets its reservation back");
  auto told = to_desk.last<order_settled>();
  CAF_CHECK(told.status == order_status::rejected);
  CAF_CHECK(told.id == log.reports[0].id);
  CAF_CHECK(machine().orders().empty());
}

CAF_TEST(without_a_desk_nothing_is_sent) {
  peers.risk_desk = nullptr;
  start_executor();
  activate();
  tell(aut, target(10));
  CAF_CHECK(venue.orders.empty());
  CAF_CHECK_EQUAL(to_desk.count<permit_request>(), 0u);
}

// -- halt ---------------------------------------------------------------------

CAF_TEST(halt_overtakes_queued_targets) {
  start_executor();
  activate();
  for (auto lots = 1; lots <= 5; ++lots)
    self->send(aut, target(lots));
  ++gate_epoch;
  self->send<caf::message_priority::high>(aut, state(trading_state::halted));
  expect((state_changed),
         from(self).to(aut).with(state(trading_state::halted)));
  expect((state_taken), from(aut).to(peers.guardian));
  for (auto i = 1; i <= 5; ++i)
    expect((target_position), from(self).to(aut));
  consume_messages();
  CAF_CHECK_EQUAL(to_desk.count<permit_request>(), 0u);
  CAF_REQUIRE_EQUAL(log.outcomes.size(), 5u);
  for (auto& x : log.outcomes)
    CAF_CHECK(x.result == decision_result::refused
              && x.gate == risk_gate::trading_state);
}

CAF_TEST(acknowledgement_names_symbol_and_epoch_and_is_urgent) {
  start_executor();
  for (auto i = 0; i < 5; ++i)
    self->send(peers.guardian, feed_health{});
  self->send<caf::message_priority::high>(
    aut, state_changed{.state = trading_state::halted, .gate_epoch = 77});
  expect((state_changed), from(self).to(aut));
  expect((state_taken),
         from(aut).to(peers.guardian).with(state_taken{{0}, 77}));
}

CAF_TEST(orders_are_cancelled_before_the_halt_is_acknowledged) {
  start_executor();
  activate();
  tell(aut, target(10));
  grant();
  ++gate_epoch;
  self->send<caf::message_priority::high>(aut, state(trading_state::halted));
  expect((state_changed), from(self).to(aut));
  CAF_CHECK_EQUAL(venue.cancels.size(), 1u);
}

// -- incidents ----------------------------------------------------------------

CAF_TEST(strange_messages_are_survived_and_counted) {
  start_executor();
  tell(caf::actor_cast<caf::actor>(aut), atom::tick_v);
  self->receive([](const caf::error&) {});
  tell(caf::actor_cast<caf::actor>(aut), caf::error{ec::refused});
  auto now = actor_fixture::status_of(aut);
  CAF_CHECK_EQUAL(now.incidents, 2u);
  CAF_CHECK(now.state.find("not reconciled") != std::string::npos);
  CAF_CHECK_EQUAL(incidents.seen.size(), 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
