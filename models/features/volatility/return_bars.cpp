#include "models/features/volatility/return_bars.hpp"

#include "models/features/rolling/folds.hpp"
#include "models/features/rolling/lag.hpp"
#include "models/features/rolling/window_fold.hpp"
#include "models/features/row_feature.hpp"

#include <cmath>

namespace qalpha {

namespace {

constexpr std::string_view close_input[] = {"close"};

// -- log_return

struct log_return_kernel {
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit log_return_kernel(size_t period) : earlier(period) {
    // nop
  }

  row_values<1> step(const row_values<1>& x) noexcept {
    return {std::log(x[0] / earlier.replace(x[0]))};
  }

  lag earlier;
};

fallible<made_feature> make_log_return(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(log_return_kernel{period}), period,
                      period + 1};
}

constexpr parameter log_return_parameters[] = {
  {"period", 1, 1, 100'000, "rows back"},
};

constexpr feature_output log_return_output[] = {
  {"return", "ln(close / earlier close)"},
};

// -- return_moments

struct moments_kernel {
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 2;

  explicit moments_kernel(size_t period) : returns(period) {
    // nop
  }

  row_values<2> step(const row_values<1>& x) noexcept {
    auto move = std::log(x[0] / last.replace(x[0]));
    if (std::isnan(move))
      return {undefined, undefined};
    auto all = returns.add(moments::of(move));
    if (!returns.full())
      return {undefined, undefined};
    return {all.mean, std::sqrt(all.variance())};
  }

  lag last{1};
  window_fold<moments> returns;
};

fallible<made_feature> make_moments(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(moments_kernel{period}), period,
                      period + 1};
}

constexpr parameter moments_parameters[] = {
  {"period", 60, 2, 100'000, "rows of returns"},
};

constexpr feature_output moments_outputs[] = {
  {"mean", "of log returns a row"},
  {"deviation", "of the sample of log returns, a row and not a year; 0 where "
                "they do not vary"},
};

// -- return_shape

struct shape_kernel {
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 2;

  explicit shape_kernel(size_t period) : returns(period) {
    // nop
  }

  row_values<2> step(const row_values<1>& x) noexcept {
    auto move = std::log(x[0] / last.replace(x[0]));
    if (std::isnan(move))
      return {undefined, undefined};
    auto all = returns.add(shape_moments::of(move));
    if (!returns.full())
      return {undefined, undefined};
    auto variance = all.squares / all.count;
    if (!(variance > 0))
      return {0, 0};
    auto skew = all.cubes / all.count / (variance * std::sqrt(variance));
    return {skew, all.fourths / all.count / (variance * variance) - 3};
  }

  lag last{1};
  window_fold<shape_moments> returns;
};

fallible<made_feature> make_shape(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(shape_kernel{period}), period,
                      period + 1};
}

constexpr parameter shape_parameters[] = {
  {"period", 60, 4, 100'000, "rows of returns"},
};

constexpr feature_output shape_outputs[] = {
  {"skew", "of the population of log returns; 0 where they do not vary"},
  {"kurtosis", "of the population of log returns, less 3, from -2; 0 where "
               "they do not vary"},
};

// -- return_autocorrelation

struct autocorrelation_kernel {
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit autocorrelation_kernel(size_t period) : pairs(period) {
    // nop
  }

  row_values<1> step(const row_values<1>& x) noexcept {
    auto move = std::log(x[0] / last.replace(x[0]));
    auto before = last_move.replace(move);
    if (std::isnan(before))
      return {undefined};
    auto all = pairs.add(pair_moments::of(move, before));
    if (!pairs.full())
      return {undefined};
    auto scale = std::sqrt(all.xx) * std::sqrt(all.yy);
    return {scale > 0 ? all.xy / scale : 0.0};
  }

  lag last{1};
  lag last_move{1};
  window_fold<pair_moments> pairs;
};

fallible<made_feature> make_autocorrelation(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(autocorrelation_kernel{period}),
                      period + 1, period + 2};
}

constexpr parameter autocorrelation_parameters[] = {
  {"period", 60, 3, 100'000, "pairs of returns that follow each other"},
};

constexpr feature_output autocorrelation_output[] = {
  {"correlation", "of log returns with those a row before, -1 to 1; 0 where "
                  "they do not vary"},
};

// -- drawdown

struct drawdown_kernel {
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 1;

  explicit drawdown_kernel(size_t period) : highs(period) {
    // nop
  }

  row_values<1> step(const row_values<2>& x) noexcept {
    auto [high, close] = x;
    auto top = highs.add({high}).value;
    return {highs.full() ? (close - top) / top : undefined};
  }

  window_fold<largest> highs;
};

fallible<made_feature> make_drawdown(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(drawdown_kernel{period}), period - 1,
                      period};
}

constexpr std::string_view drawdown_inputs[] = {"high", "close"};

constexpr parameter drawdown_parameters[] = {
  {"period", 60, 1, 1'000'000, "rows whose high it is measured from"},
};

constexpr feature_output drawdown_output[] = {
  {"drawdown", "close / highest high - 1, a fraction, -1 to 0"},
};

constexpr feature_entry entries[] = {
  {"drawdown", "how far the close lies below the high of the last rows",
   "close / highest high - 1", drawdown_inputs, drawdown_parameters,
   drawdown_output, make_drawdown},
  {"log_return", "log return of the close", "ln(close / earlier close)",
   close_input, log_return_parameters, log_return_output, make_log_return},
  {"return_autocorrelation", "whether returns follow or undo each other",
   "pandas Series.autocorr(1)", close_input, autocorrelation_parameters,
   autocorrelation_output, make_autocorrelation},
  {"return_moments", "mean and deviation of returns",
   "numpy.mean and numpy.std(ddof=1)", close_input, moments_parameters,
   moments_outputs, make_moments},
  {"return_shape", "skew and excess kurtosis of returns",
   "scipy.stats.skew and kurtosis", close_input, shape_parameters,
   shape_outputs, make_shape},
};

} // namespace

std::span<const feature_entry> return_features() {
  return entries;
}

} // namespace qalpha
