#define CAF_SUITE ports.trading_gate

#include "actors/ports/trading_gate.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

CAF_TEST(gate_is_closed_until_somebody_turns_it) {
  trading_gate gate;
  CAF_CHECK_EQUAL(gate.read().epoch, 0u);
  CAF_CHECK(gate.read().mode == gate_mode::closed);
}

CAF_TEST(gate_keeps_epoch_and_mode) {
  trading_gate gate;
  for (uint64_t epoch : {1ul, 2ul, 1ul << 40, (1ul << 62) - 1})
    for (auto mode :
         {gate_mode::closed, gate_mode::reduce_only, gate_mode::open}) {
      gate.turn(epoch, mode);
      CAF_CHECK_EQUAL(gate.read().epoch, epoch);
      CAF_CHECK(gate.read().mode == mode);
    }
}

CAF_TEST(closing_keeps_the_epoch) {
  trading_gate gate;
  gate.turn(7, gate_mode::open);
  gate.close();
  CAF_CHECK_EQUAL(gate.read().epoch, 7u);
  CAF_CHECK(gate.read().mode == gate_mode::closed);
}

CAF_TEST(mode_follows_from_the_state) {
  struct row {
    trading_state state;
    bool flatten;
    gate_mode expected;
  };
  for (auto& x : {row{trading_state::starting, false, gate_mode::closed},
                  row{trading_state::reconciled, false, gate_mode::closed},
                  row{trading_state::active, false, gate_mode::open},
                  row{trading_state::reducing, false, gate_mode::reduce_only},
                  row{trading_state::halted, true, gate_mode::reduce_only},
                  row{trading_state::halted, false, gate_mode::closed}})
    CAF_CHECK(mode_for({.state = x.state, .flatten = x.flatten}) == x.expected);
}
