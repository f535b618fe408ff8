// The table of all settings. A new setting is a field in `node_config` and a
// row here.

#include "runtime/config/setting_rows.hpp"

#include <array>
#include <limits>

namespace qalpha {

namespace {

using namespace detail;
using enum setting_kind;

constexpr std::array modes{
  setting_choice{"demo", static_cast<int64_t>(run_mode::demo)},
  setting_choice{"paper", static_cast<int64_t>(run_mode::paper)},
  setting_choice{"replay", static_cast<int64_t>(run_mode::replay)},
  setting_choice{"backtest", static_cast<int64_t>(run_mode::backtest)},
};

constexpr std::array venues{
  setting_choice{"binance", static_cast<int64_t>(data_venue::binance)},
  setting_choice{"bybit", static_cast<int64_t>(data_venue::bybit)},
};

constexpr std::array transports{
  setting_choice{"memory", static_cast<int64_t>(demo_transport::memory)},
  setting_choice{"socket", static_cast<int64_t>(demo_transport::socket)},
};

constexpr std::array sizing_methods{
  setting_choice{"fixed", static_cast<int64_t>(sizing_method::fixed)},
  setting_choice{"volatility_target",
                 static_cast<int64_t>(sizing_method::volatility_target)},
  setting_choice{"fractional_kelly",
                 static_cast<int64_t>(sizing_method::fractional_kelly)},
};

constexpr std::array styles{
  setting_choice{"taker", static_cast<int64_t>(order_kind::market)},
  setting_choice{"maker", static_cast<int64_t>(order_kind::post_only)},
};

constexpr std::array syncs{
  setting_choice{"normal", static_cast<int64_t>(journal_sync::normal)},
  setting_choice{"always", static_cast<int64_t>(journal_sync::always)},
};

constexpr std::array levels{
  setting_choice{"debug", static_cast<int64_t>(log_level::debug)},
  setting_choice{"info", static_cast<int64_t>(log_level::info)},
  setting_choice{"warning", static_cast<int64_t>(log_level::warning)},
  setting_choice{"error", static_cast<int64_t>(log_level::error)},
};

using c = node_config;

std::vector<setting> general_rows() {
  return {
    bound<&c::mode>(one_of(
      "mode", modes,
      "Where data and fills come from: a synthetic market, the real market "
      "with "
      "simulated fills, or history files in (scaled) real time or on virtual "
      "time.")),
    bound<&c::run_dir>(plain(
      "run_dir", text, "Directory of journal, log, reports and control.")),
    bound<&c::seed>(ranged("seed", integer, 0,
                           std::numeric_limits<int64_t>::max(),
                           "Everything random follows from it.")),
    bound<&c::speed>(
      or_word(ranged("speed", number, one / 1000, 1'000'000 * one,
                     "Market seconds a real second, or \"max\"."),
              "max")),
    bound<&c::node, &node_settings::id>(
      ranged("node.id", integer, 1, 65'535, "Part of each order id.")),
    bound<&c::node, &node_settings::name>(
      plain("node.name", text, "Name in logs and reports.")),
    bound<&c::cash>(ranged("account.cash", money, one, largest_money,
                           "Cash at the very first start.")),
    plain("symbols", symbols,
          "Instruments: built-in names, or groups of name, tick, lot, "
          "min_notional and max_order."),
    bound<&c::data, &data_settings::directory>(
      plain("data.directory", text,
            "Where relative paths of data.files start. Itself relative to the "
            "configuration file; empty: the directory of that file.")),
    plain("data.files", files, "CSV file of each symbol, plain or gzip."),
    bound<&c::data, &data_settings::interval>(or_word(
      ranged("data.interval", time, second, 7 * day,
             "Length of the bars in the files, or \"auto\": the most common "
             "difference of their times."),
      "auto")),
  };
}

std::vector<setting> trading_rows() {
  using feeds = feed_settings;
  using sizes = sizing_settings;
  return {
    bound<&c::feed, &feeds::bar_interval>(
      ranged("feed.bar_interval", time, millisecond, 7 * day,
             "Length of the bars built from trades.")),
    bound<&c::feed, &feeds::stale_after>(
      ranged("feed.stale_after", time, 10 * millisecond, day,
             "Silence after which nothing is traded on a feed.")),
    bound<&c::feed, &feeds::history>(
      ranged("feed.history", integer, 1, 1'000'000,
             "Bars kept for components that restart.")),
    bound<&c::strategy, &strategy_choice::name>(
      plain("strategy.name", text, "Strategy, the same for each symbol.")),
    plain("strategy.params", parameters, "Parameters of the strategy."),
    bound<&c::sizing, &sizes::method>(
      one_of("sizing.method", sizing_methods,
             "How exposure is scaled before it meets equity and price.")),
    bound<&c::sizing, &sizes::allocation_bps>(
      ranged("sizing.allocation", share, basis_point, 100 * one,
             "Share of equity that full exposure stands for, divided among "
             "the symbols.",
             basis_point)),
    bound<&c::sizing, &sizes::target_volatility>(
      ranged("sizing.target_volatility", share, percent / 10, 100 * one,
             "Annualised volatility that volatility_target aims at.")),
    bound<&c::sizing, &sizes::decay>(
      ranged("sizing.decay", number, one / 100, one - one / 10'000,
             "Weight of the past in the volatility estimate, per bar.")),
    bound<&c::sizing, &sizes::kelly_fraction>(
      ranged("sizing.kelly_fraction", number, one / 1000, one,
             "Share of the Kelly optimum that is used.")),
    bound<&c::sizing, &sizes::kelly_half_life>(
      ranged("sizing.kelly_half_life", number, 2 * one, 1'000'000 * one,
             "Bars after which the Kelly estimate has forgotten half.")),
    bound<&c::sizing, &sizes::max_scale>(
      ranged("sizing.max_scale", number, one / 100, 100 * one,
             "Upper bound of the scale, whatever the method says.")),
    bound<&c::sizing, &sizes::dead_band_bps>(ranged(
      "sizing.dead_band", share, 0, one,
      "A smaller change of exposure is not worth its costs.", basis_point)),
    bound<&c::execution, &execution_settings::kind>(
      one_of("execution.style", styles,
             "Take at once, or rest at the own side's best price.")),
    bound<&c::execution, &execution_settings::chase_after>(
      ranged("execution.maker_timeout", time, 10 * millisecond, day,
             "Wait of a resting order before it is placed anew.")),
  };
}

std::vector<setting> risk_rows() {
  using limits = risk_limits;
  return {
    bound<&c::risk, &limits::max_order_notional>(
      ranged("risk.max_order_notional", money, one, largest_money,
             "Largest value of one order.")),
    bound<&c::risk, &limits::max_position_notional>(
      ranged("risk.max_position_notional", money, one, largest_money,
             "Largest value of one position with its open orders filled.")),
    bound<&c::risk, &limits::max_gross_leverage_bps>(
      ranged("risk.max_gross_leverage", number, one / 100, 125 * one,
             "Largest sum of worst-case positions over equity.", basis_point)),
    bound<&c::risk, &limits::price_collar_bps>(ranged(
      "risk.price_collar", share, basis_point, one,
      "Largest distance of an order's price from the mark.", basis_point)),
    bound<&c::risk, &limits::max_orders>(
      ranged("risk.max_orders", integer, 1, 100'000,
             "Orders a symbol may send within order_window.")),
    bound<&c::risk, &limits::order_window>(ranged("risk.order_window", time,
                                                  100 * millisecond, day,
                                                  "Window of max_orders.")),
    bound<&c::risk, &limits::permit_life>(
      ranged("risk.permit_life", time, 10 * millisecond, 60 * second,
             "Validity of a permit to send an order.")),
  };
}

std::vector<setting> venue_rows() {
  using costs = venue_settings;
  return {
    bound<&c::venue, &costs::maker_fee>(
      ranged("venue.maker_fee", share, -percent, 5 * percent,
             "Of the value of a maker's fill; negative is a rebate.")),
    bound<&c::venue, &costs::taker_fee>(
      ranged("venue.taker_fee", share, -percent, 5 * percent,
             "Of the value of a taker's fill.")),
    bound<&c::venue, &costs::bar_slippage_e8>(
      ranged("venue.bar_slippage", share, 0, 10 * percent,
             "Added to the price of a taker's fill on bars.")),
    bound<&c::venue, &costs::order_latency>(
      ranged("venue.order_latency", time, 0, 60 * second,
             "From the decision to the matching engine.")),
    bound<&c::venue, &costs::funding_rate>(
      ranged("venue.funding_rate", share, -5 * percent, 5 * percent,
             "Paid by longs to shorts at each funding.")),
    bound<&c::venue, &costs::funding_interval>(
      ranged("venue.funding_interval", time, 60 * second, 7 * day,
             "Time between two fundings, counted from 1970.")),
    bound<&c::venue, &costs::bar_volume_share_bps>(
      ranged("venue.bar_volume_share", share, 0, one,
             "Largest share of a bar's volume that one order takes; 0 %: no "
             "limit.",
             basis_point)),
  };
}

std::vector<setting> market_rows() {
  using market = market_settings;
  return {
    bound<&c::market, &market::venue>(
      one_of("market.venue", venues,
             "Venue whose books and trades are those of the market.")),
    bound<&c::market, &market::reference_venue>(
      or_word(one_of("market.reference_venue", venues,
                     "Another venue, heard for the basis only: the distance of "
                     "the books from the middle of its best prices."),
              "none")),
    plain("market.reference_names", names,
          "What symbols are called at the reference venue, if not the same."),
    bound<&c::market, &market::binance_rest>(plain(
      "market.binance_rest", text, "Address of Binance's REST interface.")),
    bound<&c::market, &market::binance_streams>(
      plain("market.binance_streams", text,
            "Address of Binance's streams, without /public and /market.")),
    bound<&c::market, &market::bybit_rest>(
      plain("market.bybit_rest", text, "Address of Bybit's REST interface.")),
    bound<&c::market, &market::bybit_public>(
      plain("market.bybit_public", text, "Address of Bybit's public streams.")),
    bound<&c::market, &market::ca_file>(
      plain("market.ca_file", text,
            "PEM file with the authorities to trust; empty: the system's.")),
    bound<&c::market, &market::frame>(
      ranged("market.frame", time, millisecond, second,
             "Longest time without a frame when nothing is received.")),
    bound<&c::market, &market::queue>(
      ranged("market.queue", integer, 16, 1'000'000,
             "Batches that wait for the node before conflation begins.")),
  };
}

std::vector<setting> system_rows() {
  return {
    bound<&c::demo, &demo_settings::scripted>(
      plain("demo.script", flag, "Play the scripted faults of the demo.")),
    bound<&c::demo, &demo_settings::frame>(ranged(
      "demo.frame", time, millisecond, second,
      "Market time between two batches of the synthetic market, in whole "
      "milliseconds.",
      millisecond)),
    bound<&c::transport>(one_of(
      "demo.transport", transports,
      "How the synthetic market reaches the node: inside the process, or over "
      "loopback sockets through the collector of Binance.")),
    bound<&c::sync>(
      one_of("journal.sync", syncs,
             "A record is safe after write, or after fsync (4 ms each).")),
    bound<&c::log, &log_settings::level>(
      one_of("log.level", levels, "Least important line that is logged.")),
    bound<&c::log, &log_settings::file>(
      plain("log.file", flag, "Write JSON lines to <run_dir>/node.log.")),
    bound<&c::log, &log_settings::console>(
      plain("log.console", flag, "Write readable lines to the terminal.")),
    bound<&c::supervision, &restart_intensity::max_restarts>(
      ranged("supervision.restarts", integer, 0, 1000,
             "Restarts within window after which a supervisor gives up.")),
    bound<&c::supervision, &restart_intensity::window>(ranged(
      "supervision.window", time, millisecond, day, "Window of restarts.")),
    bound<&c::scheduler, &scheduler_settings::threads>(
      ranged("scheduler.threads", integer, 1, 256,
             "Worker threads of the actor scheduler.")),
    bound<&c::scheduler, &scheduler_settings::max_throughput>(
      ranged("scheduler.max_throughput", integer, 1, 30,
             "Messages an actor handles before others get their turn; beyond "
             "30 a flooded actor delays halts.")),
  };
}

std::vector<setting> all_rows() {
  std::vector<setting> result;
  for (auto make : {general_rows, trading_rows, risk_rows, venue_rows,
                    market_rows, model_rows, store_rows, system_rows}) {
    auto rows = make();
    result.insert(result.end(), rows.begin(), rows.end());
  }
  return result;
}

} // namespace

std::span<const setting> settings() {
  static const auto rows = all_rows();
  return rows;
}

} // namespace qalpha
