#include "runtime/telemetry/console.hpp"

#include "models/market/decimal.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace qalpha {

namespace {

using std::chrono::steady_clock;

// Nobody should have to wonder for longer whether the node is alive.
constexpr auto account_every = std::chrono::seconds{5};

std::string amount(money x) {
  return format_fixed_e8(x.e8, 2, ' ');
}

std::string change(money now, money start) {
  if (start.e8 <= 0)
    return "";
  auto percent = 100.0 * (to_double(now) / to_double(start) - 1.0);
  return fmt::format(" ({:+.2f} %)", percent);
}

std::string fall(money now, money peak) {
  if (peak.e8 <= 0)
    return "-";
  return fmt::format("{:.2f} %",
                     100.0 * (1.0 - to_double(now) / to_double(peak)));
}

bool is_count(risk_gate gate) {
  switch (gate) {
    case risk_gate::trading_state:
    case risk_gate::reducing:
    case risk_gate::feed:
    case risk_gate::no_mark:
    case risk_gate::size:
    case risk_gate::order_rate:
    case risk_gate::unknown_order:
    case risk_gate::duplicate:
      return true;
    default:
      return false;
  }
}

} // namespace

std::string describe_refusal(risk_gate gate, int64_t value, int64_t limit) {
  if (gate == risk_gate::trading_state || gate == risk_gate::reducing)
    return fmt::format("state is {}, needs {}",
                       to_string(static_cast<trading_state>(value)),
                       to_string(static_cast<trading_state>(limit)));
  if (is_count(gate))
    return fmt::format("{} of {}", value, limit);
  return fmt::format("{} of {}", format_fixed_e8(value, 2, ' '),
                     format_fixed_e8(limit, 2, ' '));
}

console::console(const universe& instruments, std::ostream& out, bool colours,
                 bool quiet)
  : instruments_(&instruments), out_(&out), colours_(colours), quiet_(quiet) {
  // nop
}

void console::show(const fill& fact) {
  auto& rules = (*instruments_)[fact.id.symbol.index];
  std::lock_guard guard{mutex_};
  ++counts_.fills;
  line(fact.time, "FILL", tone::plain,
       fmt::format("{} {} {} @ {} {}  fee {}", rules.name(),
                   to_string(fact.direction), rules.text(fact.size),
                   rules.text(fact.px), fact.maker ? "maker" : "taker",
                   amount(fact.fee)));
}

void console::show(const funding_payment& fact) {
  std::lock_guard guard{mutex_};
  line(fact.time, "FUND", tone::plain,
       fmt::format("{} {} {}", name(fact.symbol),
                   fact.paid.e8 < 0 ? "received" : "paid",
                   amount(magnitude(fact.paid))));
}

void console::show(const decision_outcome& fact) {
  if (fact.result != decision_result::refused)
    return;
  std::lock_guard guard{mutex_};
  ++counts_.refused;
  auto symbol = name(fact.decision.symbol);
  line(fact.time, "REFUSE", tone::bad,
       fmt::format("{} gate {}: {}   (qalpha why {} {})", symbol,
                   to_string(fact.gate),
                   describe_refusal(fact.gate, fact.value, fact.limit), symbol,
                   format_clock(fact.time)));
}

void console::show(const account_state& fact) {
  std::lock_guard guard{mutex_};
  auto now = steady_clock::now();
  if (now - account_shown_ < account_every)
    return;
  account_shown_ = now;
  if (start_.e8 == 0)
    start_ = fact.equity - fact.unrealised - fact.realised + fact.fees
             + fact.funding;
  std::string positions;
  for (size_t i = 0; i < fact.positions.size(); ++i) {
    auto& rules = (*instruments_)[i];
    positions += fmt::format(" {} {}", rules.name(),
                             rules.text(fact.positions[i].size));
  }
  line(fact.time, "EQUITY", tone::plain,
       fmt::format("{}{}  dd {}  pos{}  orders {}", amount(fact.equity),
                   change(fact.equity, start_), fall(fact.equity, fact.peak),
                   positions, fact.open_orders));
}

void console::show(const state_changed& fact) {
  std::lock_guard guard{mutex_};
  auto restricted = fact.state == trading_state::halted
                    || fact.state == trading_state::reducing;
  // The way down looks like the way up to everybody but people.
  auto state = fact.source == "node" ? std::string_view{"stopping"}
                                     : to_string(fact.state);
  auto text = fmt::format("trading is {}{} ({}: {})", state,
                          fact.flatten ? ", closing all positions" : "",
                          fact.source, fact.reason);
  if (!fact.resume_code.empty())
    text += fmt::format("; to go on: qalpha resume {}", fact.resume_code);
  line(fact.time, restricted ? "HALT" : "STATE",
       restricted ? tone::bad : tone::good, text);
}

void console::show(const alert& fact) {
  std::lock_guard guard{mutex_};
  auto over = fact.level == severity::cleared;
  if (fact.code == "actor_restarted")
    ++counts_.restarts;
  if (!over)
    ++counts_.alerts;
  auto symbol = fact.symbol >= 0 ? name({static_cast<uint16_t>(fact.symbol)})
                                 : "node";
  line(fact.time, over ? "OK" : "ALERT", over ? tone::good : tone::bad,
       fmt::format("{} {}", symbol, fact.text));
}

void console::report(std::string_view actor, const std::string& what) {
  std::lock_guard guard{mutex_};
  line(now_, "ERROR", tone::bad, fmt::format("{}: {}", actor, what));
}

console_counts console::counts() const {
  std::lock_guard guard{mutex_};
  return counts_;
}

// @pre the mutex is held
void console::line(utc_time time, std::string_view tag, tone how,
                   std::string_view text) {
  now_ = std::max(now_, time);
  if (quiet_)
    return;
  std::string_view on;
  std::string_view off;
  if (colours_ && how != tone::plain) {
    on = how == tone::good ? "\x1b[32m" : "\x1b[31m";
    off = "\x1b[0m";
  }
  *out_ << format_clock(time) << ' ' << on << fmt::format("{:<6}", tag) << off
        << ' ' << text << std::endl;
}

std::string_view console::name(symbol_id symbol) const {
  return (*instruments_)[symbol.index].name();
}

} // namespace qalpha
