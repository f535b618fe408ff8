#include "actors/strategist/executor.hpp"

namespace qalpha {

namespace {

void recover(executor_pointer self) {
  auto& st = self->state;
  auto& node = *st.node;
  st.machine.emplace(node.instruments[st.symbol.index], node.execution,
                     node.node, node.epoch);
  auto known = node.log->recall(st.symbol);
  std::vector<working_order> orders;
  for (auto& order : known.orders)
    // Whatever it was, nobody watched it meanwhile.
    orders.push_back({.intent = order.intent,
                      .status = order_status::unknown,
                      .filled = order.filled});
  auto held = node.log->recall_account().positions[st.symbol.index].size;
  st.machine->restore(held, known.last_target, known.last_order, orders);
}

void meet(executor_pointer self, const roster_ptr& peers) {
  auto& st = self->state;
  auto new_guardian = st.peers->guardian != peers->guardian;
  st.peers = peers;
  if (!st.started) {
    st.started = true;
    st.machine->start(utc_time{}, *st.out);
  } else if (new_guardian && st.machine->reconciled()) {
    auto held = st.machine->position();
    st.outlet->route(symbol_reconciled{st.symbol, st.now, true, held, held});
  }
}

std::string describe(const executor& machine, const instrument& rules) {
  auto text = "position " + rules.text(machine.position()) + ", target "
              + rules.text(machine.target());
  for (auto& order : machine.orders())
    text += ", order " + std::string{to_string(order.status)};
  if (!machine.reconciled())
    text += ", not reconciled";
  return text;
}

} // namespace

executor_actor::behavior_type run_executor(executor_pointer self,
                                           const node_context* node,
                                           symbol_id symbol) {
  auto& st = self->state;
  st.node = node;
  install_handlers(self, st);
  st.symbol = symbol;
  recover(self);
  st.outlet.emplace(self);
  st.out.emplace(*st.outlet);
  auto take = [self](const auto& fact) {
    ++self->state.handled;
    self->state.machine->step(fact, *self->state.out);
  };
  // Facts of the venue that may be told twice count once: the journal knows.
  auto take_once = [self, take](const auto& fact) {
    if (self->state.node->log->append(fact))
      take(fact);
  };
  return {
    // -- from ALLOCATOR -------------------------------------------------------
    [take](const target_position& command) { take(command); },
    // -- from RISK DESK -------------------------------------------------------
    [take](const permit& right) { take(right); },
    [take](const permit_refused& answer) { take(answer); },
    // -- from FEED ------------------------------------------------------------
    [take](const mark_updated& fact) { take(fact); },
    [take](const quote& fact) { take(fact); },
    [take](const feed_health& fact) { take(fact); },
    // -- from VENUE -----------------------------------------------------------
    [self, take](const order_report& fact) {
      self->state.node->log->append(fact);
      take(fact);
    },
    [take_once](const fill& fact) { take_once(fact); },
    [take_once](const funding_payment& fact) { take_once(fact); },
    [take](const venue_snapshot& fact) { take(fact); },
    // -- from GUARDIAN --------------------------------------------------------
    [self, take](const state_changed& fact) {
      take(fact);
      if (auto& hdl = self->state.peers->guardian)
        self->send<caf::message_priority::high>(
          hdl, state_taken{self->state.symbol, fact.gate_epoch});
    },
    // -- from everybody -------------------------------------------------------
    [self, take](const pulse& fact) {
      self->state.now = fact.time;
      // Time counts once a pulse: when what the bars caused has arrived.
      if (fact.stage < pulse_path.size() - 1)
        take(fact.time);
      relay(self, self->state.symbol, fact);
    },
    [self](const roster_ptr& peers) { meet(self, peers); },
    [self](atom::status) -> caf::result<actor_status> {
      auto& state = self->state;
      return status_of(
        self,
        describe(*state.machine, state.node->instruments[state.symbol.index]));
    },
  };
}

} // namespace qalpha
