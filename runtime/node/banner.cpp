#include "runtime/node/banner.hpp"

#include "models/market/decimal.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

namespace qalpha {

namespace {

std::string strategy_text(const strategy_choice& which) {
  auto text = which.name;
  for (auto& [name, value] : which.parameters)
    text += fmt::format(" {}={}", name, value);
  return text;
}

std::string reference_text(const market_settings& market) {
  return market.reference_venue
           ? fmt::format(", reference {}", to_string(*market.reference_venue))
           : std::string{};
}

std::string mode_text(const node_config& config) {
  if (config.mode == run_mode::paper)
    return fmt::format("mode PAPER (data of {}{}, simulated fills, no keys)",
                       to_string(config.market.venue),
                       reference_text(config.market));
  return fmt::format(
    "mode DEMO (simulated exchange, {}, no keys)  "
    "seed {}  speed {}",
    config.transport == demo_transport::memory ? "no network"
                                               : "loopback sockets",
    config.seed, config.speed ? fmt::format("{}x", *config.speed) : "max");
}

} // namespace

std::string banner(const node_config& config, const journal_summary& summary,
                   const recalled_account& account, const node& running,
                   const std::vector<std::string>& models,
                   std::chrono::steady_clock::duration took) {
  auto symbols = running.instruments().size();
  auto seconds = std::chrono::duration<double>(took).count();
  std::string names;
  std::string asked;
  for (auto& line : models)
    asked += "model   " + line + "\n";
  for (auto& rules : running.instruments())
    names += " " + rules.name();
  auto text = fmt::format(
    "qalpha 0.1.0  run {}  {}\n"
    "node {} up  actors {}  guardian 4  oracle {}  strategist {}  "
    "ready in {:.1f} s\n"
    "market  {} of bars for{}; strategy {}\n"
    "{}"
    "limits  gross {}x  order {} USDT  collar {} %  stale feed {}  "
    "0/7 switches armed\n"
    "inspect: qalpha top | qalpha inspect | qalpha why {}     "
    "control: {}/control.sock\n"
    "stop: Ctrl-C (cancels orders, leaves positions, prints a summary)\n",
    summary.run, mode_text(config), config.node.name,
    9 + 2 * symbols + models.size(), symbols + models.size(), symbols + 1,
    seconds, format_timespan(config.feed.bar_interval), names,
    strategy_text(config.strategy), asked,
    static_cast<double>(config.risk.max_gross_leverage_bps) / 10'000,
    format_fixed_e8(config.risk.max_order_notional.e8, 0, ' '),
    static_cast<double>(config.risk.price_collar_bps) / 100,
    format_timespan(config.feed.stale_after),
    running.instruments().front().name(), config.run_dir);
  if (summary.resumed)
    text += fmt::format("{}, equity {}, peak {}\n", to_string(summary),
                        format_fixed_e8(account.equity.e8, 8),
                        format_fixed_e8(account.peak.e8, 8));
  return text + "\n";
}

} // namespace qalpha
