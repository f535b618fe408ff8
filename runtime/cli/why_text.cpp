#include "runtime/cli/why_text.hpp"

#include "models/market/decimal.hpp"
#include "runtime/telemetry/printable.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

namespace qalpha {

namespace {

std::string amount(int64_t e8) {
  return format_fixed_e8(e8, 2, ' ') + " USDT";
}

std::string ratio(int64_t e8) {
  return format_fixed_e8(e8, 2) + "x";
}

std::string percent(int64_t e8) {
  return format_fixed_e8(e8 * 100, 2) + " %";
}

std::string signed_text(const instrument& rules, quantity size) {
  return (size.lots > 0 ? "+" : "") + rules.text(size);
}

std::string wanted_text(exposure wanted) {
  return fmt::format("{:+.4g} %", static_cast<double>(wanted.bps) / 100);
}

// -- orders -------------------------------------------------------------------

std::string fill_text(const instrument& rules, const fill& x) {
  return fmt::format("      fill   {}  {} @ {}  {} {} {}\n",
                     format_clock(x.time), rules.text(x.size), rules.text(x.px),
                     x.fee.e8 < 0 ? "rebate" : "fee",
                     amount(magnitude(x.fee).e8), x.maker ? "maker" : "taker");
}

/// Only what a person asks about: an order that was accepted is no news.
std::string report_text(const order_report& x) {
  if (x.event == order_event::accepted || x.event == order_event::partly_filled
      || x.event == order_event::completed)
    return {};
  auto reason = x.reason.empty() ? "" : ": " + printable(x.reason);
  return fmt::format("      {}  {}{}\n", event_text(x.event),
                     format_clock(x.time), reason);
}

std::string order_text(const instrument& rules, const order_story& x) {
  auto& right = x.intent.right;
  auto result = fmt::format(
    "    ordered  {}  {} {} {} {} {}  {}, {} filled\n", to_string(right.id),
    to_string(right.direction), rules.text(right.size),
    to_string(x.intent.kind),
    x.intent.kind == order_kind::market ? "within" : "at",
    rules.text(x.intent.limit), to_string(x.status), rules.text(x.filled));
  for (auto& each : x.reports)
    result += report_text(each);
  for (auto& each : x.fills)
    result += fill_text(rules, each);
  return result;
}

// -- outcomes -----------------------------------------------------------------

std::string outcome_text(const instrument& rules, const decision_story& x) {
  if (!x.outcome)
    return "    pending  no outcome yet\n";
  auto& outcome = *x.outcome;
  switch (outcome.result) {
    case decision_result::ordered:
      // The orders speak for themselves, unless they are in another journal.
      return x.orders.empty()
               ? "    ordered  " + to_string(outcome.order) + "\n"
               : "";
    case decision_result::refused:
      return "    refused  " + format_clock(outcome.time) + "  "
             + refusal_text(rules, outcome.gate, outcome.value, outcome.limit)
             + "\n";
    case decision_result::unchanged:
      return "    unchanged  the position was already there\n";
    case decision_result::superseded:
      return "    superseded  a newer decision came before an order\n";
  }
  return "    unknown outcome\n";
}

std::string state_text(int64_t state) {
  return std::string{to_string(static_cast<trading_state>(state))};
}

/// What the gate saw, without its name.
std::string measured(const instrument& rules, risk_gate gate, int64_t value,
                     int64_t limit) {
  switch (gate) {
    case risk_gate::none:
      return "no reason";
    case risk_gate::trading_state:
    case risk_gate::reducing:
      return "the state was " + state_text(value) + ", needs "
             + state_text(limit);
    case risk_gate::feed:
      return "the market data were not live";
    case risk_gate::no_mark:
      return "there was no mark price";
    case risk_gate::size:
      return rules.text(quantity{value}) + ", at least "
             + rules.text(quantity{limit});
    case risk_gate::min_notional:
      return amount(value) + ", at least " + amount(limit);
    case risk_gate::max_order_notional:
    case risk_gate::max_position_notional:
      return amount(value) + ", limit " + amount(limit);
    case risk_gate::price_collar:
      return percent(value) + " from the mark, limit " + percent(limit);
    case risk_gate::max_gross_leverage:
      return ratio(value) + ", limit " + ratio(limit);
    case risk_gate::order_rate:
      return fmt::format("{} orders in the window, limit {}", value, limit);
    case risk_gate::unknown_order:
      return "the fate of an order was unknown";
    case risk_gate::equity:
      return "equity was " + amount(value) + ", must be positive";
    case risk_gate::duplicate:
      return "the order id was taken";
  }
  return fmt::format("{} of {}", value, limit);
}

} // namespace

std::string_view event_text(order_event x) {
  switch (x) {
    case order_event::accepted:
      return "accepted";
    case order_event::rejected:
      return "rejected";
    case order_event::partly_filled:
      return "partly filled";
    case order_event::completed:
      return "completed";
    case order_event::cancelled:
      return "cancelled";
    case order_event::lost:
      return "lost";
    case order_event::absent:
      return "not known to the venue";
  }
  return "?";
}

std::string refusal_text(const instrument& rules, risk_gate gate, int64_t value,
                         int64_t limit) {
  return std::string{to_string(gate)} + ": "
         + measured(rules, gate, value, limit);
}

std::string why_text(const instrument& rules, const decision_story& story) {
  auto& what = story.what;
  auto result = fmt::format(
    "{}  #{}  target {} at {}  (wanted {} of {})\n"
    "    reason   {}\n",
    format_utc(what.time), what.id.sequence, signed_text(rules, what.target),
    rules.text(what.reference), wanted_text(what.wanted),
    amount(what.equity.e8), printable(what.reason));
  result += outcome_text(rules, story);
  for (auto& each : story.orders)
    result += order_text(rules, each);
  return result;
}

} // namespace qalpha
