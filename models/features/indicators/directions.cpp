#include "models/features/indicators/directions.hpp"

#include "models/features/block/block_feature.hpp"
#include "models/features/block/window.hpp"
#include "models/features/indicators/directional.hpp"

namespace qalpha {

namespace {

constexpr std::string_view bar_prices[] = {"high", "low", "close"};

// -- dm

class dm_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 2;

  explicit dm_kernel(size_t period)
    : block_kernel(8), movement_(memory_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return movement_.settled();
  }

  std::array<size_t, 2> undefined_before() const noexcept {
    return {movement_.first(), movement_.first()};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto sums = movement_.run(now, in[0], in[1], in[1]);
    std::copy_n(sums.up, now.count, out[0]);
    std::copy_n(sums.down, now.count, out[1]);
  }

private:
  directional_movement movement_;
};

fallible<made_feature> make_dm(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<dm_kernel>(period),
                      std::max<size_t>(period - 1, 1),
                      period + 1 + memory_of_decay(1 / values[0])};
}

constexpr std::string_view high_low[] = {"high", "low"};
constexpr parameter period_from_one[] = {
  {"period", 14, 1, 100'000, "rows of Wilder's sums"},
};
constexpr parameter period_from_two[] = {
  {"period", 14, 2, 100'000, "rows of Wilder's averages"},
};
constexpr feature_output dm_outputs[] = {
  {"plus", "upward movement summed up with fading weights, price"},
  {"minus", "downward movement summed up with fading weights, price"},
};

// -- di

class di_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 2;

  explicit di_kernel(size_t period)
    : block_kernel(8), period_(period), movement_(memory_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return movement_.settled();
  }

  std::array<size_t, 2> undefined_before() const noexcept {
    return {period_, period_};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto sums = movement_.run(now, in[0], in[1], in[2]);
    for_rows(now, [=, plus = out[0], minus = out[1]](size_t i) {
      plus[i] = percent_of(sums.up[i], sums.range[i]);
      minus[i] = percent_of(sums.down[i], sums.range[i]);
    });
  }

private:
  size_t period_;
  directional_movement movement_;
};

fallible<made_feature> make_di(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<di_kernel>(period), period,
                      period + 1 + memory_of_decay(1 / values[0])};
}

constexpr feature_output di_outputs[] = {
  {"plus", "share of the true range that went up, 0 to 100"},
  {"minus", "share of the true range that went down, 0 to 100"},
};

// -- dx

class dx_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 1;

  explicit dx_kernel(size_t period)
    : block_kernel(8), period_(period), movement_(memory_, period),
      value_(memory_.add(1)) {
    // nop
  }

  size_t settled() const noexcept {
    return movement_.settled();
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {period_};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto sums = movement_.run(now, in[0], in[1], in[2]);
    auto value = value_ + now.at;
    for (size_t i = 0; i < now.count; ++i) {
      auto index = directional_index::of(sums.up[i], sums.down[i],
                                         sums.range[i]);
      // Without movement it stays what it was.
      auto before = Rows::warming && now.seen <= period_ ? 0.0
                                                         : (value + i)[-1];
      value[i] = index.defined ? index.apart : before;
      out[0][i] = value[i];
    }
  }

private:
  size_t period_;
  directional_movement movement_;
  double* value_;
};

fallible<made_feature> make_dx(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<dx_kernel>(period), period,
                      2 * period + memory_of_decay(1 / values[0])};
}

constexpr feature_output place_output[] = {{"value", "0 to 100"}};

// -- adxr

class adxr_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 1;

  explicit adxr_kernel(size_t period)
    : block_kernel(period), period_(period), movement_(memory_, period),
      strength_(memory_, period), adx_(memory_.add(period)) {
    // nop
  }

  size_t settled() const noexcept {
    return strength_.settled();
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {strength_.first() + period_ - 1};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto sums = movement_.run(now, in[0], in[1], in[2]);
    double plus[Rows::most];
    double minus[Rows::most];
    auto adx = adx_ + now.at;
    strength_.run(now, sums, adx, plus, minus);
    auto back = period_ - 1;
    auto y = out[0];
    for_rows(now, [=](size_t i) { y[i] = (adx[i] + (adx - back)[i]) / 2; });
  }

private:
  size_t period_;
  directional_movement movement_;
  trend_strength strength_;
  double* adx_;
};

fallible<made_feature> make_adxr(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<adxr_kernel>(period), 3 * period - 2,
                      2 * memory_of_decay(1 / values[0]) + 3 * period};
}

// -- vortex

class vortex_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 2;

  explicit vortex_kernel(size_t period)
    : block_kernel(period), period_(period), high_(memory_.add(1)),
      low_(memory_.add(1)), close_(memory_.add(1)), up_(memory_.add(period)),
      down_(memory_.add(period)), range_(memory_.add(period)),
      ups_(memory_, up_, period), downs_(memory_, down_, period),
      ranges_(memory_, range_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 2> undefined_before() const noexcept {
    return {period_, period_};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto high = keep(now, high_, in[0]);
    auto low = keep(now, low_, in[1]);
    auto close = keep(now, close_, in[2]);
    auto up = up_ + now.at;
    auto down = down_ + now.at;
    auto range = range_ + now.at;
    for_rows(now, [=](size_t i) {
      up[i] = std::abs(high[i] - (low - 1)[i]);
      down[i] = std::abs(low[i] - (high - 1)[i]);
      range[i] = true_range(high[i], low[i], (close - 1)[i]);
    });
    double alls[Rows::most];
    auto plus = out[0];
    auto minus = out[1];
    ups_.run(now, plus);
    downs_.run(now, minus);
    ranges_.run(now, alls);
    for_rows(now, [=, all = &alls[0]](size_t i) {
      auto rising = plus[i] / all[i];
      auto falling = minus[i] / all[i];
      plus[i] = all[i] > 0 ? rising : undefined;
      minus[i] = all[i] > 0 ? falling : undefined;
    });
  }

private:
  size_t period_;
  double* high_;
  double* low_;
  double* close_;
  double* up_;
  double* down_;
  double* range_;
  window_sum ups_;
  window_sum downs_;
  window_sum ranges_;
};

fallible<made_feature> make_vortex(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<vortex_kernel>(period), period,
                      period + 1};
}

constexpr parameter sum_parameters[] = {
  {"period", 14, 1, 100'000, "rows of the sums"},
};
constexpr feature_output vortex_outputs[] = {
  {"plus", "upward movement over the true range; none if prices stand still"},
  {"minus", "downward movement over the true range"},
};

constexpr feature_entry entries[] = {
  {"adxr", "mean of the directional index and an earlier one", "TA-Lib ADXR",
   bar_prices, period_from_two, place_output, make_adxr},
  {"di", "directional indicators; of a single bar with a period of 1",
   "TA-Lib PLUS_DI, MINUS_DI; in percent also where TA-Lib gives shares of 1",
   bar_prices, period_from_one, di_outputs, make_di},
  {"dm", "directional movement", "TA-Lib PLUS_DM, MINUS_DM", high_low,
   period_from_one, dm_outputs, make_dm},
  {"dx", "directional index of the bar", "TA-Lib DX", bar_prices,
   period_from_two, place_output, make_dx},
  {"vortex", "vortex indicator", "ta (bukosabino) VortexIndicator", bar_prices,
   sum_parameters, vortex_outputs, make_vortex},
};

} // namespace

std::span<const feature_entry> direction_indicators() {
  return entries;
}

} // namespace qalpha
