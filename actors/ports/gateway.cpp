#include "actors/ports/gateway.hpp"

namespace qalpha {

namespace {

// What the permit does not cover, or `nullptr`.
const char* uncovered(const order_intent& intent) {
  auto& right = intent.right;
  if (right.size.lots <= 0)
    return "permit has no size";
  if (intent.limit < right.low || intent.limit > right.high)
    return "limit price is outside of the permit's band";
  if (intent.time > right.expires)
    return "permit has expired";
  return nullptr;
}

} // namespace

std::optional<std::string> gateway::send(const order_intent& intent) {
  if (auto* why = uncovered(intent))
    return why;
  // Nothing that takes time may stand between this reading and the send.
  auto now = gate_->read();
  if (now.epoch != intent.right.gate_epoch)
    return "trading gate has moved on since the permit";
  if (now.mode == gate_mode::closed)
    return "trading gate is closed";
  if (now.mode == gate_mode::reduce_only && !intent.right.reduce_only)
    return "trading gate lets only reductions pass";
  connection_->send(approved_order{intent});
  return std::nullopt;
}

} // namespace qalpha
