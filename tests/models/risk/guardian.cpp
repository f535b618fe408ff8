#define CAF_SUITE risk.guardian

#include "models/risk/guardian.hpp"

#include <caf/test/unit_test.hpp>

#include <array>
#include <memory>
#include <string>
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

// Fires when told to, at the next fact it sees.
struct test_switch : kill_switch {
  explicit test_switch(std::optional<switch_trip>& next) : next_(&next) {
    // nop
  }

  std::string name() const override {
    return "test";
  }

  std::optional<switch_trip> step(const account_state&) override {
    return std::exchange(*next_, std::nullopt);
  }

  std::optional<switch_trip> step(const feed_health&) override {
    return std::exchange(*next_, std::nullopt);
  }

  std::optional<switch_trip>* next_;
};

struct fixture {
  static constexpr utc_time t0{1'700'000'000'000'000'000};

  std::optional<switch_trip> next_trip;
  std::optional<guardian> aut;
  log out;
  utc_time now = t0;

  fixture() {
    use();
  }

  void use() {
    kill_switches switches;
    switches.push_back(std::make_unique<test_switch>(next_trip));
    aut.emplace(2, std::move(switches));
  }

  void reconcile(uint16_t symbol, bool equal = true) {
    aut->step(symbol_reconciled{{symbol}, now, equal, {1}, {equal ? 1 : 2}},
              out);
  }

  void reconcile_all() {
    reconcile(0);
    reconcile(1);
  }

  bool command(operator_verb verb, std::string code = {}) {
    return static_cast<bool>(
      aut->step(operator_command{verb, "why not", std::move(code)}, now, out));
  }

  void trip(state action, bool flatten = false) {
    next_trip = switch_trip{"test", action, flatten, "3 > 2"};
    aut->step(account_state{.time = now, .open_orders = 1}, out);
  }

  void account(uint32_t open_orders, int64_t lots) {
    account_state fact{.time = now, .open_orders = open_orders};
    fact.positions.resize(2);
    fact.positions[1].size = {lots};
    aut->step(fact, out);
  }

  state current() const {
    return aut->current().state;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(guardian_tests, fixture)

// -- start --------------------------------------------------------------------

CAF_TEST(trading_starts_when_all_symbols_equal_the_venue) {
  CAF_CHECK(current() == state::starting);
  reconcile(0);
  reconcile(0);
  CAF_CHECK(out.states.empty());
  reconcile(1);
  CAF_REQUIRE_EQUAL(out.states.size(), 2u);
  CAF_CHECK(out.states[0].state == state::reconciled);
  CAF_CHECK(out.states[1].state == state::active);
  CAF_CHECK(out.states[1].resume_code.empty());
}

CAF_TEST(every_state_has_a_gate_epoch_of_its_own) {
  reconcile_all();
  command(operator_verb::reduce);
  command(operator_verb::halt);
  command(operator_verb::halt);
  command(operator_verb::resume, aut->current().resume_code);
  uint64_t before = 0;
  for (auto& x : out.states) {
    CAF_CHECK(x.gate_epoch > before);
    before = x.gate_epoch;
  }
  CAF_CHECK_EQUAL(out.states.size(), 6u);
}

// -- people -------------------------------------------------------------------

CAF_TEST(halt_reduce_and_flatten_need_no_code) {
  struct row {
    operator_verb verb;
    state expected;
    bool flatten;
  };
  for (auto& x : {row{operator_verb::halt, state::halted, false},
                  row{operator_verb::reduce, state::reducing, false},
                  row{operator_verb::flatten, state::halted, true}}) {
    use();
    reconcile_all();
    CAF_CHECK(command(x.verb));
    auto& fact = out.states.back();
    CAF_CHECK(fact.state == x.expected);
    CAF_CHECK_EQUAL(fact.flatten, x.flatten);
    CAF_CHECK_EQUAL(fact.source, "operator");
    CAF_CHECK_EQUAL(fact.reason, "why not");
    CAF_CHECK_EQUAL(fact.time.ns, now.ns);
    CAF_CHECK_EQUAL(fact.resume_code.size(), 4u);
  }
}

CAF_TEST(resume_needs_the_code_of_the_present_restriction) {
  reconcile_all();
  command(operator_verb::halt);
  auto old = aut->current().resume_code;
  CAF_CHECK(!command(operator_verb::resume));
  CAF_CHECK(!command(operator_verb::resume, "0000"));
  now = now + timespan{1};
  command(operator_verb::halt);
  CAF_CHECK(!command(operator_verb::resume, old));
  CAF_CHECK(current() == state::halted);
  CAF_CHECK(command(operator_verb::resume, aut->current().resume_code));
  CAF_CHECK(current() == state::active);
}

CAF_TEST(resume_of_nothing_is_refused) {
  CAF_CHECK(!command(operator_verb::resume));
  reconcile_all();
  CAF_CHECK(!command(operator_verb::resume));
  CAF_CHECK_EQUAL(out.states.size(), 2u);
}

CAF_TEST(resume_is_refused_while_a_symbol_differs) {
  reconcile_all();
  reconcile(1, false);
  CAF_CHECK(current() == state::halted);
  CAF_CHECK(!command(operator_verb::resume, aut->current().resume_code));
  reconcile(1);
  CAF_CHECK(current() == state::halted);
  CAF_CHECK(command(operator_verb::resume, aut->current().resume_code));
}

CAF_TEST(reduce_does_not_loosen_a_halt) {
  reconcile_all();
  command(operator_verb::halt);
  CAF_CHECK(!command(operator_verb::reduce));
  CAF_CHECK(current() == state::halted);
}

CAF_TEST(restriction_during_the_start_outlives_the_start) {
  for (auto verb : {operator_verb::halt, operator_verb::reduce}) {
    use();
    command(verb);
    auto before = current();
    reconcile_all();
    CAF_CHECK(current() == before);
  }
}

// -- switches -----------------------------------------------------------------

CAF_TEST(trip_tightens_and_never_loosens) {
  struct step {
    state held;
    bool flattening;
    state action;
    bool flatten;
    bool enters;
  };
  for (auto& x : {step{state::active, false, state::reducing, false, true},
                  step{state::active, false, state::halted, false, true},
                  step{state::active, false, state::halted, true, true},
                  step{state::reducing, false, state::reducing, false, false},
                  step{state::reducing, false, state::halted, false, true},
                  step{state::halted, false, state::reducing, false, false},
                  step{state::halted, false, state::halted, false, false},
                  step{state::halted, false, state::halted, true, true},
                  step{state::halted, true, state::halted, false, false},
                  step{state::halted, true, state::reducing, false, false},
                  step{state::halted, true, state::halted, true, false}}) {
    use();
    reconcile_all();
    if (x.held == state::reducing)
      command(operator_verb::reduce);
    if (x.held == state::halted)
      command(x.flattening ? operator_verb::flatten : operator_verb::halt);
    out.states.clear();
    trip(x.action, x.flatten);
    CAF_CHECK_EQUAL(out.states.size(), x.enters ? 1u : 0u);
    CAF_CHECK(current() >= x.held);
    CAF_CHECK(aut->current().flatten || !x.flattening);
    if (x.enters) {
      CAF_CHECK_EQUAL(out.states[0].source, "test");
      CAF_CHECK_EQUAL(out.states[0].reason, "3 > 2");
    }
  }
}

CAF_TEST(switch_sees_the_feeds_too) {
  reconcile_all();
  next_trip = switch_trip{"test", state::reducing, false, "stale"};
  aut->step(feed_health{.time = now, .status = feed_status::stale}, out);
  CAF_CHECK(current() == state::reducing);
}

CAF_TEST(supervision_halts_from_any_state) {
  for (auto i = 0; i < 3; ++i) {
    use();
    if (i > 0)
      reconcile_all();
    if (i > 1)
      command(operator_verb::reduce);
    aut->escalate("oracle", "gave up", now, out);
    CAF_CHECK(current() == state::halted);
    CAF_CHECK_EQUAL(aut->current().source, "supervision");
    CAF_CHECK_EQUAL(aut->current().reason, "oracle: gave up");
  }
}

// -- reconciliation -----------------------------------------------------------

CAF_TEST(difference_with_the_venue_halts_and_says_where) {
  reconcile_all();
  reconcile(1, false);
  CAF_CHECK(current() == state::halted);
  CAF_CHECK_EQUAL(aut->current().source, "reconciliation");
  CAF_CHECK_EQUAL(aut->current().reason,
                  "position of symbol 1: 1 lots here, 2 at the venue");
}

// -- flatten ------------------------------------------------------------------

CAF_TEST(flatten_ends_when_nothing_is_held_and_nothing_is_open) {
  reconcile_all();
  command(operator_verb::flatten);
  account(1, 5);
  account(0, 5);
  account(1, 0);
  CAF_CHECK(aut->current().flatten);
  auto epoch = aut->current().gate_epoch;
  account(0, 0);
  CAF_CHECK(current() == state::halted);
  CAF_CHECK(!aut->current().flatten);
  CAF_CHECK(aut->current().gate_epoch > epoch);
  CAF_CHECK_EQUAL(aut->current().source, "operator");
  CAF_CHECK_EQUAL(aut->current().reason, "why not; all positions closed");
  account(0, 0);
  CAF_CHECK_EQUAL(aut->current().gate_epoch, epoch + 1);
}

CAF_TEST(flat_account_ends_nothing_else) {
  reconcile_all();
  command(operator_verb::halt);
  auto epoch = aut->current().gate_epoch;
  account(0, 0);
  CAF_CHECK_EQUAL(aut->current().gate_epoch, epoch);
}

CAF_TEST_FIXTURE_SCOPE_END()
