#include "models/features/catalogue.hpp"

#include "models/features/calendar/calendar_bars.hpp"
#include "models/features/candles/candle_patterns.hpp"
#include "models/features/derivatives/derivative_bars.hpp"
#include "models/features/fracdiff/streaming.hpp"
#include "models/features/indicators/average_chains.hpp"
#include "models/features/indicators/bands.hpp"
#include "models/features/indicators/bar_prices.hpp"
#include "models/features/indicators/convergence.hpp"
#include "models/features/indicators/directions.hpp"
#include "models/features/indicators/extreme_ages.hpp"
#include "models/features/indicators/extremes.hpp"
#include "models/features/indicators/hilbert.hpp"
#include "models/features/indicators/momentum.hpp"
#include "models/features/indicators/money_flow.hpp"
#include "models/features/indicators/moving_averages.hpp"
#include "models/features/indicators/oscillators.hpp"
#include "models/features/indicators/plain_columns.hpp"
#include "models/features/indicators/ranges.hpp"
#include "models/features/indicators/statistics.hpp"
#include "models/features/indicators/stops.hpp"
#include "models/features/indicators/strength.hpp"
#include "models/features/indicators/trend.hpp"
#include "models/features/indicators/volume.hpp"
#include "models/features/indicators/vwap.hpp"
#include "models/features/indicators/weighted_averages.hpp"
#include "models/features/order_flow/book_bars.hpp"
#include "models/features/order_flow/cost_bars.hpp"
#include "models/features/order_flow/flow_bars.hpp"
#include "models/features/order_flow/liquidity_bars.hpp"
#include "models/features/order_flow/micro_price_bars.hpp"
#include "models/features/order_flow/trade_bars.hpp"
#include "models/features/order_flow/vpin_bars.hpp"
#include "models/features/volatility/return_bars.hpp"
#include "models/features/volatility/volatility_bars.hpp"
#include "models/features/wavelet/rolling.hpp"

#include <algorithm>
#include <array>

namespace qalpha {

namespace {

// The list to extend: one function a group of features.
constexpr std::array groups{
  average_chains,
  band_indicators,
  bar_price_indicators,
  book_features,
  calendar_features,
  candle_pairs,
  candle_rows,
  candle_stars,
  candle_triples,
  causal_wavelets,
  convergence_indicators,
  cost_features,
  derivative_features,
  direction_indicators,
  extreme_ages,
  extreme_indicators,
  flow_features,
  fractional_differences,
  hammers,
  hilbert_indicators,
  liquidity_features,
  long_candle_patterns,
  micro_price_features,
  momentum_indicators,
  money_flow_indicators,
  moving_averages,
  nested_candles,
  oscillators,
  plain_columns,
  range_indicators,
  return_features,
  rolling_denoising,
  single_candles,
  statistics,
  stop_indicators,
  strength_indicators,
  trade_features,
  trend_indicators,
  volatility_features,
  volume_indicators,
  vpin_features,
  vwap_indicators,
  weighted_averages,
};

std::vector<feature_entry> all_entries() {
  std::vector<feature_entry> result;
  for (auto group : groups) {
    auto entries = group();
    result.insert(result.end(), entries.begin(), entries.end());
  }
  std::sort(result.begin(), result.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return result;
}

} // namespace

const std::vector<feature_entry>& feature_catalogue() {
  static const auto result = all_entries();
  return result;
}

const feature_entry* find_feature(std::string_view name) {
  const auto& all = feature_catalogue();
  auto at = std::lower_bound(
    all.begin(), all.end(), name,
    [](const auto& entry, std::string_view x) { return entry.name < x; });
  return at != all.end() && at->name == name ? &*at : nullptr;
}

} // namespace qalpha
