#include "models/features/order_flow/trade_bars.hpp"

#include "models/features/order_flow/price_impact.hpp"
#include "models/features/rolling/lag.hpp"
#include "models/features/rolling/past_score.hpp"
#include "models/features/row_feature.hpp"

#include <cmath>
#include <numbers>

namespace qalpha {

namespace {

// -- order_flow_z, volume_z

struct score_kernel {
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit score_kernel(size_t period) : score(period, period) {
    // nop
  }

  row_values<1> step(const row_values<1>& x) noexcept {
    return {score.add(x[0])};
  }

  past_score score;
};

fallible<made_feature> make_score(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(score_kernel{period}), period,
                      period + 1};
}

constexpr std::string_view flow_inputs[] = {"order_flow"};
constexpr std::string_view volume_inputs[] = {"volume"};

constexpr parameter score_parameters[] = {
  {"period", 60, 30, 100'000, "rows before this one that it is compared with"},
};

constexpr feature_output score_output[] = {
  {"score", "(value - mean) / sample deviation of the rows before it; 0 where "
            "these do not vary"},
};

// -- taker_share

struct taker_share_kernel {
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 1;

  explicit taker_share_kernel(size_t period) : volumes(period) {
    // nop
  }

  row_values<1> step(const row_values<2>& x) noexcept {
    auto [bought, all] = volumes.add({x}).of;
    if (!volumes.full() || bought > all)
      return {undefined};
    return {all > 0 ? bought / all : 0.5};
  }

  window_fold<sums<2>> volumes;
};

fallible<made_feature> make_taker_share(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(taker_share_kernel{period}), period - 1,
                      period};
}

constexpr std::string_view taker_inputs[] = {"taker_buy_volume", "volume"};

constexpr parameter taker_parameters[] = {
  {"period", 1, 1, 100'000, "rows of the sums"},
};

constexpr feature_output taker_output[] = {
  {"share", "volume that takers bought / volume, 0 to 1; 0.5 if nothing "
            "traded; none if takers bought more than was traded"},
};

// -- kyle_lambda

struct kyle_kernel {
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 2;

  explicit kyle_kernel(size_t period) : pairs(period) {
    // nop
  }

  row_values<2> step(const row_values<3>& x) noexcept {
    auto [close, volume, bought] = x;
    auto change = close - last.replace(close);
    if (std::isnan(change))
      return {undefined, undefined};
    auto flow = 2 * bought - volume;
    auto fit = line_of(pairs.add(pair_moments::of(flow, change)));
    if (!pairs.full())
      return {undefined, undefined};
    return {fit.slope, fit.slope_t};
  }

  lag last{1};
  window_fold<pair_moments> pairs;
};

fallible<made_feature> make_kyle(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(kyle_kernel{period}), period,
                      period + 1};
}

constexpr std::string_view kyle_inputs[] = {"close", "volume",
                                            "taker_buy_volume"};

constexpr parameter kyle_parameters[] = {
  {"period", 60, 3, 100'000, "rows of the regression"},
};

constexpr feature_output kyle_outputs[] = {
  {"lambda", "change of the close a base unit that takers bought net, price; "
             "can be negative; none where they always bought the same"},
  {"t", "lambda / its standard error; none where lambda has none, or none of "
        "an error"},
};

// -- vpin_bulk

struct vpin_kernel {
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 1;

  vpin_kernel(size_t period, size_t deviations)
    : changes(deviations), volumes(period) {
    // nop
  }

  row_values<1> step(const row_values<2>& x) noexcept {
    auto [close, volume] = x;
    auto change = close - last.replace(close);
    if (std::isnan(change))
      return {undefined};
    auto before = known;
    auto usable = changes.full();
    known = changes.add(moments::of(change));
    if (!usable)
      return {undefined};
    auto apart = one_sided(change, std::sqrt(before.variance()));
    auto [imbalance, all] = volumes.add({{volume * apart, volume}}).of;
    if (!volumes.full() || !(all > 0))
      return {undefined};
    return {imbalance / all};
  }

  // |bought - sold| as a share of the volume: |2 * Phi(z) - 1|.
  static double one_sided(double change, double deviation) noexcept {
    if (change == 0)
      return 0;
    return std::erf(std::abs(change) / deviation / std::numbers::sqrt2);
  }

  lag last{1};
  window_fold<moments> changes;
  moments known;
  window_fold<sums<2>> volumes;
};

fallible<made_feature> make_vpin(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  auto deviations = static_cast<size_t>(values[1]);
  return made_feature{make_row_feature(vpin_kernel{period, deviations}),
                      period + deviations, period + deviations + 1};
}

constexpr std::string_view vpin_inputs[] = {"close", "volume"};

constexpr parameter vpin_parameters[] = {
  {"period", 50, 1, 100'000, "rows that are looked at, as buckets"},
  {"deviations", 60, 2, 100'000,
   "rows before a row whose changes say what is a large one"},
};

constexpr feature_output vpin_output[] = {
  {"vpin", "sum of |bought - sold| / volume, each bar split by how far its "
           "close moved, 0 (balanced) to 1 (one-sided); none without volume"},
};

constexpr feature_entry entries[] = {
  {"kyle_lambda", "price impact of taker volume", "Kyle (1985), by regression",
   kyle_inputs, kyle_parameters, kyle_outputs, make_kyle},
  {"order_flow_z", "order flow imbalance in deviations of its own past",
   "Cont, Kukanov and Stoikov (2014), standardised", flow_inputs,
   score_parameters, score_output, make_score},
  {"taker_share", "share of the volume that takers bought",
   "taker buy volume of Binance klines / volume", taker_inputs,
   taker_parameters, taker_output, make_taker_share},
  {"volume_z", "volume in deviations of its own past",
   "standard score of the past", volume_inputs, score_parameters, score_output,
   make_score},
  {"vpin_bulk", "probability of informed trading, from bars",
   "Easley, López de Prado and O'Hara (2012), bulk classification, each bar a "
   "bucket of its own volume",
   vpin_inputs, vpin_parameters, vpin_output, make_vpin},
};

} // namespace

std::span<const feature_entry> trade_features() {
  return entries;
}

} // namespace qalpha
