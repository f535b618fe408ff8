#include "models/features/indicators/moving_averages.hpp"

#include "models/features/block/block_feature.hpp"
#include "models/features/block/decay.hpp"
#include "models/features/block/window.hpp"

namespace qalpha {

namespace {

constexpr std::string_view close_only[] = {"close"};

constexpr feature_output mean_output[] = {{"mean", "in units of the input"}};

// -- sma
// ------------------------------------------------------------------------

class sma_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit sma_kernel(size_t period)
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
    auto y = out[0];
    auto n = static_cast<double>(period_);
    keep(now, x_, in[0]);
    sum_.run(now, y);
    for_rows(now, [=](size_t i) { y[i] /= n; });
  }

private:
  size_t period_;
  double* x_;
  window_sum sum_;
};

fallible<made_feature> make_sma(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<sma_kernel>(period), period - 1,
                      period};
}

constexpr parameter sma_parameters[] = {
  {"period", 20, 1, 100'000, "rows in the mean"},
};

// -- ema
// ------------------------------------------------------------------------

class ema_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit ema_kernel(size_t period)
    : block_kernel(8), x_(memory_.add(2)), line_(memory_, 0, period) {
    // nop
  }

  size_t settled() const noexcept {
    return line_.settled();
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {line_.first()};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto y = out[0];
    auto x = keep(now, x_, in[0]);
    auto distance = line_.run(now, x);
    for_rows(now, [=](size_t i) { y[i] = x[i] - distance[i]; });
  }

private:
  double* x_;
  ema_line line_;
};

fallible<made_feature> make_ema(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  auto memory = memory_of_decay(2.0 / (values[0] + 1));
  return made_feature{make_block_feature<ema_kernel>(period), period - 1,
                      std::max(period, memory)};
}

constexpr parameter ema_parameters[] = {
  {"period", 20, 1, 100'000, "rows; the weight of a new one is 2/(period+1)"},
};

constexpr feature_entry entries[] = {
  {"ema", "exponential moving average, seeded by a simple one", "TA-Lib EMA",
   close_only, ema_parameters, mean_output, make_ema},
  {"sma", "simple moving average", "TA-Lib SMA", close_only, sma_parameters,
   mean_output, make_sma},
};

} // namespace

std::span<const feature_entry> moving_averages() {
  return entries;
}

} // namespace qalpha
