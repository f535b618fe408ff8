#include "models/features/indicators/bar_prices.hpp"

#include "models/features/block/bar_steps.hpp"
#include "models/features/block/block_feature.hpp"

namespace qalpha {

namespace {

struct mean_of_four {
  static constexpr size_t inputs = 4;

  QALPHA_INLINE static double of(const double* const* in, size_t i) {
    return (in[0][i] + in[1][i] + in[2][i] + in[3][i]) / 4;
  }
};

struct mean_of_range {
  static constexpr size_t inputs = 2;

  QALPHA_INLINE static double of(const double* const* in, size_t i) {
    return (in[0][i] + in[1][i]) / 2;
  }
};

struct mean_with_close {
  static constexpr size_t inputs = 3;

  QALPHA_INLINE static double of(const double* const* in, size_t i) {
    return typical_price(in[0][i], in[1][i], in[2][i]);
  }
};

struct mean_with_close_twice {
  static constexpr size_t inputs = 3;

  QALPHA_INLINE static double of(const double* const* in, size_t i) {
    return (in[0][i] + in[1][i] + in[2][i] * 2) / 4;
  }
};

template <class Price>
class price_kernel : public block_kernel {
public:
  static constexpr size_t inputs = Price::inputs;
  static constexpr size_t outputs = 1;

  price_kernel() : block_kernel(1) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {0};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    std::array<const double*, inputs> from;
    std::copy_n(in, inputs, from.begin());
    auto y = out[0];
    for_rows(now, [&from, y](size_t i) { y[i] = Price::of(from.data(), i); });
  }
};

template <class Price>
fallible<made_feature> make_price(std::span<const double>) {
  return made_feature{make_block_feature<price_kernel<Price>>(), 0, 1};
}

constexpr std::string_view whole_bar[] = {"open", "high", "low", "close"};
constexpr std::string_view high_low[] = {"high", "low"};
constexpr std::string_view high_low_close[] = {"high", "low", "close"};
constexpr feature_output price_output[] = {{"price", "price"}};

constexpr feature_entry entries[] = {
  {"avgprice",
   "mean of open, high, low and close",
   "TA-Lib AVGPRICE",
   whole_bar,
   {},
   price_output,
   make_price<mean_of_four>},
  {"medprice",
   "middle of high and low",
   "TA-Lib MEDPRICE",
   high_low,
   {},
   price_output,
   make_price<mean_of_range>},
  {"typprice",
   "mean of high, low and close",
   "TA-Lib TYPPRICE",
   high_low_close,
   {},
   price_output,
   make_price<mean_with_close>},
  {"wclprice",
   "mean of high, low and twice the close",
   "TA-Lib WCLPRICE",
   high_low_close,
   {},
   price_output,
   make_price<mean_with_close_twice>},
};

} // namespace

std::span<const feature_entry> bar_price_indicators() {
  return entries;
}

} // namespace qalpha
