#include "models/features/indicators/statistics.hpp"

#include "models/features/block/block_feature.hpp"
#include "models/features/block/deviation.hpp"
#include "models/features/block/moments.hpp"
#include "models/features/block/weighted.hpp"
#include "models/features/block/window.hpp"

namespace qalpha {

namespace {

constexpr std::string_view close_only[] = {"close"};

constexpr feature_output in_units[] = {{"value", "in units of the input"}};

// -- stddev, variance

template <bool Root>
class variance_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  variance_kernel(size_t period, double scale)
    : block_kernel(period), period_(period), scale_(scale),
      x_(memory_.add(period)), moments_(memory_, period) {
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
    double sums[Rows::most];
    auto y = out[0];
    moments_.run(now, keep(now, x_, in[0]), sums, y);
    auto n = static_cast<double>(period_);
    auto scale = scale_;
    for_rows(now, [=](size_t i) {
      auto variance = y[i] / n;
      y[i] = Root ? scale * std::sqrt(variance) : variance;
    });
  }

private:
  size_t period_;
  double scale_;
  double* x_;
  window_moments moments_;
};

template <bool Root>
fallible<made_feature> make_variance(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  auto scale = Root ? values[1] : 1.0;
  return made_feature{make_block_feature<variance_kernel<Root>>(period, scale),
                      period - 1, period};
}

constexpr parameter period_only[] = {{"period", 20, 2, 100'000, "rows"}};
constexpr parameter stddev_parameters[] = {
  {"period", 20, 2, 100'000, "rows"},
  {"scale", 1, 0, 100, "factor of the deviation", false},
};
constexpr feature_output squared_units[] = {
  {"value", "in squared units of the input"},
};

// -- avgdev

class avgdev_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit avgdev_kernel(size_t period)
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
    auto x = keep(now, x_, in[0]);
    double means[Rows::most];
    auto mean = &means[0];
    auto n = static_cast<double>(period_);
    sum_.run(now, mean);
    for_rows(now, [=](size_t i) { mean[i] /= n; });
    auto y = out[0];
    sum_deviations(now, period_, x, mean, y);
    for_rows(now, [=](size_t i) { y[i] /= n; });
  }

private:
  size_t period_;
  double* x_;
  window_sum sum_;
};

fallible<made_feature> make_avgdev(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<avgdev_kernel>(period), period - 1,
                      period};
}

constexpr parameter scanned_period[] = {{"period", 14, 2, 10'000, "rows"}};

// -- linreg

/// Weights of the least-squares line through the last rows: its slope, and its
/// value some rows after the newest.
weighted_window slope_of_line(size_t length) {
  auto n = static_cast<double>(length);
  std::vector<double> weights;
  for (size_t i = 0; i < length; ++i)
    weights.push_back(((n - 1) / 2 - static_cast<double>(i)) * 12
                      / (n * (n * n - 1)));
  return weighted_window{std::move(weights)};
}

class linreg_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 5;

  explicit linreg_kernel(size_t period)
    : block_kernel(period), period_(period), x_(memory_.add(period)),
      slope_(slope_of_line(period)), sum_(memory_, x_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 5> undefined_before() const noexcept {
    return {period_ - 1, period_ - 1, period_ - 1, period_ - 1, period_ - 1};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    keep(now, x_, in[0]);
    auto value = out[0];
    auto slope = out[1];
    auto intercept = out[2];
    auto angle = out[3];
    auto forecast = out[4];
    slope_.run(now, x_ + now.at, slope);
    sum_.run(now, value);
    auto n = static_cast<double>(period_);
    for_rows(now, [=](size_t i) {
      auto middle = value[i] / n;
      auto half = (n - 1) / 2 * slope[i];
      intercept[i] = middle - half;
      value[i] = middle + half;
      forecast[i] = middle + half + slope[i];
    });
    constexpr auto degrees = 57.29577951308232;
    for (size_t i = 0; i < now.count; ++i)
      angle[i] = std::atan(slope[i]) * degrees;
  }

private:
  size_t period_;
  double* x_;
  weighted_window slope_;
  window_sum sum_;
};

fallible<made_feature> make_linreg(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<linreg_kernel>(period), period - 1,
                      period};
}

constexpr feature_output linreg_outputs[] = {
  {"value", "of the line at the newest row, in units of the input"},
  {"slope", "in units of the input a row"},
  {"intercept", "of the line at the oldest row, in units of the input"},
  {"angle", "of the slope, degrees"},
  {"forecast", "of the line a row after the newest, in units of the input"},
};

// -- correl

class correl_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 1;

  explicit correl_kernel(size_t period)
    : block_kernel(period), period_(period), x_(memory_.add(period)),
      z_(memory_.add(period)), x_sum_(memory_, x_, period),
      z_sum_(memory_, z_, period) {
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
    auto x = keep(now, x_, in[0]);
    auto z = keep(now, z_, in[1]);
    double xs[Rows::most];
    double zs[Rows::most];
    double xx[Rows::most];
    double zz[Rows::most];
    auto x_mean = &xs[0];
    auto z_mean = &zs[0];
    auto x_squares = &xx[0];
    auto z_squares = &zz[0];
    auto y = out[0];
    x_sum_.run(now, xs);
    z_sum_.run(now, zs);
    auto n = static_cast<double>(period_);
    for_rows(now, [=](size_t i) {
      x_mean[i] /= n;
      z_mean[i] /= n;
    });
    std::fill_n(x_squares, now.count, 0.0);
    std::fill_n(z_squares, now.count, 0.0);
    std::fill_n(y, now.count, 0.0);
    for (size_t j = 0; j < period_; ++j)
      for_rows(now, [=](size_t i) {
        auto a = (x - j)[i] - x_mean[i];
        auto b = (z - j)[i] - z_mean[i];
        x_squares[i] += a * a;
        z_squares[i] += b * b;
        y[i] += a * b;
      });
    for_rows(now, [=](size_t i) {
      auto scale = std::sqrt(x_squares[i] * z_squares[i]);
      auto value = y[i] / scale;
      // Values that are all the same differ from their mean by its rounding.
      auto noise = 1e-14 * n * std::abs(x_mean[i]) * std::abs(z_mean[i])
                   * 1e-14;
      y[i] = scale > noise ? value : 0.0;
    });
  }

private:
  size_t period_;
  double* x_;
  double* z_;
  window_sum x_sum_;
  window_sum z_sum_;
};

fallible<made_feature> make_correl(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<correl_kernel>(period), period - 1,
                      period};
}

constexpr std::string_view two_columns[] = {"close", "index"};
constexpr parameter correl_parameters[] = {{"period", 30, 2, 10'000, "rows"}};
constexpr feature_output correl_output[] = {
  {"value", "-1 to 1; 0 if one of them does not change"},
};

// -- beta

class beta_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 1;

  explicit beta_kernel(size_t period)
    : block_kernel(period), period_(period), x_(memory_.add(1)),
      z_(memory_.add(1)), a_(memory_.add(period)), b_(memory_.add(period)),
      ab_(memory_.add(period)), aa_(memory_.add(period)),
      a_sum_(memory_, a_, period), b_sum_(memory_, b_, period),
      ab_sum_(memory_, ab_, period), aa_sum_(memory_, aa_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {period_};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto x = keep(now, x_, in[0]);
    auto z = keep(now, z_, in[1]);
    auto a = a_ + now.at;
    auto b = b_ + now.at;
    auto ab = ab_ + now.at;
    auto aa = aa_ + now.at;
    for_rows(now, [=](size_t i) {
      auto x_before = (x - 1)[i];
      auto z_before = (z - 1)[i];
      auto x_return = (x[i] - x_before) / x_before;
      auto z_return = (z[i] - z_before) / z_before;
      a[i] = x_before == 0 ? 0.0 : x_return;
      b[i] = z_before == 0 ? 0.0 : z_return;
      ab[i] = a[i] * b[i];
      aa[i] = a[i] * a[i];
    });
    double as[Rows::most];
    double bs[Rows::most];
    double aas[Rows::most];
    auto y = out[0];
    a_sum_.run(now, as);
    b_sum_.run(now, bs);
    aa_sum_.run(now, aas);
    ab_sum_.run(now, y);
    auto n = static_cast<double>(period_);
    for_rows(now, [=, sa = &as[0], sb = &bs[0], saa = &aas[0]](size_t i) {
      auto spread = n * saa[i] - sa[i] * sa[i];
      auto value = (n * y[i] - sa[i] * sb[i]) / spread;
      y[i] = spread > 1e-14 * n * saa[i] ? value : 0.0;
    });
  }

private:
  size_t period_;
  double* x_;
  double* z_;
  double* a_;
  double* b_;
  double* ab_;
  double* aa_;
  window_sum a_sum_;
  window_sum b_sum_;
  window_sum ab_sum_;
  window_sum aa_sum_;
};

fallible<made_feature> make_beta(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<beta_kernel>(period), period,
                      period + 1};
}

constexpr parameter beta_parameters[] = {
  {"period", 5, 2, 10'000, "returns in the regression"},
};
constexpr feature_output beta_output[] = {
  {"value", "returns of the second for a return of the first; 0 if that does "
            "not change"},
};

constexpr feature_entry entries[] = {
  {"avgdev", "mean deviation from the mean", "TA-Lib AVGDEV", close_only,
   scanned_period, in_units, make_avgdev},
  {"beta", "slope of the returns of the second input on those of the first",
   "TA-Lib BETA", two_columns, beta_parameters, beta_output, make_beta},
  {"correl", "Pearson's correlation of two columns", "TA-Lib CORREL",
   two_columns, correl_parameters, correl_output, make_correl},
  {"linreg", "least-squares line through the last rows",
   "TA-Lib LINEARREG, _SLOPE, _INTERCEPT, _ANGLE, TSF", close_only,
   scanned_period, linreg_outputs, make_linreg},
  {"stddev", "standard deviation (of the population)", "TA-Lib STDDEV",
   close_only, stddev_parameters, in_units, make_variance<true>},
  {"variance", "variance (of the population)", "TA-Lib VAR", close_only,
   period_only, squared_units, make_variance<false>},
};

} // namespace

std::span<const feature_entry> statistics() {
  return entries;
}

} // namespace qalpha
