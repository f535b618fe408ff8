#include "models/features/indicators/extremes.hpp"

#include "models/features/block/bar_steps.hpp"
#include "models/features/block/block_feature.hpp"
#include "models/features/block/window.hpp"

namespace qalpha {

namespace {

constexpr std::string_view close_only[] = {"close"};

constexpr feature_output in_units[] = {{"value", "in units of the input"}};

// -- sum

class sum_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit sum_kernel(size_t period)
    : block_kernel(period), period_(period), x_(memory_.add(period)),
      window_(memory_, x_, period) {
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
    keep(now, x_, in[0]);
    window_.run(now, out[0]);
  }

private:
  size_t period_;
  double* x_;
  window_sum window_;
};

fallible<made_feature> make_sum(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<sum_kernel>(period), period - 1,
                      period};
}

constexpr parameter period_only[] = {{"period", 20, 1, 100'000, "rows"}};

// -- midpoint

class midpoint_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit midpoint_kernel(size_t period)
    : block_kernel(period), period_(period), x_(memory_.add(period)),
      highest_(memory_, x_, period), lowest_(memory_, x_, period) {
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
    keep(now, x_, in[0]);
    double lowest[Rows::most];
    auto y = out[0];
    highest_.run(now, y);
    lowest_.run(now, lowest);
    for_rows(now,
             [=, low = &lowest[0]](size_t i) { y[i] = (y[i] + low[i]) / 2; });
  }

private:
  size_t period_;
  double* x_;
  window_max highest_;
  window_min lowest_;
};

fallible<made_feature> make_midpoint(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<midpoint_kernel>(period), period - 1,
                      period};
}

// -- donchian

class donchian_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 3;

  explicit donchian_kernel(size_t period)
    : block_kernel(period), period_(period), high_(memory_.add(period)),
      low_(memory_.add(period)), highest_(memory_, high_, period),
      lowest_(memory_, low_, period) {
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
    keep(now, high_, in[0]);
    keep(now, low_, in[1]);
    auto upper = out[0];
    auto middle = out[1];
    auto lower = out[2];
    highest_.run(now, upper);
    lowest_.run(now, lower);
    for_rows(now, [=](size_t i) { middle[i] = (upper[i] + lower[i]) / 2; });
  }

private:
  size_t period_;
  double* high_;
  double* low_;
  window_max highest_;
  window_min lowest_;
};

fallible<made_feature> make_donchian(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<donchian_kernel>(period), period - 1,
                      period};
}

constexpr std::string_view high_low[] = {"high", "low"};
constexpr feature_output donchian_outputs[] = {
  {"upper", "highest of the last rows, this one included, price"},
  {"middle", "middle of both, price"},
  {"lower", "lowest of the last rows, this one included, price"},
};

// -- aroon

class aroon_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 3;

  explicit aroon_kernel(size_t period)
    : block_kernel(period), period_(period), high_(memory_.add(period)),
      low_(memory_.add(period)) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 3> undefined_before() const noexcept {
    return {period_, period_, period_};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto high = keep(now, high_, in[0]);
    auto low = keep(now, low_, in[1]);
    double tops[Rows::most];
    double bottoms[Rows::most];
    auto top = &tops[0];
    auto bottom = &bottoms[0];
    auto down = out[0];
    auto up = out[1];
    auto apart = out[2];
    auto n = static_cast<double>(period_);
    auto oldest = period_;
    for_rows(now, [=](size_t i) {
      top[i] = (high - oldest)[i];
      bottom[i] = (low - oldest)[i];
      up[i] = down[i] = n;
    });
    // Of equal ones the newest counts.
    for (auto j = period_; j-- > 0;) {
      auto age = static_cast<double>(j);
      for_rows(now, [=](size_t i) {
        auto h = (high - j)[i];
        auto l = (low - j)[i];
        up[i] = h >= top[i] ? age : up[i];
        top[i] = h >= top[i] ? h : top[i];
        down[i] = l <= bottom[i] ? age : down[i];
        bottom[i] = l <= bottom[i] ? l : bottom[i];
      });
    }
    for_rows(now, [=](size_t i) {
      up[i] = 100 * (n - up[i]) / n;
      down[i] = 100 * (n - down[i]) / n;
      apart[i] = up[i] - down[i];
    });
  }

private:
  size_t period_;
  double* high_;
  double* low_;
};

fallible<made_feature> make_aroon(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<aroon_kernel>(period), period,
                      period + 1};
}

constexpr parameter aroon_parameters[] = {
  {"period", 14, 2, 10'000, "rows before this one that are looked at"},
};
constexpr feature_output aroon_outputs[] = {
  {"down", "how recent the lowest low is, 0 to 100"},
  {"up", "how recent the highest high is, 0 to 100"},
  {"oscillator", "up less down, -100 to 100"},
};

// -- ulcer

class ulcer_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit ulcer_kernel(size_t period)
    : block_kernel(period), period_(period), x_(memory_.add(period)),
      square_(memory_.add(period)), highest_(memory_, x_, period),
      sum_(memory_, square_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {2 * period_ - 2};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto x = keep(now, x_, in[0]);
    auto square = square_ + now.at;
    auto y = out[0];
    highest_.run(now, y);
    for_rows(now, [=](size_t i) {
      auto fall = percent_of(x[i] - y[i], y[i]);
      square[i] = fall * fall;
    });
    sum_.run(now, y);
    auto n = static_cast<double>(period_);
    for_rows(now, [=](size_t i) { y[i] = std::sqrt(y[i] / n); });
  }

private:
  size_t period_;
  double* x_;
  double* square_;
  window_max highest_;
  window_sum sum_;
};

fallible<made_feature> make_ulcer(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<ulcer_kernel>(period), 2 * period - 2,
                      2 * period - 1};
}

constexpr parameter ulcer_parameters[] = {
  {"period", 14, 1, 100'000, "rows of the highest, and of the mean"},
};
constexpr feature_output ulcer_output[] = {
  {"value", "root mean square of the falls from the highest, percent"},
};

constexpr feature_entry entries[] = {
  {"aroon", "how recent the extremes are", "TA-Lib AROON, AROONOSC", high_low,
   aroon_parameters, aroon_outputs, make_aroon},
  {"donchian", "channel of the highest high and the lowest low",
   "ta (bukosabino) DonchianChannel", high_low, period_only, donchian_outputs,
   make_donchian},
  {"midpoint", "middle of the highest and the lowest", "TA-Lib MIDPOINT",
   close_only, period_only, in_units, make_midpoint},
  {"sum", "sum of the last rows", "TA-Lib SUM", close_only, period_only,
   in_units, make_sum},
  {"ulcer", "ulcer index", "ta (bukosabino) UlcerIndex", close_only,
   ulcer_parameters, ulcer_output, make_ulcer},
};

} // namespace

std::span<const feature_entry> extreme_indicators() {
  return entries;
}

} // namespace qalpha
