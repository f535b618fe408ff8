// FORECASTER, REGIME DETECTOR and POLICY: one model each, asked about every
// bar.

#pragma once

#include "actors/past_bars.hpp"
#include "actors/shell.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

namespace qalpha {

template <class Machine>
struct model_asker_state;

template <class Machine>
using model_asker_pointer
  = model_actor::stateful_pointer<model_asker_state<Machine>>;

template <class Machine>
struct model_asker_state : shell, past_bars {
  model_asker_state() = default;

  std::optional<Machine> machine;
  std::optional<wire<model_asker_pointer<Machine>>> outlet;
  std::optional<
    routed<wire<model_asker_pointer<Machine>>, typename Machine::effects>>
    out;

  /// Bars that were taken, and the longest time that one took.
  uint64_t bars = 0;
  std::chrono::microseconds slowest{0};

  static inline const char* name = "model_asker";
};

/// Shows a model each closed bar, after those from before its start. It blocks
/// while the model computes, so it is detached: who waits for an answer has a
/// deadline.
/// @param make one of the makers of `model_set`
template <class Machine, class Maker>
model_actor::behavior_type run_model_asker(model_asker_pointer<Machine> self,
                                           const node_context* node,
                                           const Maker& make) {
  auto& st = self->state;
  st.node = node;
  install_handlers(self, st);
  st.expect_feeds(node->instruments.size());
  st.machine.emplace(make());
  st.outlet.emplace(self);
  st.out.emplace(*st.outlet);
  return {
    // -- from FEED ------------------------------------------------------------
    [self](const bar_context_known& fact) {
      ++self->state.handled;
      self->state.machine->step(fact, *self->state.out);
    },
    [self](const bar_closed& fact) {
      auto& state = self->state;
      ++state.handled;
      if (!state.is_warm(fact.symbol))
        return;
      auto begin = self->clock().now();
      state.machine->step(fact, *state.out);
      using std::chrono::microseconds;
      auto took
        = std::chrono::duration_cast<microseconds>(self->clock().now() - begin);
      state.machine->took(took);
      state.slowest = std::max(state.slowest, took);
      ++state.bars;
    },
    [self](const bar_history& past) {
      ++self->state.handled;
      self->state.machine->warm_up(past.symbol, past.bars, past.contexts);
    },
    // -- from everybody -------------------------------------------------------
    [self](const pulse& fact) {
      auto& state = self->state;
      ++state.handled;
      auto feeds = state.node->instruments.size();
      if (heard_from_all(state.joins[fact.stage], fact.sequence, feeds)
          && state.peers->allocator)
        self->send(state.peers->allocator, fact);
    },
    [self](const roster_ptr& peers) {
      self->state.peers = peers;
      ask_for_past(self, *peers);
    },
    [self](atom::status) -> caf::result<actor_status> {
      auto& state = self->state;
      return status_of(self, std::to_string(state.bars) + " bars, slowest "
                               + std::to_string(state.slowest.count()) + " us");
    },
  };
}

} // namespace qalpha
