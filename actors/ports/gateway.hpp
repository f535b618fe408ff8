// How actors reach a venue.

#pragma once

#include "actors/ports/trading_gate.hpp"
#include "models/execution/order.hpp"
#include "models/execution/reconciliation.hpp"

#include <optional>
#include <string>

namespace qalpha {

/// An order that has passed the gate. Only `gateway` makes one, and a
/// connection sends nothing else, so that no bytes reach a venue without a
/// permit of the present epoch.
class approved_order {
public:
  const order_intent& intent() const noexcept {
    return intent_;
  }

private:
  friend class gateway;

  explicit approved_order(const order_intent& intent) : intent_(intent) {
    // nop
  }

  order_intent intent_;
};

/// A session with a venue. Members may be called from any actor; none blocks.
/// What the venue answers comes as messages to FEED and EXECUTOR. A command
/// whose fate is unknown is answered with `order_event::lost`.
class venue_connection {
public:
  virtual ~venue_connection() = default;

  virtual void send(const approved_order& order) = 0;
  virtual void send(const cancel_order& command) = 0;
  virtual void send(const query_order& query) = 0;
  virtual void send(const reconcile_query& query) = 0;

  /// Cancels everything that is open in `symbol`; for the guardian, when an
  /// executor does not react.
  virtual void cancel_all(symbol_id symbol) = 0;

  /// Asks for past bars and a fresh snapshot of the book.
  virtual void subscribe(symbol_id symbol) = 0;
};

/// The one door to the wire.
class gateway {
public:
  /// @pre both outlive the gateway
  gateway(const trading_gate& gate, venue_connection& connection)
    : gate_(&gate), connection_(&connection) {
    // nop
  }

  /// Sends an order if its permit covers it and the gate lets it pass.
  /// @returns why it was not sent; nothing has left the process then.
  std::optional<std::string> send(const order_intent& intent);

  void send(const cancel_order& command) {
    connection_->send(command);
  }

  void send(const query_order& query) {
    connection_->send(query);
  }

  void send(const reconcile_query& query) {
    connection_->send(query);
  }

  void cancel_all(symbol_id symbol) {
    connection_->cancel_all(symbol);
  }

  void subscribe(symbol_id symbol) {
    connection_->subscribe(symbol);
  }

private:
  const trading_gate* gate_;
  venue_connection* connection_;
};

} // namespace qalpha
