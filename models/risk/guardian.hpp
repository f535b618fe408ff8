// The machine behind the GUARDIAN: one state of trading for the whole node.

#pragma once

#include "models/execution/reconciliation.hpp"
#include "models/machine/fallible.hpp"
#include "models/machine/sink.hpp"
#include "models/risk/account_state.hpp"
#include "models/risk/kill_switch.hpp"
#include "models/risk/trading_state.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// What a person can ask for.
enum class operator_verb : uint8_t {
  /// Stop now: cancel all orders, keep positions.
  halt,
  /// Only reductions from now on.
  reduce,
  /// Close all positions, then halt.
  flatten,
  /// Back to active; needs the code printed with the restriction.
  resume,
  /// The node is about to stop: nothing is sent any more, nothing is latched.
  stand_down,
};

constexpr std::string_view to_string(operator_verb x) noexcept {
  switch (x) {
    case operator_verb::halt:
      return "halt";
    case operator_verb::reduce:
      return "reduce";
    case operator_verb::flatten:
      return "flatten";
    case operator_verb::resume:
      return "resume";
    case operator_verb::stand_down:
      return "stand_down";
  }
  return "?";
}

/// Command of a person. CONTROL ENDPOINT → GUARDIAN.
struct operator_command {
  operator_verb verb = operator_verb::halt;
  /// Why, in the person's words; goes into the journal.
  std::string reason;
  /// For `resume`.
  std::string code;

  friend bool operator==(const operator_command&, const operator_command&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, operator_command& x) {
    return f(caf::meta::type_name("operator_command"), x.verb, x.reason,
             x.code);
  }
};

/// Decides about the state of trading. Tightening is free; loosening takes the
/// code that was printed when the state was tightened, and is refused while a
/// symbol differs from the venue.
///
///   starting ──all symbols reconciled──▶ reconciled ──▶ active
///   active ──reduce──▶ reducing ──halt, flatten, trip──▶ halted
///   halted, reducing ──resume CODE──▶ active
///
/// A restriction of an earlier life is latched: after the start the node is in
/// that state again, not in `active`.
class guardian {
public:
  using effects = sink<state_changed>;

  guardian(size_t symbols, kill_switches switches);

  /// Continues after a restart with the last journaled state. `last_epoch` is a
  /// gate epoch beyond all that were used before.
  void restore(const state_changed& last, uint64_t last_epoch);

  /// @returns what was done, for the person, or why it was refused.
  fallible<std::string> step(const operator_command& command, utc_time now,
                             effects& out);

  void step(const symbol_reconciled& fact, effects& out);

  /// Runs the switches; notices that a flatten is complete.
  void step(const account_state& fact, effects& out);

  void step(const feed_health& fact, effects& out) {
    run_switches(fact, out);
  }

  void step(const model_health& fact, effects& out) {
    run_switches(fact, out);
  }

  void step(const model_late& fact, effects& out) {
    run_switches(fact, out);
  }

  void step(const models_disagree& fact, effects& out) {
    run_switches(fact, out);
  }

  /// Supervision gave up on a component: nothing may be sent any more.
  void escalate(std::string_view component, std::string_view why, utc_time now,
                effects& out);

  const state_changed& current() const noexcept {
    return current_;
  }

  size_t armed_switches() const noexcept {
    return switches_.size();
  }

private:
  void enter(trading_state next, bool flatten, utc_time now, std::string source,
             std::string reason, effects& out);
  void apply(const switch_trip& trip, utc_time now, effects& out);

  template <class Fact>
  void run_switches(const Fact& fact, effects& out) {
    for (auto& watching : switches_)
      if (auto trip = watching->step(fact))
        apply(*trip, fact.time, out);
  }

  // The state that may only be tightened: the latched one during the start.
  const state_changed& binding() const noexcept;
  bool all_reconciled() const;

  kill_switches switches_;
  std::vector<bool> reconciled_;
  state_changed current_;
  // A restriction of an earlier life that holds once all is reconciled.
  state_changed latched_;
  bool stood_down_ = false;
};

} // namespace qalpha
