#include "models/features/order_flow/trade_bars.hpp"

#include "models/features/order_flow/price_response.hpp"
#include "models/features/rolling/past_score.hpp"
#include "models/features/row_feature.hpp"

#include <cmath>

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

  row_values<2> step(const row_values<3>& x) noexcept {
    auto [close, volume, bought] = x;
    return response.add(close, 2 * bought - volume);
  }

  price_response response;
};

fallible<made_feature> make_kyle(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(kyle_kernel{price_response{period}}),
                      period, period + 1};
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
};

} // namespace

std::span<const feature_entry> trade_features() {
  return entries;
}

} // namespace qalpha
