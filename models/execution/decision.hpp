// What the allocator decides and how each decision ends.

#pragma once

#include "models/execution/order_id.hpp"
#include "models/market/money.hpp"
#include "models/market/price.hpp"
#include "models/market/quantity.hpp"
#include "models/market/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace qalpha {

/// Signed share of the capital a strategy may use, in basis points: 10'000 is
/// fully long, -10'000 fully short. Sizing may scale it beyond that range.
struct exposure {
  int32_t bps = 0;

  friend constexpr auto operator<=>(const exposure&, const exposure&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, exposure& x) {
    return f(caf::meta::type_name("exposure"), x.bps);
  }
};

/// Query: what may be spent? ALLOCATOR → RISK DESK.
struct account_query {
  decision_id decision;
  utc_time time;

  friend bool operator==(const account_query&, const account_query&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, account_query& x) {
    return f(caf::meta::type_name("account_query"), x.decision, x.time);
  }
};

/// Reply to `account_query`. RISK DESK → ALLOCATOR.
struct account_view {
  decision_id decision;
  utc_time time;
  money equity;

  friend bool operator==(const account_view&, const account_view&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, account_view& x) {
    return f(caf::meta::type_name("account_view"), x.decision, x.time,
             x.equity);
  }
};

/// Fact: a strategy changed its mind, and what follows from it. ALLOCATOR →
/// JOURNAL.
struct decision {
  decision_id id;
  utc_time time;
  exposure wanted;
  /// Signed position that follows from `wanted`, equity and price.
  quantity target;
  /// Price at which the target was computed.
  price reference;
  money equity;
  /// Strategy and the figures it saw, for people.
  std::string reason;

  friend bool operator==(const decision&, const decision&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, decision& x) {
    return f(caf::meta::type_name("decision"), x.id, x.time, x.wanted, x.target,
             x.reference, x.equity, x.reason);
  }
};

/// Command: bring the position to `target`. ALLOCATOR → EXECUTOR.
struct target_position {
  decision_id decision;
  utc_time time;
  quantity target;
  price reference;

  friend bool operator==(const target_position&, const target_position&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, target_position& x) {
    return f(caf::meta::type_name("target_position"), x.decision, x.time,
             x.target, x.reference);
  }
};

/// How a decision ended. Each decision ends exactly once.
enum class decision_result : uint8_t {
  /// An order was sent for it.
  ordered,
  /// A gate refused it.
  refused,
  /// The position was already there.
  unchanged,
  /// A newer decision replaced it before an order was sent.
  superseded,
};

constexpr std::string_view to_string(decision_result x) noexcept {
  switch (x) {
    case decision_result::ordered:
      return "ordered";
    case decision_result::refused:
      return "refused";
    case decision_result::unchanged:
      return "unchanged";
    case decision_result::superseded:
      return "superseded";
  }
  return "?";
}

/// Why an order is not allowed.
enum class risk_gate : uint8_t {
  none,
  /// The system is not trading (starting, halted).
  trading_state,
  /// Only orders that reduce the position are allowed.
  reducing,
  /// The symbol's market data are not live.
  feed,
  /// No mark price to value the order with.
  no_mark,
  /// Size not positive, or zero after rounding down to lots.
  size,
  min_notional,
  max_order_notional,
  /// Limit price too far from the mark.
  price_collar,
  max_position_notional,
  max_gross_leverage,
  order_rate,
  /// An order of this symbol has an unknown fate.
  unknown_order,
  /// Equity is not positive.
  equity,
  /// The order id is taken.
  duplicate,
};

constexpr std::string_view to_string(risk_gate x) noexcept {
  switch (x) {
    case risk_gate::none:
      return "none";
    case risk_gate::trading_state:
      return "trading_state";
    case risk_gate::reducing:
      return "reducing";
    case risk_gate::feed:
      return "feed";
    case risk_gate::no_mark:
      return "no_mark";
    case risk_gate::size:
      return "size";
    case risk_gate::min_notional:
      return "min_notional";
    case risk_gate::max_order_notional:
      return "max_order_notional";
    case risk_gate::price_collar:
      return "price_collar";
    case risk_gate::max_position_notional:
      return "max_position_notional";
    case risk_gate::max_gross_leverage:
      return "max_gross_leverage";
    case risk_gate::order_rate:
      return "order_rate";
    case risk_gate::unknown_order:
      return "unknown_order";
    case risk_gate::equity:
      return "equity";
    case risk_gate::duplicate:
      return "duplicate";
  }
  return "?";
}

/// @returns `true` if the same order may well be allowed a moment later without
///          anybody changing their mind; the decision then waits.
constexpr bool passes_by_itself(risk_gate x) noexcept {
  return x == risk_gate::feed || x == risk_gate::no_mark
         || x == risk_gate::unknown_order || x == risk_gate::order_rate;
}

/// Fact: the one end of a decision. EXECUTOR → JOURNAL, NOTIFIER.
struct decision_outcome {
  decision_id decision;
  utc_time time;
  decision_result result = decision_result::unchanged;
  /// For `refused`: the gate, what it measured and its limit, both in units of
  /// 1e-8 (money, ratios) or plain counts (rates).
  risk_gate gate = risk_gate::none;
  int64_t value = 0;
  int64_t limit = 0;
  /// For `ordered`.
  order_id order;

  friend bool operator==(const decision_outcome&, const decision_outcome&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, decision_outcome& x) {
    return f(caf::meta::type_name("decision_outcome"), x.decision, x.time,
             x.result, x.gate, x.value, x.limit, x.order);
  }
};

} // namespace qalpha
