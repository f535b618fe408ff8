#include "models/features/order_flow/liquidity_bars.hpp"

#include "models/features/rolling/folds.hpp"
#include "models/features/rolling/lag.hpp"
#include "models/features/rolling/window_fold.hpp"
#include "models/features/row_feature.hpp"

#include <cmath>

namespace qalpha {

namespace {

// -- amihud

struct amihud_kernel {
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 1;

  amihud_kernel(size_t period, double millions)
    : unit(millions * 1e6), ratios(period) {
    // nop
  }

  row_values<1> step(const row_values<2>& x) noexcept {
    auto [close, money] = x;
    auto move = std::abs(std::log(close / last.replace(close)));
    if (std::isnan(move))
      return {undefined};
    auto [sum, rows]
      = ratios
          .add({{money > 0 ? unit * move / money : 0.0, money > 0 ? 1.0 : 0.0}})
          .of;
    return {ratios.full() && rows > 0 ? sum / rows : undefined};
  }

  double unit;
  lag last{1};
  window_fold<sums<2>> ratios;
};

fallible<made_feature> make_amihud(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(amihud_kernel{period, values[1]}),
                      period, period + 1};
}

constexpr std::string_view amihud_inputs[] = {"close", "quote_volume"};

constexpr parameter amihud_parameters[] = {
  {"period", 60, 1, 100'000, "rows of the mean"},
  {"millions", 1, 0.001, 100'000,
   "of quote units that the return is counted for", false},
};

constexpr feature_output amihud_output[] = {
  {"illiquidity", "mean of |log return| for so much money traded, not "
                  "negative; of rows with trades, none if there is none"},
};

// -- roll_spread

struct roll_kernel {
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit roll_kernel(size_t period) : pairs(period) {
    // nop
  }

  row_values<1> step(const row_values<1>& x) noexcept {
    auto close = x[0];
    auto change = close - last.replace(close);
    auto before = last_change.replace(change);
    if (std::isnan(before))
      return {undefined};
    auto both = pairs.add(pair_moments::of(change, before));
    if (!pairs.full())
      return {undefined};
    auto covariance = both.xy / (both.count - 1);
    auto spread = 2 * std::sqrt(std::abs(covariance));
    return {(covariance > 0 ? -spread : spread) / close};
  }

  lag last{1};
  lag last_change{1};
  window_fold<pair_moments> pairs;
};

fallible<made_feature> make_roll(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(roll_kernel{period}), period + 1,
                      period + 2};
}

constexpr std::string_view roll_inputs[] = {"close"};

constexpr parameter roll_parameters[] = {
  {"period", 60, 2, 100'000, "rows of the covariance"},
};

constexpr feature_output roll_output[] = {
  {"spread", "2 * sqrt(-covariance of changes that follow each other) / close, "
             "a fraction; the negative of the same root where the covariance "
             "is positive: prices trend, and show no spread"},
};

constexpr feature_entry entries[] = {
  {"amihud", "illiquidity: return a unit of money traded",
   "Amihud (2002), log returns", amihud_inputs, amihud_parameters,
   amihud_output, make_amihud},
  {"roll_spread", "spread that the bounce of closes betrays",
   "Roll (1984), sample covariance, signed", roll_inputs, roll_parameters,
   roll_output, make_roll},
};

} // namespace

std::span<const feature_entry> liquidity_features() {
  return entries;
}

} // namespace qalpha
