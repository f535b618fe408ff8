#include "actors/guardian/risk_desk.hpp"

#include "models/market/decimal.hpp"

namespace qalpha {

namespace {

void recover(risk_desk_pointer self) {
  auto& st = self->state;
  auto& node = *st.node;
  st.machine.emplace(node.instruments, node.limits, node.start);
  auto known = node.log->recall_account();
  st.machine->restore(known.positions, known.peak);
  for (auto& rules : node.instruments)
    for (auto& order : node.log->recall(rules.id()).orders) {
      auto& right = order.intent.right;
      st.machine->restore(right.id, right.direction, right.size - order.filled,
                          order.status == order_status::unknown);
    }
}

} // namespace

risk_desk_actor::behavior_type run_risk_desk(risk_desk_pointer self,
                                             const node_context* node) {
  auto& st = self->state;
  st.node = node;
  install_handlers(self, st);
  recover(self);
  st.outlet.emplace(self);
  st.out.emplace(*st.outlet);
  auto take = [self](const auto& fact) {
    ++self->state.handled;
    self->state.machine->step(fact, *self->state.out);
  };
  return {
    // -- from EXECUTOR --------------------------------------------------------
    [take](const permit_request& query) { take(query); },
    [take](const order_settled& fact) { take(fact); },
    [take](const fill& fact) { take(fact); },
    [take](const funding_payment& fact) { take(fact); },
    // -- from FEED ------------------------------------------------------------
    [take](const mark_updated& fact) { take(fact); },
    [take](const feed_health& fact) { take(fact); },
    // -- from ALLOCATOR -------------------------------------------------------
    [take](const account_query& query) { take(query); },
    // -- from GUARDIAN --------------------------------------------------------
    [take](const state_changed& fact) { take(fact); },
    // -- from the runtime -----------------------------------------------------
    [self](atom::report) -> caf::result<account_report_ptr> {
      auto& machine = *self->state.machine;
      machine.curve().finish();
      return std::make_shared<const account_report>(account_report{
        machine.account(machine.curve().last_time()), machine.curve()});
    },
    // -- from everybody -------------------------------------------------------
    [self, take](const pulse& fact) {
      if (pulse_path[fact.stage - 1] == role::allocator)
        take(fact.time);
      relay(self, symbol_id{}, fact);
    },
    [self](const roster_ptr& peers) { self->state.peers = peers; },
    [self](atom::status) -> caf::result<actor_status> {
      auto now = self->state.machine->account({});
      return status_of(self, "equity " + format_fixed_e8(now.equity.e8, 2)
                               + ", " + std::to_string(now.open_orders)
                               + " open orders");
    },
  };
}

} // namespace qalpha
