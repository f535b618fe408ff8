#include "models/features/indicators/trend.hpp"

#include "models/features/block/block_feature.hpp"
#include "models/features/block/window.hpp"
#include "models/features/indicators/directional.hpp"

namespace qalpha {

namespace {

constexpr std::string_view bar_prices[] = {"high", "low", "close"};

// -- adx
// ------------------------------------------------------------------------

class adx_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 3;

  explicit adx_kernel(size_t period)
    : block_kernel(8), period_(period), movement_(memory_, period),
      strength_(memory_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return strength_.settled();
  }

  std::array<size_t, 3> undefined_before() const noexcept {
    return {strength_.first(), period_, period_};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto sums = movement_.run(now, in[0], in[1], in[2]);
    strength_.run(now, sums, out[0], out[1], out[2]);
  }

private:
  size_t period_;
  directional_movement movement_;
  trend_strength strength_;
};

fallible<made_feature> make_adx(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<adx_kernel>(period), 2 * period - 1,
                      2 * memory_of_decay(1 / values[0]) + 2 * period};
}

constexpr parameter period_of_directions[] = {
  {"period", 14, 2, 100'000, "rows of Wilder's averages"},
};

constexpr feature_output adx_outputs[] = {
  {"adx", "strength of the trend whatever its direction, 0 to 100"},
  {"plus_di", "share of the true range that went up, 0 to 100"},
  {"minus_di", "share of the true range that went down, 0 to 100"},
};

// -- ichimoku
// -------------------------------------------------------------------

/// Middle between the highest and the lowest of the last rows.
class middle_line {
public:
  middle_line(tape& memory, const double* high, const double* low,
              size_t period)
    : highest_(memory, high, period), lowest_(memory, low, period) {
    // nop
  }

  /// Shares what a longer one has computed, which has to run first.
  middle_line(const middle_line& longer, size_t period)
    : highest_(longer.highest_, period), lowest_(longer.lowest_, period) {
    // nop
  }

  /// Computes only what others share.
  template <class Rows>
  QALPHA_INLINE void fold_parts(const Rows& now) const {
    highest_.fold_parts(now);
    lowest_.fold_parts(now);
  }

  template <class Rows>
  QALPHA_INLINE void run(const Rows& now, double* out) const {
    double lowest[Rows::most];
    highest_.run(now, out);
    lowest_.run(now, lowest);
    for_rows(
      now, [=, low = &lowest[0]](size_t i) { out[i] = (out[i] + low[i]) / 2; });
  }

private:
  window_max highest_;
  window_min lowest_;
};

struct ichimoku_periods {
  size_t conversion;
  size_t base;
  size_t span;
  size_t displacement;

  size_t longest() const {
    return std::max({conversion, base, span});
  }
};

class ichimoku_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 5;

  explicit ichimoku_kernel(const ichimoku_periods& periods)
    : block_kernel(std::max(periods.longest(), periods.displacement)),
      periods_(periods), high_(memory_.add(periods.longest())),
      low_(memory_.add(periods.longest())),
      close_(memory_.add(periods.displacement)),
      span_a_(memory_.add(periods.displacement)),
      span_b_(memory_.add(periods.displacement)),
      longest_(memory_, high_, low_, periods.longest()),
      conversion_(longest_, periods.conversion), base_(longest_, periods.base),
      span_(longest_, periods.span) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 5> undefined_before() const noexcept {
    auto [conversion, base, span, displacement] = periods_;
    return {conversion - 1, base - 1,
            std::max(conversion, base) - 1 + displacement,
            span - 1 + displacement, displacement};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    keep(now, high_, in[0]);
    keep(now, low_, in[1]);
    auto close = keep(now, close_, in[2]);
    auto conversion = out[0];
    auto base = out[1];
    auto a = span_a_ + now.at;
    auto b = span_b_ + now.at;
    longest_.fold_parts(now);
    conversion_.run(now, conversion);
    base_.run(now, base);
    span_.run(now, b);
    for_rows(now, [=](size_t i) { a[i] = (conversion[i] + base[i]) / 2; });
    auto y2 = out[2];
    auto y3 = out[3];
    auto y4 = out[4];
    auto back = periods_.displacement;
    for_rows(now, [=](size_t i) {
      y2[i] = (a - back)[i];
      y3[i] = (b - back)[i];
      y4[i] = close[i] - (close - back)[i];
    });
  }

private:
  ichimoku_periods periods_;
  double* high_;
  double* low_;
  double* close_;
  double* span_a_;
  double* span_b_;
  middle_line longest_;
  middle_line conversion_;
  middle_line base_;
  middle_line span_;
};

fallible<made_feature> make_ichimoku(std::span<const double> values) {
  ichimoku_periods periods{
    static_cast<size_t>(values[0]), static_cast<size_t>(values[1]),
    static_cast<size_t>(values[2]), static_cast<size_t>(values[3])};
  auto memory = periods.longest() + periods.displacement;
  return made_feature{make_block_feature<ichimoku_kernel>(periods), memory - 1,
                      memory};
}

constexpr parameter ichimoku_parameters[] = {
  {"conversion", 9, 1, 100'000, "rows of the conversion line"},
  {"base", 26, 1, 100'000, "rows of the base line"},
  {"span", 52, 1, 100'000, "rows of leading span b"},
  {"displacement", 26, 0, 100'000, "rows by which the spans lead"},
};

constexpr feature_output ichimoku_outputs[] = {
  {"conversion", "middle of the range of the last rows, price"},
  {"base", "middle of the range of more rows, price"},
  {"span_a", "middle of both lines, of `displacement` rows ago, price"},
  {"span_b", "middle of a long range, of `displacement` rows ago, price"},
  {"lagging", "close less the close `displacement` rows ago, price"},
};

constexpr feature_entry entries[] = {
  {"adx", "average directional index and the indicators below it",
   "TA-Lib ADX, PLUS_DI, MINUS_DI", bar_prices, period_of_directions,
   adx_outputs, make_adx},
  {"ichimoku", "Ichimoku's lines as they stand at the close, nothing ahead",
   "Hosoda 1969; pandas-ta ichimoku for the displacement", bar_prices,
   ichimoku_parameters, ichimoku_outputs, make_ichimoku},
};

} // namespace

std::span<const feature_entry> trend_indicators() {
  return entries;
}

} // namespace qalpha
