#include "actors/strategist/allocator.hpp"

#include <utility>

namespace qalpha {

namespace {

void recover(allocator_pointer self) {
  auto& st = self->state;
  auto& node = *st.node;
  std::vector<symbol_strategy> brains;
  for (auto& rules : node.instruments)
    brains.push_back(node.make_strategy(rules));
  st.machine.emplace(node.instruments, node.sizing, node.feed.bar_interval,
                     std::move(brains), node.models.roles(),
                     node.models.answer_within);
  for (auto& rules : node.instruments) {
    auto known = node.log->recall(rules.id());
    st.machine->restore(rules.id(), known.last_exposure, known.last_decision);
  }
}

/// "3 of 3 symbols warm, 2 answers of models late"
std::string describe(const allocator_state& st) {
  auto result = std::to_string(st.warm_symbols()) + " of "
                + std::to_string(st.warm.size()) + " symbols warm";
  uint64_t late = 0;
  for (auto who :
       {model_role::forecaster, model_role::regimes, model_role::policy})
    late += st.machine->late(who);
  if (late > 0)
    result += ", " + std::to_string(late) + (late == 1 ? " answer" : " answers")
              + " of models late";
  return result;
}

template <class Fact>
void take(allocator_pointer self, const Fact& fact) {
  ++self->state.handled;
  self->state.machine->step(fact, *self->state.out);
}

} // namespace

allocator_actor::behavior_type run_allocator(allocator_pointer self,
                                             const node_context* node) {
  auto& st = self->state;
  st.node = node;
  install_handlers(self, st);
  st.expect_feeds(node->instruments.size());
  recover(self);
  st.outlet.emplace(self);
  st.out.emplace(*st.outlet);
  return {
    // -- from FEED ------------------------------------------------------------
    [self](const bar_context_known& fact) { take(self, fact); },
    [self](const bar_closed& fact) {
      auto& state = self->state;
      ++state.handled;
      if (state.is_warm(fact.symbol))
        state.machine->step(fact, *state.out);
    },
    [self](const bar_history& past) {
      ++self->state.handled;
      auto& machine = *self->state.machine;
      machine.warm_up(past.symbol, past.bars, past.contexts);
    },
    // -- from FORECASTER, REGIME DETECTOR and POLICY --------------------------
    [self](const forecast_made& fact) { take(self, fact); },
    [self](const regime_observed& fact) { take(self, fact); },
    [self](const policy_advised& fact) { take(self, fact); },
    [self](const model_silent& fact) { take(self, fact); },
    // -- from RISK DESK -------------------------------------------------------
    [self](const account_view& answer) { take(self, answer); },
    // -- from everybody -------------------------------------------------------
    [self](const pulse& fact) {
      take(self, fact.time);
      relay(self, symbol_id{}, fact);
    },
    [self](const roster_ptr& peers) {
      self->state.peers = peers;
      ask_for_past(self, *peers);
    },
    [self](atom::status) -> caf::result<actor_status> {
      return status_of(self, describe(self->state));
    },
  };
}

} // namespace qalpha
