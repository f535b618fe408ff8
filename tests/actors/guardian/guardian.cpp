#define CAF_SUITE guardian.guardian

#include "actors/guardian/guardian.hpp"

#include "tests/actors/actor_fixture.hpp"

using namespace qalpha;
using namespace qalpha::test;

namespace {

using state = trading_state;

// Fires at the first account it sees.
struct one_shot : kill_switch {
  std::string name() const override {
    return "one shot";
  }

  std::optional<switch_trip> step(const account_state&) override {
    return switch_trip{"one shot", state::halted, false, "2 > 1"};
  }

  std::optional<switch_trip> step(const feed_health&) override {
    return std::nullopt;
  }
};

struct fixture : actor_fixture {
  guardian_actor aut;

  ~fixture() override {
    bury();
  }

  void start_guardian() {
    aut = start(run_guardian);
    peers.guardian = aut;
    introduce(aut);
  }

  void reconcile() {
    for (uint16_t i = 0; i < 2; ++i)
      tell(aut, symbol_reconciled{{i}, t0, true, {}, {}});
  }

  void activate() {
    start_guardian();
    reconcile();
    acknowledge();
  }

  // Gives a command and leaves what it causes in the mailboxes.
  void command(operator_verb verb) {
    self->send(aut, operator_command{.verb = verb, .reason = "test"});
    sched.prioritize(aut);
    consume_message();
  }

  void acknowledge() {
    for (uint16_t i = 0; i < 2; ++i)
      self->send<caf::message_priority::high>(
        aut, state_taken{{i}, current().gate_epoch});
    consume_messages();
  }

  const state_changed& current() {
    return state_of<guardian_state>(aut).machine->current();
  }

  // Lets time pass; only the one deadline may be pending.
  void pass(timespan d) {
    advance_time(d);
    consume_messages();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(guardian_actor_tests, fixture)

// -- start --------------------------------------------------------------------

CAF_TEST(gate_is_closed_until_all_symbols_equal_the_venue) {
  start_guardian();
  CAF_CHECK(gate.read().mode == gate_mode::closed);
  tell(aut, symbol_reconciled{{0}, t0, true, {}, {}});
  CAF_CHECK(gate.read().mode == gate_mode::closed);
  tell(aut, symbol_reconciled{{1}, t0, true, {}, {}});
  CAF_CHECK(gate.read().mode == gate_mode::open);
  CAF_CHECK_EQUAL(gate.read().epoch, current().gate_epoch);
}

CAF_TEST(gate_epoch_of_a_new_start_is_beyond_the_journal) {
  log.state = {.state = state::active, .gate_epoch = 41};
  start_guardian();
  CAF_CHECK(gate.read().epoch > 41u);
  reconcile();
  CAF_CHECK(current().state == state::active);
  CAF_CHECK(gate.read().mode == gate_mode::open);
}

CAF_TEST(halt_of_an_earlier_run_holds_in_this_one) {
  log.state = {.state = state::halted, .gate_epoch = 41, .source = "drawdown"};
  start_guardian();
  reconcile();
  CAF_CHECK(current().state == state::halted);
  CAF_CHECK_EQUAL(current().source, "drawdown");
  CAF_CHECK(gate.read().mode == gate_mode::closed);
}

CAF_TEST(restarted_guardian_comes_back_halted) {
  activate();
  self->send_exit(caf::actor_cast<caf::actor>(aut), ec::crashed);
  consume_messages();
  CAF_MESSAGE("the gate is closed before anybody is reconciled");
  auto epoch = gate.read().epoch;
  start_guardian();
  CAF_CHECK(gate.read().mode == gate_mode::closed);
  CAF_CHECK(gate.read().epoch > epoch);
  reconcile();
  CAF_CHECK(current().state == state::halted);
  CAF_CHECK_EQUAL(current().source, "supervision");
  CAF_CHECK(gate.read().mode == gate_mode::closed);
  CAF_CHECK(to_desk.last<state_changed>().state == state::halted);
}

CAF_TEST(guardian_that_crashes_while_flattening_goes_on_flattening) {
  activate();
  command(operator_verb::flatten);
  consume_messages();
  self->send_exit(caf::actor_cast<caf::actor>(aut), ec::crashed);
  consume_messages();
  start_guardian();
  reconcile();
  CAF_CHECK(current().state == state::halted);
  CAF_CHECK(current().flatten);
}

// -- preemption ---------------------------------------------------------------

CAF_TEST(gate_turns_before_anybody_is_told) {
  struct row {
    operator_verb verb;
    gate_mode expected;
  };
  activate();
  for (auto& x : {row{operator_verb::reduce, gate_mode::reduce_only},
                  row{operator_verb::flatten, gate_mode::reduce_only},
                  row{operator_verb::halt, gate_mode::closed}}) {
    auto told = to_executors[0]->count<state_changed>();
    auto desk_told = to_desk.count<state_changed>();
    command(x.verb);
    CAF_CHECK(gate.read().mode == x.expected);
    CAF_CHECK_EQUAL(gate.read().epoch, current().gate_epoch);
    CAF_CHECK_EQUAL(to_executors[0]->count<state_changed>(), told);
    CAF_CHECK_EQUAL(to_desk.count<state_changed>(), desk_told);
    consume_messages();
    CAF_CHECK_EQUAL(to_executors[0]->count<state_changed>(), told + 1);
    CAF_CHECK_EQUAL(to_executors[1]->last<state_changed>().gate_epoch,
                    current().gate_epoch);
    CAF_CHECK_EQUAL(to_desk.count<state_changed>(), desk_told + 1);
  }
}

CAF_TEST(halt_is_persisted_before_it_is_explained) {
  activate();
  people.shown.clear();
  command(operator_verb::halt);
  CAF_CHECK_EQUAL(calls.back(), "journal state halted");
  CAF_CHECK(to_notifier.last<state_changed>().state != state::halted);
  consume_messages();
  CAF_CHECK(to_notifier.last<state_changed>().state == state::halted);
}

CAF_TEST(halt_that_cannot_be_journaled_closes_the_gate_all_the_same) {
  activate();
  log.broken = true;
  command(operator_verb::halt);
  CAF_CHECK(gate.read().mode == gate_mode::closed);
  consume_messages();
  CAF_CHECK(to_executors[0]->last<state_changed>().state == state::halted);
  log.broken = false;
  start_guardian();
  reconcile();
  CAF_CHECK(current().state == state::halted);
}

CAF_TEST(restriction_overtakes_what_is_queued) {
  activate();
  for (auto i = 0; i < 5; ++i)
    self->send(peers.executors[0], quote{});
  command(operator_verb::halt);
  expect((state_changed), from(aut).to(peers.executors[0]));
}

// -- acknowledgement ----------------------------------------------------------

CAF_TEST(executor_that_does_not_acknowledge_has_its_orders_cancelled) {
  activate();
  command(operator_verb::halt);
  consume_messages();
  tell(aut, state_taken{{1}, current().gate_epoch});
  pass(context.acknowledge_within - timespan{1});
  CAF_CHECK(venue.cancelled_all.empty());
  pass(timespan{1});
  CAF_REQUIRE_EQUAL(venue.cancelled_all.size(), 1u);
  CAF_CHECK_EQUAL(venue.cancelled_all[0].index, 0u);
}

CAF_TEST(acknowledgement_of_an_older_state_does_not_count) {
  activate();
  acknowledge();
  command(operator_verb::reduce);
  acknowledge();
  command(operator_verb::halt);
  consume_messages();
  pass(context.acknowledge_within);
  CAF_CHECK_EQUAL(venue.cancelled_all.size(), 2u);
}

CAF_TEST(acknowledged_restriction_cancels_nothing_at_the_venue) {
  activate();
  command(operator_verb::halt);
  consume_messages();
  acknowledge();
  pass(context.acknowledge_within);
  CAF_CHECK(venue.cancelled_all.empty());
}

CAF_TEST(loosening_needs_no_acknowledgement) {
  start_guardian();
  reconcile();
  pass(context.acknowledge_within);
  CAF_CHECK(venue.cancelled_all.empty());
}

// -- restarted neighbours -----------------------------------------------------

CAF_TEST(restarted_executor_and_desk_are_told_the_state) {
  activate();
  command(operator_verb::halt);
  consume_messages();
  auto fact = current();
  mail fresh;
  mail fresh_desk;
  auto old = to_executors[0]->count<state_changed>();
  peers.executors[1] = listen<executor_actor>(fresh);
  peers.risk_desk = listen<risk_desk_actor>(fresh_desk);
  introduce(aut);
  CAF_CHECK_EQUAL(fresh.count<state_changed>(), 1u);
  CAF_CHECK(fresh.last<state_changed>() == fact);
  CAF_CHECK(fresh_desk.last<state_changed>() == fact);
  CAF_MESSAGE("who knows it already is not told again");
  CAF_CHECK_EQUAL(to_executors[0]->count<state_changed>(), old);
  bury();
}

CAF_TEST(nobody_is_told_of_a_start_that_is_not_over) {
  start_guardian();
  CAF_CHECK_EQUAL(to_executors[0]->count<state_changed>(), 0u);
  CAF_CHECK_EQUAL(to_desk.count<state_changed>(), 0u);
}

// -- who asks -----------------------------------------------------------------

CAF_TEST(refused_command_is_answered_with_the_reason) {
  activate();
  self->send(aut, operator_command{.verb = operator_verb::resume});
  consume_messages();
  self->receive([](const caf::error& x) { CAF_CHECK(x == ec::refused); });
  self->send(aut, operator_command{.verb = operator_verb::halt});
  consume_messages();
  self->receive([](const std::string& x) { CAF_CHECK(!x.empty()); });
}

CAF_TEST(escalation_halts) {
  activate();
  gate.close();
  tell(aut, escalation{"oracle", "gave up"});
  CAF_CHECK(current().state == state::halted);
  CAF_CHECK_EQUAL(current().reason, "oracle: gave up");
  CAF_CHECK(to_executors[0]->last<state_changed>().state == state::halted);
}

CAF_TEST(switches_are_armed_in_every_life) {
  context.make_switches = [] {
    kill_switches result;
    result.push_back(std::make_unique<one_shot>());
    return result;
  };
  activate();
  tell(aut, account_state{.time = t0 + second});
  CAF_CHECK(current().state == state::halted);
  CAF_CHECK_EQUAL(current().source, "one shot");
  CAF_CHECK_EQUAL(current().time.ns, (t0 + second).ns);
}

CAF_TEST_FIXTURE_SCOPE_END()
