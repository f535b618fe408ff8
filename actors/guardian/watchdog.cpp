#include "actors/guardian/watchdog.hpp"

#include <algorithm>
#include <chrono>

namespace qalpha {

namespace {

constexpr auto look_every = std::chrono::seconds{1};

template <class Fact>
void take(watchdog_pointer self, const Fact& fact) {
  auto& st = self->state;
  ++st.handled;
  st.now = std::max(st.now, fact.time);
  st.machine->step(fact, *st.out);
}

void look(watchdog_pointer self) {
  auto& st = self->state;
  auto idle
    = std::chrono::duration_cast<timespan>(self->clock().now() - st.last_pulse);
  // A run without pulses (a backtest) has no pipeline to watch.
  if (st.pulses > 0)
    st.machine->step(idle, st.now, *st.out);
  self->delayed_send(self, look_every, atom::tick_v);
}

} // namespace

watchdog_actor::behavior_type run_watchdog(watchdog_pointer self,
                                           const node_context* node) {
  auto& st = self->state;
  st.node = node;
  install_handlers(self, st);
  st.machine.emplace(node->instruments.size(), node->feed.stale_after,
                     node->stalled_after);
  st.outlet.emplace(self);
  st.out.emplace(*st.outlet);
  st.last_pulse = self->clock().now();
  self->delayed_send(self, look_every, atom::tick_v);
  return {
    // -- from FEED ------------------------------------------------------------
    [self](const feed_health& fact) { take(self, fact); },
    // -- from EXECUTOR --------------------------------------------------------
    [self](const order_settled& fact) { take(self, fact); },
    // -- from FORECASTER, REGIME DETECTOR, POLICY and ALLOCATOR ---------------
    [self](const model_health& fact) { take(self, fact); },
    [self](const model_late& fact) { take(self, fact); },
    [self](const models_disagree& fact) { take(self, fact); },
    // -- from SUPERVISOR ------------------------------------------------------
    [self](const child_restarted& fact) {
      auto& state = self->state;
      ++state.handled;
      state.machine->step(fact, state.now, *state.out);
    },
    // -- a pulse came out of the pipeline -------------------------------------
    [self](const pulse& fact) {
      auto& state = self->state;
      ++state.handled;
      ++state.pulses;
      state.now = std::max(state.now, fact.time);
      state.last_pulse = self->clock().now();
      state.machine->pulse_done(fact.time, *state.out);
    },
    // -- from itself ----------------------------------------------------------
    [self](atom::tick) { look(self); },
    // -- from everybody -------------------------------------------------------
    [self](const roster_ptr& peers) { self->state.peers = peers; },
    [self](atom::status) -> caf::result<actor_status> {
      return status_of(self,
                       std::to_string(self->state.pulses) + " pulses seen");
    },
  };
}

} // namespace qalpha
