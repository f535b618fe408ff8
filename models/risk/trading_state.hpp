// What the system as a whole may do.

#pragma once

#include "models/market/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace qalpha {

/// States of trading, from the least to the most restricted after start-up.
enum class trading_state : uint8_t {
  /// Recovering; nothing is sent.
  starting,
  /// Equal to the venue; nothing is sent yet.
  reconciled,
  /// All orders within limits.
  active,
  /// Only orders that reduce a position.
  reducing,
  /// Nothing is sent. A flatten passes through here with `flatten` set until
  /// all positions are closed.
  halted,
};

constexpr std::string_view to_string(trading_state x) noexcept {
  switch (x) {
    case trading_state::starting:
      return "starting";
    case trading_state::reconciled:
      return "reconciled";
    case trading_state::active:
      return "active";
    case trading_state::reducing:
      return "reducing";
    case trading_state::halted:
      return "halted";
  }
  return "?";
}

/// Fact: the state changed. GUARDIAN → RISK DESK, EXECUTOR (urgent), JOURNAL,
/// NOTIFIER.
struct state_changed {
  trading_state state = trading_state::starting;
  /// Position of the trading gate that belongs to the state.
  uint64_t gate_epoch = 0;
  /// Close all positions with reduce-only orders.
  bool flatten = false;
  utc_time time;
  /// Who or what asked: "operator", a kill switch, "supervision".
  std::string source;
  std::string reason;
  /// What a person types to loosen the state; empty when none is needed.
  std::string resume_code;

  friend bool operator==(const state_changed&, const state_changed&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, state_changed& x) {
    return f(caf::meta::type_name("state_changed"), x.state, x.gate_epoch,
             x.flatten, x.time, x.source, x.reason, x.resume_code);
  }
};

} // namespace qalpha
