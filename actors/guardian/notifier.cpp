#include "actors/guardian/notifier.hpp"

namespace qalpha {

notifier_actor::behavior_type run_notifier(notifier_pointer self,
                                           const node_context* node) {
  auto& st = self->state;
  st.node = node;
  install_handlers(self, st);
  auto show = [self](const auto& fact) {
    ++self->state.handled;
    self->state.node->people->show(fact);
  };
  return {
    [show](const fill& fact) { show(fact); },
    [show](const funding_payment& fact) { show(fact); },
    [show](const decision_outcome& fact) { show(fact); },
    [show](const account_state& fact) { show(fact); },
    [show](const state_changed& fact) { show(fact); },
    [show](const alert& fact) { show(fact); },
    [self](const roster_ptr& peers) { self->state.peers = peers; },
    [self](atom::status) -> caf::result<actor_status> {
      return status_of(self, "telling");
    },
  };
}

} // namespace qalpha
