// What the tests of the executor actor share. Include last.

#pragma once

#include "actors/strategist/executor.hpp"

#include "tests/actors/actor_fixture.hpp"

namespace qalpha::test {

/// An executor of symbol 0 among listeners.
struct executor_actor_fixture : actor_fixture {
  executor_actor aut;
  uint64_t gate_epoch = 0;
  uint64_t decisions = 0;

  ~executor_actor_fixture() override {
    bury();
  }

  void start_executor() {
    aut = start(run_executor, symbol_id{0});
    peers.executors[0] = aut;
    introduce(aut);
  }

  state_changed state(trading_state x, bool flatten = false) {
    return {
      .state = x, .gate_epoch = gate_epoch, .flatten = flatten, .time = t0};
  }

  void enter(trading_state x, bool flatten = false) {
    ++gate_epoch;
    auto fact = state(x, flatten);
    gate.turn(gate_epoch, mode_for(fact));
    self->send<caf::message_priority::high>(aut, fact);
    consume_messages();
  }

  /// Reconciled at zero, active, with a mark.
  void activate() {
    tell(aut, venue_snapshot{{0}, t0, {}, {}});
    enter(trading_state::active);
    tell(aut, feed_health{.time = t0, .status = feed_status::live});
    tell(aut, mark_updated{{0}, t0, {1'000}});
    calls.clear();
  }

  target_position target(int64_t lots) {
    return {{{0}, ++decisions}, t0, {lots}, {1'000}};
  }

  permit permit_for(const permit_request& x) {
    return {.id = x.id,
            .decision = x.decision,
            .gate_epoch = gate_epoch,
            .direction = x.direction,
            .size = x.size,
            .low = {980},
            .high = {1'020},
            .reduce_only = x.reduce_only,
            .expires = t0 + 5 * second};
  }

  /// Answers the last question of the executor.
  void grant() {
    tell(aut, permit_for(to_desk.last<permit_request>()));
  }

  fill trade(uint64_t execution, int64_t lots) {
    return {.id = to_desk.last<permit_request>().id,
            .execution = execution,
            .direction = lots < 0 ? side::sell : side::buy,
            .px = {1'000},
            .size = magnitude(quantity{lots}),
            .time = t0};
  }

  const executor& machine() {
    return *state_of<executor_state>(aut).machine;
  }
};

} // namespace qalpha::test
