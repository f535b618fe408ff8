// Identity of orders and decisions.

#pragma once

#include "models/market/symbol_id.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// Identifies an order for ever. The text form is the venue's client order id
/// and a pure function of the fields. The epoch is raised durably at each start
/// of a node, so that an id is never minted twice.
struct order_id {
  uint16_t node = 0;
  symbol_id symbol;
  uint32_t epoch = 0;
  /// Counts the orders of one symbol in one epoch, from 1. Zero: no order.
  uint32_t sequence = 0;

  friend constexpr auto operator<=>(const order_id&, const order_id&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, order_id& x) {
    return f(caf::meta::type_name("order_id"), x.node, x.symbol, x.epoch,
             x.sequence);
  }
};

/// @returns for example "qa-0001-0002-0000000c-00000007": 30 characters of
///          [a-z0-9-], within Bybit's limit of 36.
std::string to_string(const order_id& id);

/// Inverse of `to_string`.
/// @returns `nullopt` for text that is not one of our ids.
std::optional<order_id> parse_order_id(std::string_view text);

/// Identifies a decision of the allocator: symbol and a count that the journal
/// continues over restarts.
struct decision_id {
  symbol_id symbol;
  uint64_t sequence = 0;

  friend constexpr auto operator<=>(const decision_id&, const decision_id&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, decision_id& x) {
    return f(caf::meta::type_name("decision_id"), x.symbol, x.sequence);
  }
};

} // namespace qalpha
