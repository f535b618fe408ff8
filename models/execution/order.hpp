// Orders, what the venue says about them, and their life.

#pragma once

#include "models/execution/order_id.hpp"
#include "models/market/money.hpp"
#include "models/market/price.hpp"
#include "models/market/quantity.hpp"
#include "models/market/side.hpp"
#include "models/market/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// How an order meets the book.
enum class order_kind : uint8_t {
  /// Takes whatever is there, within the permit's price band.
  market,
  /// Rests at its price; takes what crosses it on arrival.
  limit,
  /// Rests at its price; rejected if it would take.
  post_only,
};

constexpr std::string_view to_string(order_kind x) noexcept {
  switch (x) {
    case order_kind::market:
      return "market";
    case order_kind::limit:
      return "limit";
    case order_kind::post_only:
      return "post_only";
  }
  return "unknown";
}

/// Where an order stands.
enum class order_status : uint8_t {
  /// Written to the journal, not yet known to be at the venue.
  intent,
  /// The venue confirmed it.
  live,
  /// Its fate is not known: a timeout, a lost connection, an answer that says
  /// nothing. Counts at full size until the venue gives evidence.
  unknown,
  /// Completely filled. Final.
  filled,
  /// Ended by a cancel or by expiry. Final.
  cancelled,
  /// Never accepted. Final.
  rejected,
};

constexpr std::string_view to_string(order_status x) noexcept {
  switch (x) {
    case order_status::intent:
      return "intent";
    case order_status::live:
      return "live";
    case order_status::unknown:
      return "unknown";
    case order_status::filled:
      return "filled";
    case order_status::cancelled:
      return "cancelled";
    case order_status::rejected:
      return "rejected";
  }
  return "?";
}

/// @returns `true` if the order can still change the position.
constexpr bool is_open(order_status x) noexcept {
  return x == order_status::intent || x == order_status::live
         || x == order_status::unknown;
}

/// What can happen to an order.
enum class order_event : uint8_t {
  accepted,
  rejected,
  /// Part of the quantity was filled, some remains.
  partly_filled,
  /// The last part of the quantity was filled.
  completed,
  cancelled,
  /// Nobody can say whether the last command was carried out.
  lost,
  /// The venue says, beyond doubt, that it never had this order.
  absent,
};

/// The life of an order:
///
///   intent ──accepted──▶ live ──completed──▶ filled
///     │  │                │ └───cancelled──▶ cancelled
///     │  └──rejected──▶ rejected
///     └──lost──▶ unknown ──(any evidence)──▶ live, filled, cancelled, rejected
///
/// @returns the next status, or `nullopt` if the event is not possible, which
///          means that we or the venue are wrong about the order.
constexpr std::optional<order_status> transition(order_status from,
                                                 order_event event) noexcept {
  using s = order_status;
  using e = order_event;
  switch (event) {
    case e::accepted:
      // A late or repeated acknowledgement of a live order is harmless, and one
      // that follows the final state (fills overtake acknowledgements) too.
      return from == s::intent || from == s::unknown ? s::live : from;
    case e::rejected:
      // Venues confirm and then reject post-only orders that would take.
      if (from == s::intent || from == s::unknown || from == s::live)
        return s::rejected;
      break;
    case e::partly_filled:
      // A fill proves acceptance even if the acknowledgement never came.
      if (is_open(from))
        return s::live;
      // A cancel can lose the race against a fill that is reported late.
      if (from == s::cancelled)
        return s::cancelled;
      break;
    case e::completed:
      if (is_open(from) || from == s::cancelled)
        return s::filled;
      break;
    case e::cancelled:
      if (is_open(from))
        return s::cancelled;
      // The cancel came too late; the fill stands.
      if (from == s::filled || from == s::cancelled)
        return from;
      break;
    case e::lost:
      return is_open(from) ? s::unknown : from;
    case e::absent:
      if (from == s::intent || from == s::unknown)
        return s::rejected;
      break;
  }
  return std::nullopt;
}

/// The right to send one order: nothing reaches a venue without it. RISK DESK →
/// EXECUTOR. Issued for one order id; worthless once the trading gate has moved
/// on to another epoch or `expires` has passed.
struct permit {
  order_id id;
  decision_id decision;
  /// State of the trading gate for which the permit holds.
  uint64_t gate_epoch = 0;
  side direction = side::buy;
  quantity size;
  /// The order may not be filled outside of [low, high].
  price low;
  price high;
  bool reduce_only = false;
  utc_time expires;

  friend bool operator==(const permit&, const permit&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, permit& x) {
    return f(caf::meta::type_name("permit"), x.id, x.decision, x.gate_epoch,
             x.direction, x.size, x.low, x.high, x.reduce_only, x.expires);
  }
};

/// Command: place an order. EXECUTOR → JOURNAL, then VENUE. The journal has it
/// before the venue sees the first byte.
struct order_intent {
  permit right;
  order_kind kind = order_kind::market;
  /// Limit price; for market orders the worst acceptable price.
  price limit;
  /// Event time of the input that caused the order.
  utc_time time;

  friend bool operator==(const order_intent&, const order_intent&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, order_intent& x) {
    return f(caf::meta::type_name("order_intent"), x.right, x.kind, x.limit,
             x.time);
  }
};

/// Command: cancel an order. Needs no permit. EXECUTOR → VENUE.
struct cancel_order {
  order_id id;
  utc_time time;

  friend bool operator==(const cancel_order&, const cancel_order&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, cancel_order& x) {
    return f(caf::meta::type_name("cancel_order"), x.id, x.time);
  }
};

/// Query: what became of an order? Answered with reports and with all fills of
/// the order so far. EXECUTOR → VENUE.
struct query_order {
  order_id id;
  utc_time time;

  friend bool operator==(const query_order&, const query_order&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, query_order& x) {
    return f(caf::meta::type_name("query_order"), x.id, x.time);
  }
};

/// Fact: the venue (or the connection to it) says something about an order that
/// is not a fill. VENUE → EXECUTOR.
struct order_report {
  order_id id;
  order_event event = order_event::accepted;
  utc_time time;
  /// The venue's words for a rejection or a loss; empty otherwise.
  std::string reason;

  friend bool operator==(const order_report&, const order_report&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, order_report& x) {
    return f(caf::meta::type_name("order_report"), x.id, x.event, x.time,
             x.reason);
  }
};

/// Fact: part of an order was filled. VENUE → EXECUTOR.
struct fill {
  order_id id;
  /// The venue's number of this execution; a number seen twice is one fill.
  uint64_t execution = 0;
  side direction = side::buy;
  price px;
  quantity size;
  /// Cost; negative for a rebate.
  money fee;
  bool maker = false;
  utc_time time;

  friend bool operator==(const fill&, const fill&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, fill& x) {
    return f(caf::meta::type_name("fill"), x.id, x.execution, x.direction, x.px,
             x.size, x.fee, x.maker, x.time);
  }
};

/// Fact: funding was exchanged. VENUE → EXECUTOR.
struct funding_payment {
  symbol_id symbol;
  utc_time time;
  /// Paid by the account; negative if received.
  money paid;
  rate funding_rate;

  friend bool operator==(const funding_payment&, const funding_payment&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, funding_payment& x) {
    return f(caf::meta::type_name("funding_payment"), x.symbol, x.time, x.paid,
             x.funding_rate);
  }
};

} // namespace qalpha
