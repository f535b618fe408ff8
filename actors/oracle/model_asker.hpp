// FORECASTER, REGIME DETECTOR and POLICY: one model each, asked about every
// bar.

#pragma once

#include "actors/past_bars.hpp"
#include "actors/shell.hpp"
#include "models/outlook/question_line.hpp"

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

  /// Bars that the model was not asked about yet.
  question_line waiting;
  /// A tick is under way.
  bool will_look = false;

  /// Bars that were answered, the longest time that one took, and bars that it
  /// was too late for.
  uint64_t bars = 0;
  std::chrono::microseconds slowest{0};
  uint64_t passed_over = 0;

  static inline const char* name = "model_asker";
};

namespace detail {

template <class State>
void pass_over(State& state, const question& late) {
  if (late.around)
    state.machine->step(*late.around, *state.out);
  state.machine->pass_over(late.closed);
  ++state.passed_over;
}

/// Asks about the bar that comes next, unless nobody waits for the answer.
template <class Self>
void answer_next(Self self) {
  auto& state = self->state;
  auto next = state.waiting.take();
  if (!next)
    return;
  auto begin = self->clock().now();
  auto& models = state.node->models;
  if (!models.in_step && begin - next->since > models.answer_within) {
    pass_over(state, *next);
    return;
  }
  if (next->around)
    state.machine->step(*next->around, *state.out);
  state.machine->step(next->closed, *state.out);
  using std::chrono::microseconds;
  auto took
    = std::chrono::duration_cast<microseconds>(self->clock().now() - begin);
  state.machine->took(took);
  state.slowest = std::max(state.slowest, took);
  ++state.bars;
}

/// Looks at the line once all mail that is here now has been read.
template <class Self>
void look_later(Self self) {
  auto& state = self->state;
  if (state.will_look || state.waiting.size() == 0)
    return;
  state.will_look = true;
  self->send(self, atom::tick_v);
}

} // namespace detail

/// Shows a model each closed bar, after those from before its start. It blocks
/// while the model computes, so it is detached: who waits for an answer has a
/// deadline.
///
///   bar_closed ──▶ question_line ──tick──▶ model ──▶ ALLOCATOR
///
/// Mail that came while the model computed is read before it computes again. A
/// model that is slower than the market therefore has at most one bar a symbol
/// before it, answers about the youngest, and is not asked at all about a bar
/// that has waited for longer than an answer may take. Where the market waits
/// for models, each bar is answered at once.
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
  st.waiting = question_line{node->instruments.size()};
  return {
    // -- from FEED ------------------------------------------------------------
    [self](const bar_context_known& fact) {
      ++self->state.handled;
      self->state.waiting.expect(fact);
    },
    [self](const bar_closed& fact) {
      auto& state = self->state;
      ++state.handled;
      if (!state.is_warm(fact.symbol))
        return;
      if (auto older = state.waiting.put(fact, self->clock().now()))
        detail::pass_over(state, *older);
      if (state.node->models.in_step)
        detail::answer_next(self);
      else
        detail::look_later(self);
    },
    [self](const bar_history& past) {
      ++self->state.handled;
      self->state.machine->warm_up(past.symbol, past.bars, past.contexts);
    },
    // -- from itself ----------------------------------------------------------
    [self](atom::tick) {
      self->state.will_look = false;
      detail::answer_next(self);
      detail::look_later(self);
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
      auto text = std::to_string(state.bars) + " bars, slowest "
                  + std::to_string(state.slowest.count()) + " us";
      if (state.passed_over > 0)
        text += ", " + std::to_string(state.passed_over) + " passed over";
      return status_of(self, std::move(text));
    },
  };
}

} // namespace qalpha
