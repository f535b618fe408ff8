#include "actors/guardian/guardian.hpp"

#include <algorithm>

namespace qalpha {

void guardian_wire::route(const state_changed& fact) {
  auto& node = *self_->state.node;
  node.gate->turn(fact.gate_epoch, mode_for(fact));
  wire{self_}.route(fact);
  if (!self_->state.peers->executors.empty())
    self_->delayed_send<caf::message_priority::high>(
      self_, node.acknowledge_within, atom::deadline_v, fact.gate_epoch);
}

namespace {

void recover(guardian_pointer self) {
  auto& st = self->state;
  auto& node = *st.node;
  st.machine.emplace(node.instruments.size(), node.make_switches());
  auto last = node.log->recall_state();
  auto gate = node.gate->read().epoch;
  if (gate != 0 && last.state != trading_state::halted) {
    // An earlier guardian of this process died: whether it was about to stop
    // everything is not known, so everything stops.
    last.state = trading_state::halted;
    last.flatten = false;
    last.source = "supervision";
    last.reason = "the guardian crashed and was restarted";
  }
  auto beyond = std::max(last.gate_epoch, gate) + 1;
  // Nothing passes until this guardian knows what holds.
  node.gate->turn(beyond, gate_mode::closed);
  st.machine->restore(last, beyond);
}

// Tells the state to those who were restarted; a state is no news to others.
void meet(guardian_pointer self, const roster_ptr& peers) {
  auto& st = self->state;
  auto before = std::move(st.peers);
  st.peers = peers;
  auto& fact = st.machine->current();
  if (fact.state == trading_state::starting)
    return;
  for (size_t i = 0; i < peers->executors.size(); ++i)
    if (peers->executors[i]
        && (i >= before->executors.size()
            || before->executors[i] != peers->executors[i]))
      self->send<caf::message_priority::high>(peers->executors[i], fact);
  if (peers->risk_desk && before->risk_desk != peers->risk_desk)
    self->send<caf::message_priority::high>(peers->risk_desk, fact);
}

void on_deadline(guardian_pointer self, uint64_t gate_epoch) {
  auto& st = self->state;
  if (st.machine->current().gate_epoch != gate_epoch
      || st.node->gate->read().mode == gate_mode::open)
    return;
  for (size_t i = 0; i < st.acknowledged.size(); ++i)
    if (st.acknowledged[i] < gate_epoch)
      st.node->venue->cancel_all({static_cast<uint16_t>(i)});
}

template <class Fact>
void take(guardian_pointer self, const Fact& fact) {
  auto& st = self->state;
  ++st.handled;
  st.now = std::max(st.now, fact.time);
  st.machine->step(fact, *st.out);
}

std::string describe(const state_changed& now, size_t switches) {
  auto text = std::string{to_string(now.state)};
  if (now.flatten)
    text += ", flattening";
  if (!now.resume_code.empty())
    text += " (" + now.source + ": " + now.reason + "), resume with "
            + now.resume_code;
  return text + ", " + std::to_string(switches) + " switches armed";
}

} // namespace

guardian_actor::behavior_type run_guardian(guardian_pointer self,
                                           const node_context* node) {
  auto& st = self->state;
  st.node = node;
  install_handlers(self, st);
  st.acknowledged.resize(node->instruments.size());
  recover(self);
  st.outlet.emplace(self);
  st.out.emplace(*st.outlet);
  return {
    // -- from people ----------------------------------------------------------
    [self](const operator_command& command) -> caf::result<std::string> {
      auto& state = self->state;
      ++state.handled;
      auto done = state.machine->step(command, state.now, *state.out);
      if (!done)
        return caf::error{ec::refused, done.error().text};
      return *done;
    },
    // -- from EXECUTOR --------------------------------------------------------
    [self](const symbol_reconciled& fact) { take(self, fact); },
    [self](const state_taken& fact) {
      auto& known = self->state.acknowledged[fact.symbol.index];
      known = std::max(known, fact.gate_epoch);
    },
    // -- from RISK DESK -------------------------------------------------------
    [self](const account_state& fact) { take(self, fact); },
    // -- from FEED ------------------------------------------------------------
    [self](const feed_health& fact) { take(self, fact); },
    // -- from FORECASTER, REGIME DETECTOR, POLICY and ALLOCATOR ---------------
    [self](const model_health& fact) { take(self, fact); },
    [self](const model_late& fact) { take(self, fact); },
    [self](const models_disagree& fact) { take(self, fact); },
    // -- from SUPERVISOR ------------------------------------------------------
    [self](const escalation& fact) {
      auto& state = self->state;
      ++state.handled;
      state.machine->escalate(fact.component, fact.reason, state.now,
                              *state.out);
    },
    // -- from itself ----------------------------------------------------------
    [self](atom::deadline, uint64_t gate_epoch) {
      on_deadline(self, gate_epoch);
    },
    // -- from everybody -------------------------------------------------------
    [self](const roster_ptr& peers) { meet(self, peers); },
    [self](atom::status) -> caf::result<actor_status> {
      auto& machine = *self->state.machine;
      return status_of(self,
                       describe(machine.current(), machine.armed_switches()));
    },
  };
}

} // namespace qalpha
