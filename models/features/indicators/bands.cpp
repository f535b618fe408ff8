#include "models/features/indicators/bands.hpp"

#include "models/features/block/block_feature.hpp"
#include "models/features/block/moments.hpp"
#include "models/features/block/window.hpp"
#include "models/features/indicators/average_range.hpp"
#include "models/features/indicators/averaged_bands.hpp"
#include "models/features/indicators/chosen_average.hpp"

namespace qalpha {

namespace {

constexpr std::string_view close_only[] = {"close"};
constexpr std::string_view bar_prices[] = {"high", "low", "close"};

constexpr feature_output band_outputs[] = {
  {"upper", "upper band, in units of the input"},
  {"middle", "mean, in units of the input"},
  {"lower", "lower band, in units of the input"},
};

// -- bollinger
// ------------------------------------------------------------------

class bollinger_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 3;

  bollinger_kernel(size_t period, double above, double below)
    : block_kernel(period), period_(period), above_(above), below_(below),
      x_(memory_.add(period)), moments_(memory_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 3> undefined_before() const noexcept {
    return {period_ - 1, period_ - 1, period_ - 1};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto x = keep(now, x_, in[0]);
    auto upper = out[0];
    auto middle = out[1];
    auto lower = out[2];
    moments_.run(now, x, middle, upper);
    auto n = static_cast<double>(period_);
    auto above = above_;
    auto below = below_;
    for_rows(now, [=](size_t i) {
      auto mean = x[i] + middle[i] / n;
      auto deviation = std::sqrt(upper[i] / n);
      upper[i] = mean + above * deviation;
      middle[i] = mean;
      lower[i] = mean - below * deviation;
    });
  }

private:
  size_t period_;
  double above_;
  double below_;
  double* x_;
  window_moments moments_;
};

fallible<made_feature> make_bollinger(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  auto kind = static_cast<average_kind>(values[3]);
  if (kind != average_kind::simple)
    return make_averaged_bands({kind, period}, values[1], values[2]);
  return made_feature{
    make_block_feature<bollinger_kernel>(period, values[1], values[2]),
    period - 1, period};
}

constexpr parameter bollinger_parameters[] = {
  {"period", 20, 2, 100'000, "rows in the mean and the deviation"},
  {"above", 2, 0, 100, "deviations up to the upper band", false},
  {"below", 2, 0, 100, "deviations down to the lower band", false},
  added_later(choice_parameter("average", 0, average_kind_names,
                               "kind of the mean; the deviation is always that "
                               "from the simple one")),
};

// -- keltner
// --------------------------------------------------------------------

constexpr std::string_view mean_price_names[] = {"close", "typical"};

template <bool Typical>
class keltner_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 3;

  keltner_kernel(size_t period, size_t range_period, double width)
    : block_kernel(8), width_(width), x_(memory_.add(2)),
      mean_(memory_, 0, period), range_(memory_, range_period) {
    // nop
  }

  size_t settled() const noexcept {
    return std::max(mean_.settled(), range_.settled());
  }

  std::array<size_t, 3> undefined_before() const noexcept {
    auto both = std::max(mean_.first(), range_.first());
    return {both, mean_.first(), both};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto x = x_ + now.at;
    for_rows(now, [=, high = in[0], low = in[1], close = in[2]](size_t i) {
      x[i] = Typical ? typical_price(high[i], low[i], close[i]) : close[i];
    });
    auto distance = mean_.run(now, x);
    auto range = range_.run(now, in[0], in[1], in[2]);
    auto upper = out[0];
    auto middle = out[1];
    auto lower = out[2];
    auto width = width_;
    for_rows(now, [=](size_t i) {
      auto mean = x[i] - distance[i];
      auto reach = width * range[i];
      upper[i] = mean + reach;
      middle[i] = mean;
      lower[i] = mean - reach;
    });
  }

private:
  double width_;
  double* x_;
  ema_line mean_;
  average_range range_;
};

fallible<made_feature> make_keltner(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  auto range_period = static_cast<size_t>(values[1]);
  auto memory = std::max(period + memory_of_decay(2 / (values[0] + 1)),
                         range_period + 1 + memory_of_decay(1 / values[1]));
  auto object = values[3] == 0 ? make_block_feature<keltner_kernel<false>>(
                  period, range_period, values[2])
                               : make_block_feature<keltner_kernel<true>>(
                                 period, range_period, values[2]);
  return made_feature{std::move(object), std::max(period - 1, range_period),
                      memory};
}

constexpr parameter keltner_parameters[] = {
  {"period", 20, 1, 100'000, "rows of the exponential mean"},
  {"range_period", 10, 1, 100'000, "rows of the average true range"},
  {"width", 2, 0, 100, "average ranges from the mean to a band", false},
  added_later(choice_parameter("price", 0, mean_price_names,
                               "of a bar, that the mean is of")),
};

// -- keltner_1960

class keltner_1960_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 3;

  explicit keltner_1960_kernel(size_t period)
    : block_kernel(period), period_(period), price_(memory_.add(period)),
      range_(memory_.add(period)), prices_(memory_, price_, period),
      ranges_(memory_, range_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 3> undefined_before() const noexcept {
    return {period_ - 1, period_ - 1, period_ - 1};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto price = price_ + now.at;
    auto range = range_ + now.at;
    for_rows(now, [=, high = in[0], low = in[1], close = in[2]](size_t i) {
      price[i] = typical_price(high[i], low[i], close[i]);
      range[i] = high[i] - low[i];
    });
    auto upper = out[0];
    auto middle = out[1];
    auto lower = out[2];
    prices_.run(now, middle);
    ranges_.run(now, lower);
    auto n = static_cast<double>(period_);
    for_rows(now, [=](size_t i) {
      auto mean = middle[i] / n;
      auto reach = lower[i] / n;
      upper[i] = mean + reach;
      middle[i] = mean;
      lower[i] = mean - reach;
    });
  }

private:
  size_t period_;
  double* price_;
  double* range_;
  window_sum prices_;
  window_sum ranges_;
};

fallible<made_feature> make_keltner_1960(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<keltner_1960_kernel>(period),
                      period - 1, period};
}

constexpr parameter keltner_1960_parameters[] = {
  {"period", 10, 1, 100'000, "rows in both means"},
};

// -- accbands

class accbands_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 3;

  explicit accbands_kernel(size_t period)
    : block_kernel(period), period_(period), above_(memory_.add(period)),
      close_(memory_.add(period)), below_(memory_.add(period)),
      upper_(memory_, above_, period), middle_(memory_, close_, period),
      lower_(memory_, below_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 3> undefined_before() const noexcept {
    return {period_ - 1, period_ - 1, period_ - 1};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto high = in[0];
    auto low = in[1];
    keep(now, close_, in[2]);
    auto above = above_ + now.at;
    auto below = below_ + now.at;
    for_rows(now, [=](size_t i) {
      auto sum = high[i] + low[i];
      auto share = 4 * ((high[i] - low[i]) / sum);
      auto width = std::abs(sum) < 1e-14 ? 0.0 : share;
      above[i] = high[i] * (1 + width);
      below[i] = low[i] * (1 - width);
    });
    upper_.run(now, out[0]);
    middle_.run(now, out[1]);
    lower_.run(now, out[2]);
    auto n = static_cast<double>(period_);
    for (size_t band = 0; band < outputs; ++band)
      for_rows(now, [=, y = out[band]](size_t i) { y[i] /= n; });
  }

private:
  size_t period_;
  double* above_;
  double* close_;
  double* below_;
  window_sum upper_;
  window_sum middle_;
  window_sum lower_;
};

fallible<made_feature> make_accbands(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<accbands_kernel>(period), period - 1,
                      period};
}

constexpr parameter accbands_parameters[] = {
  {"period", 20, 2, 100'000, "rows in each of the three means"},
};

constexpr feature_entry entries[] = {
  {"accbands", "means of bars widened by four times their relative range",
   "TA-Lib ACCBANDS", bar_prices, accbands_parameters, band_outputs,
   make_accbands},
  {"bollinger", "mean with bands of standard deviations (of the population)",
   "TA-Lib BBANDS; accurate also at high prices", close_only,
   bollinger_parameters, band_outputs, make_bollinger},
  {"keltner", "exponential mean with bands of average true ranges",
   "TA-Lib EMA and ATR; TTR keltnerChannels with the typical price", bar_prices,
   keltner_parameters, band_outputs, make_keltner},
  {"keltner_1960", "mean of typical prices with bands of mean ranges",
   "Keltner 1960; ta (bukosabino) KeltnerChannel, original version", bar_prices,
   keltner_1960_parameters, band_outputs, make_keltner_1960},
};

} // namespace

std::span<const feature_entry> band_indicators() {
  return entries;
}

} // namespace qalpha
