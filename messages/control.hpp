// Between GUARDIAN, supervision and the actors that trade.

#pragma once

#include "models/market/symbol_id.hpp"
#include "models/market/time.hpp"

#include <cstdint>
#include <string>

namespace qalpha {

/// Fact: the executor has taken note of a state of trading. Urgent, because the
/// guardian acts itself when it stays out. EXECUTOR → GUARDIAN.
struct state_taken {
  symbol_id symbol;
  uint64_t gate_epoch = 0;

  friend bool operator==(const state_taken&, const state_taken&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, state_taken& x) {
    return f(caf::meta::type_name("state_taken"), x.symbol, x.gate_epoch);
  }
};

/// Fact: a component could not be healed. SUPERVISOR → GUARDIAN, urgent.
struct escalation {
  std::string component;
  std::string reason;

  friend bool operator==(const escalation&, const escalation&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, escalation& x) {
    return f(caf::meta::type_name("escalation"), x.component, x.reason);
  }
};

} // namespace qalpha
