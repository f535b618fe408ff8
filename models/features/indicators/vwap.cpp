#include "models/features/indicators/vwap.hpp"

#include "models/features/block/bar_steps.hpp"
#include "models/features/block/block_feature.hpp"
#include "models/features/block/moments.hpp"
#include "models/features/indicators/session.hpp"

namespace qalpha {

namespace {

constexpr feature_output vwap_outputs[] = {
  {"vwap", "typical price weighted by volume; none without volume"},
  {"upper", "upper band, price"},
  {"lower", "lower band, price"},
};

/// Turns sums of weights, of weighted distances from a price and of their
/// squares into a mean and bands.
template <class Rows>
QALPHA_INLINE void put_bands(const Rows& now, double width, const double* from,
                             const double* weights, const double* sums,
                             const double* squares, double* const* out) {
  auto vwap = out[0];
  auto upper = out[1];
  auto lower = out[2];
  for_rows(now, [=](size_t i) {
    auto off = sums[i] / weights[i];
    auto variance = larger_of(squares[i] / weights[i] - off * off, 0);
    auto reach = width * std::sqrt(variance);
    auto mean = from[i] + off;
    vwap[i] = weights[i] > 0 ? mean : undefined;
    upper[i] = weights[i] > 0 ? mean + reach : undefined;
    lower[i] = weights[i] > 0 ? mean - reach : undefined;
  });
}

// -- vwap
// -----------------------------------------------------------------------

class session_vwap_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 5;
  static constexpr size_t outputs = 3;

  session_vwap_kernel(double session, size_t most_rows, double width)
    : block_kernel(1), width_(width), anchor_(memory_.add(1)),
      weights_(memory_.add(1)), sums_(memory_.add(1)), squares_(memory_.add(1)),
      clock_(memory_, session, most_rows) {
    // nop
  }

  size_t settled() const noexcept {
    return 1;
  }

  std::array<size_t, 3> undefined_before() const noexcept {
    return {0, 0, 0};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto high = in[0];
    auto low = in[1];
    auto close = in[2];
    double prices[Rows::most];
    auto price = &prices[0];
    for_rows(now, [=](size_t i) {
      price[i] = typical_price(high[i], low[i], close[i]);
    });
    auto anchor = anchor_ + now.at;
    auto weights = weights_ + now.at;
    auto sums = sums_ + now.at;
    auto squares = squares_ + now.at;
    add_up(now, price, in[3], in[4]);
    put_bands(now, width_, anchor, weights, sums, squares, out);
  }

private:
  // Distances are from the first price of the session, so that little cancels.
  template <class Rows>
  QALPHA_INLINE void add_up(const Rows& now, const double* price,
                            const double* volume, const double* time) const {
    auto anchor = anchor_ + now.at;
    auto weights = weights_ + now.at;
    auto sums = sums_ + now.at;
    auto squares = squares_ + now.at;
    auto first = anchor[-1];
    auto weight = weights[-1];
    auto sum = sums[-1];
    auto square = squares[-1];
    auto put = [&](size_t i) __attribute__((always_inline)) {
      anchor[i] = first;
      weights[i] = weight;
      sums[i] = sum;
      squares[i] = square;
    };
    clock_.run(
      now, time,
      [&](size_t i) {
        first = price[i];
        weight = volume[i];
        sum = square = 0;
        put(i);
      },
      [&](size_t i) {
        auto distance = price[i] - first;
        auto weighted = volume[i] * distance;
        weight += volume[i];
        sum += weighted;
        square += weighted * distance;
        put(i);
      },
      [&](size_t i) {
        weight = 0;
        put(i);
      });
  }

  double width_;
  double* anchor_;
  double* weights_;
  double* sums_;
  double* squares_;
  session_clock clock_;
};

fallible<made_feature> make_session_vwap(std::span<const double> values) {
  auto rows = rows_of_session(values[0], values[1]);
  return made_feature{make_block_feature<session_vwap_kernel>(
                        values[0] * milliseconds_per_minute, rows, values[2]),
                      0, rows};
}

constexpr std::string_view session_inputs[] = {"high", "low", "close", "volume",
                                               "time"};

constexpr parameter session_parameters[] = {
  {"session_minutes", 1'440, 1, 10'000'000,
   "length of a session, minutes since 1970 UTC; it begins anew in each"},
  {"bar_minutes", 1, 0.001, 10'000'000,
   "shortest bar, minutes: how many rows a session can have, no value beyond",
   false},
  {"width", 1, 0, 100, "deviations (of the population) to a band", false},
};

// -- vwap_rolling
// ---------------------------------------------------------------

class rolling_vwap_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 4;
  static constexpr size_t outputs = 3;

  rolling_vwap_kernel(size_t period, double width)
    : block_kernel(period), period_(period), width_(width),
      price_(memory_.add(period)), volume_(memory_.add(period)),
      moments_(memory_, period) {
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
    auto close = in[2];
    auto price = price_ + now.at;
    auto volume = keep(now, volume_, in[3]);
    for_rows(now, [=](size_t i) {
      price[i] = typical_price(high[i], low[i], close[i]);
    });
    double weights[Rows::most];
    double sums[Rows::most];
    double squares[Rows::most];
    moments_.run(now, price, volume, weights, sums, squares);
    put_bands(now, width_, price, weights, sums, squares, out);
  }

private:
  size_t period_;
  double width_;
  double* price_;
  double* volume_;
  weighted_moments moments_;
};

fallible<made_feature> make_rolling_vwap(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{
    make_block_feature<rolling_vwap_kernel>(period, values[1]), period - 1,
    period};
}

constexpr std::string_view rolling_inputs[] = {"high", "low", "close",
                                               "volume"};

constexpr parameter rolling_parameters[] = {
  {"period", 14, 1, 100'000, "rows"},
  {"width", 1, 0, 100, "deviations (of the population) to a band", false},
};

constexpr feature_entry entries[] = {
  {"vwap", "volume-weighted average price of the session, with bands",
   "sums of volume times typical price since the session began", session_inputs,
   session_parameters, vwap_outputs, make_session_vwap},
  {"vwap_rolling", "volume-weighted average price of the last rows, with bands",
   "ta (bukosabino) VolumeWeightedAveragePrice", rolling_inputs,
   rolling_parameters, vwap_outputs, make_rolling_vwap},
};

} // namespace

std::span<const feature_entry> vwap_indicators() {
  return entries;
}

} // namespace qalpha
