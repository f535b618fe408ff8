// The instruments of the demo market and how they behave.

#pragma once

#include "models/market/instrument.hpp"
#include "models/market/money.hpp"
#include "models/market/time.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// State of a symbol's market. The truth that a detector of regimes looks for.
enum class market_regime : uint8_t {
  calm,
  trending_up,
  trending_down,
  volatile_,
};

constexpr std::string_view to_string(market_regime x) noexcept {
  switch (x) {
    case market_regime::calm:
      return "calm";
    case market_regime::trending_up:
      return "trending_up";
    case market_regime::trending_down:
      return "trending_down";
    case market_regime::volatile_:
      return "volatile";
  }
  return "unknown";
}

/// What a regime does to the price of a symbol.
struct regime_profile {
  /// Volatility in percent of the symbol's own.
  int64_t volatility_percent;

  /// Drift per second, in percent of the symbol's volatility of a second.
  int64_t drift_percent;

  /// A regime lasts between these, evenly distributed.
  timespan shortest;
  timespan longest;

  /// Weights of the regimes that may follow, in their order.
  int64_t next[4];
};

/// @returns how the demo market behaves in regime `x`.
const regime_profile& profile_of(market_regime x);

/// Constants of one instrument.
struct demo_profile {
  std::string_view name;
  int64_t tick_e8;
  int64_t lot_e8;

  /// Price around which the market moves, in units of 1e-8.
  int64_t anchor_e8;

  /// Standard deviation of the return of one second, in units of 1e-9.
  int64_t volatility_e9;

  /// Correlation of the noise with the common factor, in percent.
  int64_t common_percent;

  /// Trades per 1'000 seconds in a market of normal volatility.
  int64_t trades_per_1000s;

  /// Smallest size of a usual trade.
  int64_t trade_lots;

  /// Usual quantity of a level far from the touch.
  int64_t level_lots;

  /// Distance of neighbouring levels.
  int64_t level_ticks;

  /// Smallest distance of the best prices from the true price, 1e-8.
  int64_t half_spread_e8;

  /// The trend with which the market opens; see `demo_market::warm_up`.
  market_regime opening;
};

/// @returns BTCUSDT, ETHUSDT and SOLUSDT.
std::span<const demo_profile> demo_profiles();

/// @returns the profile called `name`, if there is one.
const demo_profile* find_demo_profile(std::string_view name);

/// Instruments of the demo market, numbered in the order of `names`.
/// @returns a fault naming the symbol if one is unknown or appears twice, or if
///          there is none.
fallible<universe> make_demo_universe(std::span<const std::string> names);

/// @returns all instruments of the demo market.
universe demo_universe();

/// Paid per `demo_funding_interval` by longs; as in the default settings of the
/// simulated venue.
inline constexpr rate demo_funding_rate{10'000};
inline constexpr timespan demo_funding_interval = std::chrono::hours{8};

} // namespace qalpha
