#include "models/features/volatility/volatility_bars.hpp"

#include "models/features/rolling/folds.hpp"
#include "models/features/rolling/lag.hpp"
#include "models/features/rolling/window_fold.hpp"
#include "models/features/row_feature.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace qalpha {

namespace {

// Markets never close: a year has 365 days, and each its 1440 minutes.
constexpr double minutes_per_year = 365 * 1'440;

constexpr parameter period_rule{"period", 60, 2, 100'000, "rows"};

constexpr parameter bar_rule{
  "bar_minutes", 1, 0.001, 10'000'000, "length of a bar, minutes", false};

constexpr parameter range_parameters[] = {period_rule, bar_rule};

constexpr feature_output volatility_output[] = {
  {"volatility", "a year of 365 days, a fraction, not negative; 0 where the "
                 "price stands still"},
};

double yearly(double variance, double bars) noexcept {
  return std::sqrt(std::max(variance, 0.0) * bars);
}

// -- realised_volatility

struct realised_kernel {
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  realised_kernel(size_t period, double bars_a_year, bool centered)
    : bars(bars_a_year), from_mean(centered), returns(period) {
    // nop
  }

  row_values<1> step(const row_values<1>& x) noexcept {
    auto move = std::log(x[0] / last.replace(x[0]));
    if (std::isnan(move))
      return {undefined};
    auto all = returns.add(moments::of(move));
    if (!returns.full())
      return {undefined};
    auto from_zero = all.squares / all.count + all.mean * all.mean;
    return {yearly(from_mean ? all.variance() : from_zero, bars)};
  }

  double bars;
  bool from_mean;
  lag last{1};
  window_fold<moments> returns;
};

fallible<made_feature> make_realised(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(realised_kernel{
                        period, minutes_per_year / values[1], values[2] != 0}),
                      period, period + 1};
}

constexpr std::string_view close_input[] = {"close"};

constexpr parameter realised_parameters[] = {
  period_rule,
  bar_rule,
  {"centered", 0, 0, 1, "0: mean square of returns; 1: their sample variance"},
};

// -- estimators of single bars

// ln of the prices of a bar from its open.
struct log_bar {
  explicit log_bar(const row_values<4>& x) noexcept
    : high(std::log(x[1] / x[0])), low(std::log(x[2] / x[0])),
      close(std::log(x[3] / x[0])) {
    // nop
  }

  double high;
  double low;
  double close;
};

double parkinson(const log_bar& x) noexcept {
  auto range = x.high - x.low;
  return range * range / (4 * std::numbers::ln2);
}

double garman_klass(const log_bar& x) noexcept {
  auto range = x.high - x.low;
  return 0.5 * range * range - (2 * std::numbers::ln2 - 1) * x.close * x.close;
}

double rogers_satchell(const log_bar& x) noexcept {
  return x.high * (x.high - x.close) + x.low * (x.low - x.close);
}

using bar_estimator = double (*)(const log_bar&) noexcept;

template <bar_estimator Estimate>
struct bar_kernel {
  static constexpr size_t inputs = 4;
  static constexpr size_t outputs = 1;

  bar_kernel(size_t period, double bars_a_year)
    : windows(bars_a_year / static_cast<double>(period)), variances(period) {
    // nop
  }

  row_values<1> step(const row_values<4>& x) noexcept {
    auto sum = variances.add({{Estimate(log_bar{x})}}).of[0];
    return {variances.full() ? yearly(sum, windows) : undefined};
  }

  // A year.
  double windows;
  window_fold<sums<1>> variances;
};

template <bar_estimator Estimate>
fallible<made_feature> make_bar_estimator(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(bar_kernel<Estimate>{
                        period, minutes_per_year / values[1]}),
                      period - 1, period};
}

constexpr std::string_view bar_inputs[] = {"open", "high", "low", "close"};

// -- yang_zhang

struct yang_zhang_kernel {
  static constexpr size_t inputs = 4;
  static constexpr size_t outputs = 1;

  yang_zhang_kernel(size_t period, double bars_a_year)
    : bars(bars_a_year), gaps(period), moves(period), inner(period) {
    auto n = static_cast<double>(period);
    weight = 0.34 / (1.34 + (n + 1) / (n - 1));
  }

  row_values<1> step(const row_values<4>& x) noexcept {
    auto gap = std::log(x[0] / last.replace(x[3]));
    if (std::isnan(gap))
      return {undefined};
    log_bar bar{x};
    auto opened = gaps.add(moments::of(gap)).variance();
    auto closed = moves.add(moments::of(bar.close)).variance();
    auto within = inner.add(moments::of(rogers_satchell(bar))).mean;
    if (!gaps.full())
      return {undefined};
    return {yearly(opened + weight * closed + (1 - weight) * within, bars)};
  }

  double bars;
  double weight;
  lag last{1};
  window_fold<moments> gaps;
  window_fold<moments> moves;
  window_fold<moments> inner;
};

fallible<made_feature> make_yang_zhang(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{
    make_row_feature(yang_zhang_kernel{period, minutes_per_year / values[1]}),
    period, period + 1};
}

// -- ewma_volatility

struct ewma_kernel {
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  row_values<1> step(const row_values<1>& x) noexcept {
    auto move = std::log(x[0] / last.replace(x[0]));
    if (std::isnan(move))
      return {undefined};
    auto square = move * move;
    variance = seen == 0 ? square : keep * variance + (1 - keep) * square;
    seen = std::min(seen + 1, least);
    return {seen < least ? undefined : yearly(variance, bars)};
  }

  double keep;
  double bars;
  size_t least;
  lag last{1};
  double variance = 0;
  size_t seen = 0;
};

fallible<made_feature> make_ewma(std::span<const double> values) {
  auto least = static_cast<size_t>(values[2]);
  ewma_kernel kernel{values[0], minutes_per_year / values[1], least};
  // A close is part of two returns.
  return made_feature{make_row_feature(std::move(kernel)), least,
                      memory_of_decay(1 - values[0]) + 1};
}

constexpr parameter ewma_parameters[] = {
  {"lambda", 0.94, 0, 0.9999, "what a square of a return keeps a row", false},
  bar_rule,
  {"least", 30, 1, 100'000, "returns before there is a value"},
};

constexpr feature_entry entries[] = {
  {"ewma_volatility", "volatility of returns that fade",
   "RiskMetrics (1996), begun with the first square", close_input,
   ewma_parameters, volatility_output, make_ewma},
  {"garman_klass", "volatility of ranges and closes",
   "Garman and Klass (1980), without opening jumps", bar_inputs,
   range_parameters, volatility_output, make_bar_estimator<garman_klass>},
  {"parkinson", "volatility of ranges", "Parkinson (1980)", bar_inputs,
   range_parameters, volatility_output, make_bar_estimator<parkinson>},
  {"realised_volatility", "volatility of log returns",
   "root of the mean square of log returns", close_input, realised_parameters,
   volatility_output, make_realised},
  {"rogers_satchell", "volatility of ranges that allows for a trend",
   "Rogers and Satchell (1991)", bar_inputs, range_parameters,
   volatility_output, make_bar_estimator<rogers_satchell>},
  {"yang_zhang", "volatility that allows for trends and opening jumps",
   "Yang and Zhang (2000)", bar_inputs, range_parameters, volatility_output,
   make_yang_zhang},
};

} // namespace

std::span<const feature_entry> volatility_features() {
  return entries;
}

} // namespace qalpha
