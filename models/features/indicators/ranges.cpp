#include "models/features/indicators/ranges.hpp"

#include "models/features/block/block_feature.hpp"
#include "models/features/indicators/average_range.hpp"

namespace qalpha {

namespace {

constexpr std::string_view bar_prices[] = {"high", "low", "close"};

// -- true_range
// -----------------------------------------------------------------

class true_range_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 1;

  true_range_kernel() : block_kernel(1), close_(memory_.add(1)) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {1};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto high = in[0];
    auto low = in[1];
    auto close = keep(now, close_, in[2]);
    auto y = out[0];
    for_rows(now, [=](size_t i) {
      y[i] = true_range(high[i], low[i], (close - 1)[i]);
    });
  }

private:
  double* close_;
};

fallible<made_feature> make_true_range(std::span<const double>) {
  return made_feature{make_block_feature<true_range_kernel>(), 1, 2};
}

constexpr feature_output range_output[] = {{"range", "price"}};

// -- atr, natr
// ------------------------------------------------------------------

template <bool OfClose>
class atr_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 1;

  explicit atr_kernel(size_t period) : block_kernel(8), mean_(memory_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return mean_.settled();
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {mean_.first()};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto close = in[2];
    auto mean = mean_.run(now, in[0], in[1], close);
    auto y = out[0];
    for_rows(now, [=](size_t i) {
      y[i] = OfClose ? percent_of(mean[i], close[i]) : mean[i];
    });
  }

private:
  average_range mean_;
};

template <bool OfClose>
fallible<made_feature> make_atr(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<atr_kernel<OfClose>>(period), period,
                      period + 1 + memory_of_decay(1 / values[0])};
}

constexpr parameter atr_parameters[] = {
  {"period", 14, 1, 100'000, "rows of Wilder's average"},
};

constexpr feature_output natr_output[] = {{"range", "percent of the close"}};

constexpr feature_entry entries[] = {
  {"atr", "average true range", "TA-Lib ATR", bar_prices, atr_parameters,
   range_output, make_atr<false>},
  {"natr", "average true range as a share of the price", "TA-Lib NATR",
   bar_prices, atr_parameters, natr_output, make_atr<true>},
  {"true_range",
   "reach of the bar, from the close before it",
   "TA-Lib TRANGE",
   bar_prices,
   {},
   range_output,
   make_true_range},
};

} // namespace

std::span<const feature_entry> range_indicators() {
  return entries;
}

} // namespace qalpha
