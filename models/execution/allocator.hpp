// The machine behind the ALLOCATOR: bars of all symbols in, decisions and
// target positions out.

#pragma once

#include "models/execution/decision.hpp"
#include "models/execution/sizing.hpp"
#include "models/machine/sink.hpp"
#include "models/market/bar.hpp"
#include "models/market/bar_context.hpp"
#include "models/market/instrument.hpp"
#include "models/outlook/disagreement.hpp"
#include "models/outlook/opinions.hpp"
#include "models/outlook/outlook_collector.hpp"
#include "models/strategies/symbol_strategy.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace qalpha {

/// Runs one strategy a symbol and turns its opinions into target positions.
///
///   bar ──features──▶ values ──strategy──▶ exposure ──sizer──▶ worth a trade?
///   ──▶ account_query account_view ──▶ decision, target_position
///
/// A strategy that listens to models has its opinion once they have spoken
/// about the bar, or their time is over. A new opinion that arrives before the
/// answer replaces the question.
class allocator {
public:
  using effects = sink<account_query, decision, target_position, model_late,
                       models_disagree>;

  /// @param asked models that strategies wait for, if they listen
  /// @param patience from the close of a bar until an answer is late
  /// @pre `instruments` outlives the allocator; one strategy per instrument
  allocator(const universe& instruments, sizing_settings sizing,
            timespan bar_interval, std::vector<symbol_strategy> strategies,
            model_roles asked = {}, timespan patience = {});

  /// Continues after a restart: the opinion last acted on and its number.
  void restore(symbol_id symbol, exposure acted_on, uint64_t last_decision);

  /// Shows bars from before the start, oldest first; causes no effect. Bars
  /// that the strategy has seen already are skipped.
  /// @param contexts one for each bar, or none at all
  void warm_up(symbol_id symbol, const std::vector<bar>& past,
               const std::vector<bar_context>& contexts = {});

  /// Takes what is known around the bar that follows.
  void step(const bar_context_known& fact, effects&) {
    auto& slot = slots_[fact.symbol.index];
    slot.around = fact.value;
    slot.around_close = fact.close_time;
  }

  void step(const bar_closed& fact, effects& out) {
    auto& slot = slots_[fact.symbol.index];
    if (fact.value.close_time <= slot.seen)
      return; // Told twice after a restart of the feed.
    if (slot.answers.open())
      conclude(slot, out); // A younger bar: who has not spoken is late.
    slot.seen = fact.value.close_time;
    if (scaled_)
      slot.size.on_bar(fact.value);
    auto wanted = slot.brain.on_bar(
      fact.value,
      slot.around_close == fact.value.close_time ? slot.around : nothing_known);
    if (wanted)
      weigh(slot, fact.value, *wanted, out);
    else if (slot.brain.listens())
      wait_for_models(slot, fact, out);
  }

  // What models say about the last bar; what comes late is dropped.
  void step(const forecast_made& fact, effects& out) {
    hear(fact, out);
  }

  void step(const regime_observed& fact, effects& out) {
    hear(fact, out);
  }

  void step(const policy_advised& fact, effects& out) {
    hear(fact, out);
  }

  void step(const model_silent& fact, effects& out) {
    hear(fact, out);
  }

  /// Tells that `now` was reached: waits no longer for what is late.
  void step(utc_time now, effects& out);

  /// @returns answers of a model that were late, over all symbols.
  uint64_t late(model_role who) const noexcept;

  void step(const account_view& answer, effects& out);

private:
  // A question on its way to the desk.
  struct question {
    decision_id id;
    exposure scaled;
    price reference;
    std::string reason;
  };

  struct slot {
    symbol_id symbol;
    symbol_strategy brain;
    sizer size;
    exposure acted_on;
    uint64_t last_decision = 0;
    utc_time seen;
    // For which bar `around` was told last.
    utc_time around_close;
    std::optional<question> open;
    bar_context around;
    // About the last bar.
    outlook_collector answers;
    bar last;
    // Of forecast and policy.
    disagreement_monitor disagreement;
    bool disagree = false;
  };

  // Inlined into the loop over bars of a backtest.
  void weigh(slot& where, const bar& closed, exposure wanted, effects& out) {
    // Whatever is being asked, this opinion is newer.
    where.open.reset();
    if (!scaled_ && wanted == where.acted_on)
      return;
    consider(where, closed, wanted, out);
  }

  template <class Fact>
  void hear(const Fact& fact, effects& out) {
    auto& where = slots_[fact.symbol.index];
    if (where.answers.take(fact))
      conclude(where, out);
  }

  void wait_for_models(slot& where, const bar_closed& fact, effects& out);
  void conclude(slot& where, effects& out);
  void look_at_delays(const slot& where, effects& out);
  bool all_in_time(model_role who) const;
  static void compare(slot& where, const outlook& said, effects& out);
  void consider(slot& where, const bar& closed, exposure wanted, effects& out);

  const universe* instruments_;
  int64_t allocation_bps_;
  bool scaled_;
  std::vector<slot> slots_;
  // Models that miss their time.
  model_roles late_;
};

} // namespace qalpha
