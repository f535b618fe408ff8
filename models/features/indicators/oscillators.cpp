#include "models/features/indicators/oscillators.hpp"

#include "models/features/block/bar_steps.hpp"
#include "models/features/block/block_feature.hpp"
#include "models/features/block/decay.hpp"
#include "models/features/block/deviation.hpp"
#include "models/features/block/window.hpp"

namespace qalpha {

namespace {

constexpr std::string_view close_only[] = {"close"};
constexpr std::string_view bar_prices[] = {"high", "low", "close"};

// -- rsi
// ------------------------------------------------------------------------

class rsi_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit rsi_kernel(size_t period)
    : block_kernel(8), x_(memory_.add(1)), gain_(memory_.add(1)),
      loss_(memory_.add(1)), gains_(decay::wilder(memory_, period, 1)),
      losses_(decay::wilder(memory_, period, 1)) {
    // nop
  }

  size_t settled() const noexcept {
    return gains_.settled();
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {gains_.first()};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto x = keep(now, x_, in[0]);
    auto gain = gain_ + now.at;
    auto loss = loss_ + now.at;
    for_rows(now, [=](size_t i) {
      auto change = x[i] - (x - 1)[i];
      gain[i] = larger_of(change, 0);
      loss[i] = larger_of(-change, 0);
    });
    auto gains = gains_.run(now, gain);
    auto losses = losses_.run(now, loss);
    auto y = out[0];
    for_rows(now, [=](size_t i) {
      y[i] = percent_of(gains[i], gains[i] + losses[i]);
    });
  }

private:
  double* x_;
  double* gain_;
  double* loss_;
  decay gains_;
  decay losses_;
};

fallible<made_feature> make_rsi(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<rsi_kernel>(period), period,
                      period + memory_of_decay(1 / values[0])};
}

constexpr parameter rsi_parameters[] = {
  {"period", 14, 2, 100'000, "rows of Wilder's averages"},
};

constexpr feature_output rsi_output[] = {
  {"rsi", "share of gains in all moves, 0 to 100; 0 if nothing moves"},
};

// -- stochastic
// -----------------------------------------------------------------

struct stochastic_periods {
  size_t range;
  size_t slowing;
  size_t signal;
};

class stochastic_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 2;

  explicit stochastic_kernel(const stochastic_periods& periods)
    : block_kernel(std::max({periods.range, periods.slowing, periods.signal})),
      periods_(periods), high_(memory_.add(periods.range)),
      low_(memory_.add(periods.range)), raw_(memory_.add(periods.slowing)),
      k_(memory_.add(periods.signal)), highest_(memory_, high_, periods.range),
      lowest_(memory_, low_, periods.range),
      slow_(memory_, raw_, periods.slowing),
      signal_(memory_, k_, periods.signal) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 2> undefined_before() const noexcept {
    auto first = periods_.range + periods_.slowing + periods_.signal - 3;
    return {first, first};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    double highest[Rows::most];
    double lowest[Rows::most];
    keep(now, high_, in[0]);
    keep(now, low_, in[1]);
    highest_.run(now, highest);
    lowest_.run(now, lowest);
    auto raw = raw_ + now.at;
    auto close = in[2];
    for_rows(now, [=, top = &highest[0], bottom = &lowest[0]](size_t i) {
      raw[i] = percent_of(close[i] - bottom[i], top[i] - bottom[i]);
    });
    auto k = k_ + now.at;
    auto d = out[1];
    auto y = out[0];
    slow_.run(now, k);
    auto slowing = static_cast<double>(periods_.slowing);
    for_rows(now, [=](size_t i) { y[i] = k[i] = k[i] / slowing; });
    signal_.run(now, d);
    auto signal = static_cast<double>(periods_.signal);
    for_rows(now, [=](size_t i) { d[i] /= signal; });
  }

private:
  stochastic_periods periods_;
  double* high_;
  double* low_;
  double* raw_;
  double* k_;
  window_max highest_;
  window_min lowest_;
  window_sum slow_;
  window_sum signal_;
};

fallible<made_feature> make_stochastic(std::span<const double> values) {
  stochastic_periods periods{static_cast<size_t>(values[0]),
                             static_cast<size_t>(values[1]),
                             static_cast<size_t>(values[2])};
  auto memory = periods.range + periods.slowing + periods.signal - 2;
  return made_feature{make_block_feature<stochastic_kernel>(periods),
                      memory - 1, memory};
}

constexpr parameter stochastic_parameters[] = {
  {"range", 14, 1, 100'000, "rows of the range"},
  {"slowing", 3, 1, 100'000, "rows of the mean that is k; 1 for the fast one"},
  {"signal", 3, 1, 100'000, "rows of the mean of k that is d"},
};

constexpr feature_output stochastic_outputs[] = {
  {"k", "place of the close in the range, smoothed, 0 to 100; 0 if flat"},
  {"d", "mean of k, 0 to 100"},
};

// -- williams_r
// -----------------------------------------------------------------

class williams_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 1;

  explicit williams_kernel(size_t period)
    : block_kernel(period), period_(period), high_(memory_.add(period)),
      low_(memory_.add(period)), highest_(memory_, high_, period),
      lowest_(memory_, low_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {period_ - 1};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    double lowest[Rows::most];
    auto y = out[0];
    auto close = in[2];
    keep(now, high_, in[0]);
    keep(now, low_, in[1]);
    highest_.run(now, y);
    lowest_.run(now, lowest);
    for_rows(now, [=, bottom = &lowest[0]](size_t i) {
      y[i] = percent_of(close[i] - y[i], y[i] - bottom[i]);
    });
  }

private:
  size_t period_;
  double* high_;
  double* low_;
  window_max highest_;
  window_min lowest_;
};

fallible<made_feature> make_williams(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<williams_kernel>(period), period - 1,
                      period};
}

constexpr parameter range_parameters[] = {
  {"period", 14, 1, 100'000, "rows of the range"},
};

constexpr feature_output williams_output[] = {
  {"r", "place of the close below the top of the range, -100 to 0; 0 if flat"},
};

// -- cci
// ------------------------------------------------------------------------

class cci_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 1;

  explicit cci_kernel(size_t period)
    : block_kernel(period), period_(period), x_(memory_.add(period)),
      sum_(memory_, x_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {period_ - 1};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto high = in[0];
    auto low = in[1];
    auto close = in[2];
    auto x = x_ + now.at;
    for_rows(
      now, [=](size_t i) { x[i] = typical_price(high[i], low[i], close[i]); });
    double means[Rows::most];
    auto mean = &means[0];
    auto n = static_cast<double>(period_);
    sum_.run(now, mean);
    for_rows(now, [=](size_t i) { mean[i] /= n; });
    auto y = out[0];
    sum_deviations(now, period_, x, mean, y);
    for_rows(now, [=](size_t i) {
      auto deviation = y[i] / n;
      auto value = (x[i] - mean[i]) / (0.015 * deviation);
      // Prices that are all the same differ from their mean by its rounding.
      y[i] = deviation > 1e-14 * std::abs(mean[i]) ? value : 0.0;
    });
  }

private:
  size_t period_;
  double* x_;
  window_sum sum_;
};

fallible<made_feature> make_cci(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<cci_kernel>(period), period - 1,
                      period};
}

constexpr parameter cci_parameters[] = {
  {"period", 20, 2, 10'000, "rows in the mean and the deviation"},
};

constexpr feature_output cci_output[] = {
  {"cci", "distance of the typical price from its mean, in units of 0.015 "
          "mean deviations; 0 if flat"},
};

constexpr feature_entry entries[] = {
  {"cci", "commodity channel index", "TA-Lib CCI", bar_prices, cci_parameters,
   cci_output, make_cci},
  {"rsi", "relative strength index", "TA-Lib RSI", close_only, rsi_parameters,
   rsi_output, make_rsi},
  {"stochastic", "place of the close in the range of the last rows",
   "TA-Lib STOCH with simple averages", bar_prices, stochastic_parameters,
   stochastic_outputs, make_stochastic},
  {"williams_r", "place of the close below the top of the range",
   "TA-Lib WILLR", bar_prices, range_parameters, williams_output,
   make_williams},
};

} // namespace

std::span<const feature_entry> oscillators() {
  return entries;
}

} // namespace qalpha
