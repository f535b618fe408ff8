#include "models/risk/guardian.hpp"

#include <algorithm>
#include <utility>

namespace qalpha {

namespace {

// Four digits that a person has to read and type. They prove attention, not
// identity, so they may be derived.
std::string code_for(uint64_t gate_epoch, utc_time time) {
  auto mix = gate_epoch * 0x9E3779B97F4A7C15u
             ^ static_cast<uint64_t>(time.ns) * 0xBF58476D1CE4E5B9u;
  mix ^= mix >> 29;
  auto digits = std::to_string(1000 + mix % 9000);
  return digits;
}

bool is_restriction(trading_state x) noexcept {
  return x == trading_state::reducing || x == trading_state::halted;
}

} // namespace

guardian::guardian(size_t symbols, kill_switches switches)
  : switches_(std::move(switches)), reconciled_(symbols, false) {
  // nop
}

void guardian::restore(const state_changed& last, uint64_t last_epoch) {
  current_ = {};
  current_.gate_epoch = last_epoch;
  if (is_restriction(last.state))
    latched_ = last;
}

fallible<std::string> guardian::step(const operator_command& command,
                                     utc_time now, effects& out) {
  auto reason = command.reason.empty() ? std::string{"no reason given"}
                                       : command.reason;
  switch (command.verb) {
    case operator_verb::halt:
      enter(trading_state::halted, false, now, "operator", reason, out);
      return std::string{"halted: orders are being cancelled, positions stay"};
    case operator_verb::reduce:
      if (binding().state == trading_state::halted)
        return fault{"already halted, which is stricter than reducing"};
      enter(trading_state::reducing, false, now, "operator", reason, out);
      return std::string{"reducing: only orders that reduce a position"};
    case operator_verb::flatten:
      enter(trading_state::halted, true, now, "operator", reason, out);
      return std::string{"flattening: positions are being closed, then halted"};
    case operator_verb::stand_down:
      // A restriction is stricter already, and has to survive the restart.
      stood_down_ = true;
      if (!is_restriction(binding().state))
        enter(trading_state::starting, false, now, "node", reason, out);
      return std::string{"standing down"};
    case operator_verb::resume:
      break;
  }
  if (!is_restriction(current_.state))
    return fault{"nothing to resume: the state is "
                 + std::string{to_string(current_.state)}};
  if (command.code != current_.resume_code)
    return fault{"resume needs the code that was printed with the "
                 + std::string{to_string(current_.state)} + " state"};
  if (!all_reconciled())
    return fault{"a symbol differs from the venue; see inspect"};
  enter(trading_state::active, false, now, "operator", reason, out);
  return std::string{"active"};
}

void guardian::step(const symbol_reconciled& fact, effects& out) {
  reconciled_.at(fact.symbol.index) = fact.equal;
  if (!fact.equal) {
    enter(trading_state::halted, false, fact.time, "reconciliation",
          "position of symbol " + std::to_string(fact.symbol.index) + ": "
            + std::to_string(fact.ours.lots) + " lots here, "
            + std::to_string(fact.theirs.lots) + " at the venue",
          out);
    return;
  }
  if (stood_down_ || current_.state != trading_state::starting
      || !all_reconciled())
    return;
  // At once: a journal that ends between two states must not end loosened.
  if (is_restriction(latched_.state)) {
    enter(latched_.state, latched_.flatten, fact.time, latched_.source,
          latched_.reason, out);
    return;
  }
  enter(trading_state::reconciled, false, fact.time, "reconciliation",
        "all symbols equal the venue", out);
  enter(trading_state::active, false, fact.time, "start",
        "reconciled with the venue", out);
}

void guardian::step(const account_state& fact, effects& out) {
  run_switches(fact, out);
  auto flat = [](const position& x) { return x.size.lots == 0; };
  if (current_.flatten && fact.open_orders == 0
      && std::all_of(fact.positions.begin(), fact.positions.end(), flat))
    enter(trading_state::halted, false, fact.time, current_.source,
          current_.reason + "; all positions closed", out);
}

void guardian::escalate(std::string_view component, std::string_view why,
                        utc_time now, effects& out) {
  enter(trading_state::halted, false, now, "supervision",
        std::string{component} + ": " + std::string{why}, out);
}

void guardian::apply(const switch_trip& trip, utc_time now, effects& out) {
  // A trip never loosens: reducing does not replace halted.
  auto& held = binding();
  if (trip.action < held.state
      || (trip.action == held.state && trip.flatten <= held.flatten))
    return;
  enter(trip.action, trip.flatten, now, trip.name, trip.reason, out);
}

void guardian::enter(trading_state next, bool flatten, utc_time now,
                     std::string source, std::string reason, effects& out) {
  current_.state = next;
  current_.flatten = flatten;
  if (next != trading_state::starting)
    latched_ = {};
  ++current_.gate_epoch;
  current_.time = now;
  current_.source = std::move(source);
  current_.reason = std::move(reason);
  current_.resume_code.clear();
  if (is_restriction(next))
    current_.resume_code = code_for(current_.gate_epoch, now);
  // A copy: listeners may come back before this call ends.
  auto fact = current_;
  out.tell(fact);
}

const state_changed& guardian::binding() const noexcept {
  return current_.state == trading_state::starting ? latched_ : current_;
}

bool guardian::all_reconciled() const {
  return std::find(reconciled_.begin(), reconciled_.end(), false)
         == reconciled_.end();
}

} // namespace qalpha
