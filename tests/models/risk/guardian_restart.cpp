#define CAF_SUITE risk.guardian_restart

#include "models/risk/guardian.hpp"

#include <caf/test/unit_test.hpp>

#include <memory>
#include <vector>

using namespace qalpha;

namespace {

using state = trading_state;

struct log final : guardian::effects {
  std::vector<state_changed> states;

  void tell(const state_changed& x) override {
    states.push_back(x);
  }
};

// Wants to reduce whenever it sees the account.
struct nervous_switch : kill_switch {
  std::string name() const override {
    return "nervous";
  }

  std::optional<switch_trip> step(const account_state&) override {
    return switch_trip{"nervous", state::reducing, false, "always"};
  }

  std::optional<switch_trip> step(const feed_health&) override {
    return std::nullopt;
  }
};

struct fixture {
  static constexpr utc_time now{1'700'000'000'000'000'000};

  std::optional<guardian> aut;
  log out;

  void restart(state last, bool flatten = false) {
    out.states.clear();
    kill_switches switches;
    switches.push_back(std::make_unique<nervous_switch>());
    aut.emplace(1, std::move(switches));
    aut->restore({.state = last,
                  .gate_epoch = 8,
                  .flatten = flatten,
                  .time = now,
                  .source = "drawdown",
                  .reason = "9 % > 8 %",
                  .resume_code = "1234"},
                 20);
  }

  void reconcile() {
    aut->step(symbol_reconciled{{0}, now, true, {}, {}}, out);
  }

  bool command(operator_verb verb, std::string code = {}) {
    return static_cast<bool>(
      aut->step(operator_command{verb, "", std::move(code)}, now, out));
  }

  state current() const {
    return aut->current().state;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(guardian_restart_tests, fixture)

CAF_TEST(restriction_is_latched_over_a_restart) {
  struct row {
    state last;
    bool flatten;
    state expected;
  };
  for (auto& x : {row{state::starting, false, state::active},
                  row{state::reconciled, false, state::active},
                  row{state::active, false, state::active},
                  row{state::reducing, false, state::reducing},
                  row{state::halted, false, state::halted},
                  row{state::halted, true, state::halted}}) {
    restart(x.last, x.flatten);
    CAF_CHECK(current() == state::starting);
    CAF_CHECK(out.states.empty());
    reconcile();
    CAF_CHECK(current() == x.expected);
    CAF_CHECK_EQUAL(aut->current().flatten, x.flatten);
    for (auto& told : out.states)
      CAF_CHECK(x.expected == state::active || told.state != state::active);
    if (x.expected != state::active) {
      CAF_CHECK_EQUAL(aut->current().source, "drawdown");
      CAF_CHECK_EQUAL(aut->current().reason, "9 % > 8 %");
      CAF_CHECK(!aut->current().resume_code.empty());
    }
  }
}

CAF_TEST(gate_epochs_go_on_beyond_those_of_earlier_lives) {
  restart(state::active);
  reconcile();
  for (auto& x : out.states)
    CAF_CHECK(x.gate_epoch > 20u);
}

CAF_TEST(latched_halt_is_not_loosened_during_the_start) {
  CAF_MESSAGE("by a person who wants less");
  restart(state::halted);
  CAF_CHECK(!command(operator_verb::reduce));
  reconcile();
  CAF_CHECK(current() == state::halted);
  CAF_MESSAGE("by a switch that wants less");
  restart(state::halted, true);
  aut->step(account_state{.time = now, .open_orders = 1}, out);
  reconcile();
  CAF_CHECK(current() == state::halted);
  CAF_CHECK(aut->current().flatten);
}

CAF_TEST(code_of_an_earlier_life_is_worth_nothing_before_the_venue_agrees) {
  restart(state::halted);
  CAF_CHECK(!command(operator_verb::resume, "1234"));
  CAF_CHECK(current() == state::starting);
}

CAF_TEST(node_that_stands_down_latches_nothing_new) {
  restart(state::active);
  reconcile();
  CAF_CHECK(command(operator_verb::stand_down));
  CAF_CHECK(current() == state::starting);
  CAF_MESSAGE("and a restriction survives it");
  restart(state::halted);
  reconcile();
  CAF_CHECK(command(operator_verb::stand_down));
  CAF_CHECK(current() == state::halted);
  CAF_MESSAGE("even if the start was not over");
  restart(state::halted);
  CAF_CHECK(command(operator_verb::stand_down));
  for (auto& x : out.states)
    CAF_CHECK(x.state == state::halted);
}

CAF_TEST(latched_restriction_is_the_first_state_of_the_new_life) {
  restart(state::halted);
  reconcile();
  CAF_REQUIRE_EQUAL(out.states.size(), 1u);
  CAF_CHECK(out.states[0].state == state::halted);
}

CAF_TEST(latch_ends_with_the_code) {
  restart(state::halted);
  reconcile();
  CAF_CHECK(command(operator_verb::resume, aut->current().resume_code));
  reconcile();
  CAF_CHECK(current() == state::active);
}

CAF_TEST(node_that_stands_down_does_not_start_again) {
  restart(state::active);
  reconcile();
  command(operator_verb::stand_down);
  reconcile();
  CAF_CHECK(current() == state::starting);
}

CAF_TEST_FIXTURE_SCOPE_END()
