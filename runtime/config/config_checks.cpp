#include "runtime/config/config_checks.hpp"

#include "models/market/decimal.hpp"
#include "models/strategies/symbol_strategy.hpp"
#include "runtime/config/config_values.hpp"
#include "runtime/config/units.hpp"
#include "runtime/net/endpoint.hpp"
#include "runtime/storage/postgres/postgres_server.hpp"
#include "runtime/storage/redis/redis_server.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace qalpha {

namespace {

constexpr int64_t e8_per_basis_point = 10'000;

/// Collects faults; one member for each rule.
class combination_checker {
public:
  explicit combination_checker(const node_config& config) : c_(config) {
    // nop
  }

  std::vector<fault> run() {
    check_names();
    check_files();
    check_leverage();
    check_order_sizes();
    check_strategy();
    check_models();
    check_stores();
    if (c_.mode == run_mode::demo)
      check_demo();
    if (c_.mode == run_mode::paper)
      check_addresses();
    return std::move(faults_);
  }

private:
  void fail(std::string text) {
    faults_.push_back({std::move(text)});
  }

  void check_names() {
    for (size_t i = 0; i < c_.symbols.size(); ++i)
      for (size_t j = 0; j < i; ++j)
        if (c_.symbols[i].name == c_.symbols[j].name) {
          fail("symbols[" + std::to_string(i)
               + "].name: expected each symbol "
                 "once, found "
               + quoted_text(c_.symbols[i].name) + " again");
          break;
        }
  }

  void check_files() {
    std::vector<std::string_view> names;
    for (const auto& rules : c_.symbols)
      names.push_back(rules.name);
    for (const auto& [symbol, path] : c_.data.files)
      if (std::find(names.begin(), names.end(), symbol) == names.end())
        fail("data.files." + symbol + ": not in symbols"
             + suggestion(symbol, names));
    if (c_.mode == run_mode::demo || c_.mode == run_mode::paper)
      return;
    auto mode = std::string{to_string(c_.mode)};
    if (c_.data.files.empty())
      return fail("data.files: mode " + mode
                  + " needs a data file for each symbol, found none");
    for (auto name : names)
      if (!c_.data.files.contains(std::string{name}))
        fail("data.files: mode " + mode
             + " needs a data file for each symbol, found none for "
             + std::string{name});
  }

  void check_leverage() {
    auto scaled = c_.sizing.method != sizing_method::fixed;
    auto scale = scaled ? c_.sizing.max_scale : 1.0;
    auto needed = static_cast<double>(c_.sizing.allocation_bps) * scale;
    if (needed <= static_cast<double>(c_.risk.max_gross_leverage_bps))
      return;
    auto text = [](double bps) {
      return format_decimal_e8(std::llround(bps) * e8_per_basis_point);
    };
    auto limit = static_cast<double>(c_.risk.max_gross_leverage_bps);
    fail("sizing.allocation: "
         + format_share_e8(c_.sizing.allocation_bps * e8_per_basis_point)
         + (scaled ? " times sizing.max_scale" : "") + " needs leverage "
         + text(needed) + ", risk.max_gross_leverage allows " + text(limit));
  }

  void check_order_sizes() {
    for (const auto& rules : c_.symbols)
      if (rules.min_notional > c_.risk.max_order_notional)
        fail("risk.max_order_notional: "
             + format_money(c_.risk.max_order_notional)
             + " refuses every order of " + rules.name
             + ", whose min_notional is " + format_money(rules.min_notional));
  }

  void check_strategy() {
    auto plan = plan_of(c_.strategy, c_.feed.bar_interval);
    if (!plan)
      return fail("strategy: " + plan.error().text);
    // The history of a backtest may have it.
    if (c_.mode == run_mode::backtest
        || (c_.mode == run_mode::paper && c_.market.reference_venue))
      return;
    for (auto which : columns_beside_bars(*plan))
      if (market_columns[which].name == "reference")
        fail("strategy: " + c_.strategy.name
             + " reads the column \"reference\": expected "
               "market.reference_venue in mode paper");
  }

  void check_models() {
    const auto& models = c_.models;
    check_model("forecaster", models.forecaster);
    check_model("regimes", models.regimes);
    check_model("policy", models.policy);
    auto rule = make_strategy(c_.strategy);
    if (rule && (*rule)->listens() && models.forecaster == "none")
      fail("models.forecaster: strategy " + c_.strategy.name
           + " needs a model, found \"none\"; \"live\" is the one that was "
             "promoted");
  }

  void check_model(const char* key, const std::string& which) {
    auto at = which.find('@');
    auto versioned = at != std::string::npos && at > 0 && at + 1 < which.size();
    if (which != "none" && which != "live" && !versioned)
      fail(std::string{"models."} + key
           + ": expected \"none\", \"live\" or ID@VERSION, found "
           + quoted_text(which));
  }

  void check_stores() {
    if (auto problem = check(c_.stores.redis))
      faults_.push_back(*problem);
    if (auto problem = check(c_.stores.postgres))
      faults_.push_back(*problem);
  }

  void check_addresses() {
    auto check = [this](const char* key, const std::string& url) {
      if (auto read = parse_url(url); !read)
        fail(std::string{"market."} + key + ": " + read.error().text);
    };
    check("binance_rest", c_.market.binance_rest);
    check("binance_streams", c_.market.binance_streams);
    check("bybit_rest", c_.market.bybit_rest);
    check("bybit_public", c_.market.bybit_public);
    check_reference();
  }

  void check_reference() {
    auto& market = c_.market;
    if (market.reference_venue == market.venue)
      fail("market.reference_venue: expected another venue than market.venue, "
           "found both "
           + std::string{to_string(market.venue)});
    std::map<std::string_view, std::string_view> meant;
    std::vector<std::string_view> symbols;
    for (const auto& rules : c_.symbols) {
      symbols.push_back(rules.name);
      auto other = market.reference_names.find(rules.name);
      auto& name = other == market.reference_names.end() ? rules.name
                                                         : other->second;
      auto [known, fresh] = meant.emplace(name, rules.name);
      if (!fresh)
        fail("market.reference_names: expected another name for each symbol, "
             "found "
             + quoted_text(name) + " for " + std::string{known->second}
             + " and " + rules.name);
    }
    for (const auto& [symbol, name] : market.reference_names)
      if (std::find(symbols.begin(), symbols.end(), symbol) == symbols.end())
        fail("market.reference_names." + symbol + ": not in symbols"
             + suggestion(symbol, symbols));
  }

  void check_demo() {
    for (const auto& rules : c_.symbols) {
      auto known = find_demo_profile(rules.name);
      if (!known)
        fail("symbols: the demo market has BTCUSDT, ETHUSDT and SOLUSDT, "
             "found "
             + quoted_text(rules.name));
      else if (rules.tick_e8 != known->tick_e8 || rules.lot_e8 != known->lot_e8)
        fail("symbols: mode demo has its own rules for " + rules.name
             + " (tick " + format_decimal_e8(known->tick_e8) + ", lot "
             + format_decimal_e8(known->lot_e8) + "): give only the name");
    }
    if (c_.feed.stale_after <= c_.demo.frame)
      fail("feed.stale_after: expected more than demo.frame, "
           + format_timespan(c_.demo.frame) + ", found "
           + format_timespan(c_.feed.stale_after)
           + ": every feed would be stale");
  }

  const node_config& c_;
  std::vector<fault> faults_;
};

} // namespace

std::vector<fault> impossible_combinations(const node_config& config) {
  return combination_checker{config}.run();
}

} // namespace qalpha
