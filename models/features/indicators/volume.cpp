#include "models/features/indicators/volume.hpp"

#include "models/features/block/bar_steps.hpp"
#include "models/features/block/block_feature.hpp"
#include "models/features/block/window.hpp"
#include "models/features/indicators/session.hpp"

namespace qalpha {

namespace {

// -- obv
// ------------------------------------------------------------------------

class obv_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 1;

  obv_kernel(double session, size_t most_rows)
    : block_kernel(1), close_(memory_.add(1)), sum_(memory_.add(1)),
      clock_(memory_, session, most_rows) {
    // nop
  }

  size_t settled() const noexcept {
    return 1;
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {0};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto close = keep(now, close_, in[0]);
    auto volume = in[1];
    double flows[Rows::most];
    auto flow = &flows[0];
    for_rows(now, [=](size_t i) {
      auto rises = close[i] > (close - 1)[i] ? volume[i] : 0.0;
      flow[i] = close[i] < (close - 1)[i] ? -volume[i] : rises;
    });
    auto y = out[0];
    auto last = sum_ + now.at;
    auto sum = last[-1];
    clock_.run(
      now, in[2], [&](size_t i) { y[i] = sum = volume[i]; },
      [&](size_t i) { y[i] = sum += flow[i]; },
      [&](size_t i) { y[i] = undefined; });
    last[now.count - 1] = sum;
  }

private:
  double* close_;
  double* sum_;
  session_clock clock_;
};

fallible<made_feature> make_obv(std::span<const double> values) {
  auto rows = rows_of_session(values[0], values[1]);
  return made_feature{
    make_block_feature<obv_kernel>(values[0] * milliseconds_per_minute, rows),
    0, rows + 1};
}

constexpr std::string_view obv_inputs[] = {"close", "volume", "time"};

constexpr parameter obv_parameters[] = {
  {"session_minutes", 1'440, 1, 10'000'000,
   "length of a session, minutes since 1970 UTC; it begins anew in each"},
  {"bar_minutes", 1, 0.001, 10'000'000,
   "shortest bar, minutes: how many rows a session can have, no value beyond",
   false},
};

constexpr feature_output obv_output[] = {
  {"balance", "volume of rising less that of falling bars in the session, in "
              "units of the volume; the first bar counts as rising"},
};

// -- mfi
// ------------------------------------------------------------------------

class mfi_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 4;
  static constexpr size_t outputs = 1;

  explicit mfi_kernel(size_t period)
    : block_kernel(period), period_(period), price_(memory_.add(1)),
      in_(memory_.add(period)), out_(memory_.add(period)),
      all_in_(memory_, in_, period), all_out_(memory_, out_, period) {
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
    auto high = in[0];
    auto low = in[1];
    auto close = in[2];
    auto volume = in[3];
    auto price = price_ + now.at;
    for_rows(now, [=](size_t i) {
      price[i] = typical_price(high[i], low[i], close[i]);
    });
    auto inflow = in_ + now.at;
    auto outflow = out_ + now.at;
    for_rows(now, [=](size_t i) {
      auto flow = price[i] * volume[i];
      inflow[i] = price[i] > (price - 1)[i] ? flow : 0.0;
      outflow[i] = price[i] < (price - 1)[i] ? flow : 0.0;
    });
    double outflows[Rows::most];
    auto y = out[0];
    all_in_.run(now, y);
    all_out_.run(now, outflows);
    for_rows(now, [=, lost = &outflows[0]](size_t i) {
      auto all = y[i] + lost[i];
      auto share = 100 * (y[i] / all);
      y[i] = all < 1 ? 0.0 : share;
    });
  }

private:
  size_t period_;
  double* price_;
  double* in_;
  double* out_;
  window_sum all_in_;
  window_sum all_out_;
};

fallible<made_feature> make_mfi(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<mfi_kernel>(period), period,
                      period + 1};
}

constexpr std::string_view mfi_inputs[] = {"high", "low", "close", "volume"};

constexpr parameter mfi_parameters[] = {
  {"period", 14, 2, 100'000, "rows of the sums"},
};

constexpr feature_output mfi_output[] = {
  {"mfi", "share of rising bars in the money that flows, 0 to 100; 0 if less "
          "than one unit of it flows"},
};

constexpr feature_entry entries[] = {
  {"mfi", "money flow index", "TA-Lib MFI", mfi_inputs, mfi_parameters,
   mfi_output, make_mfi},
  {"obv", "on-balance volume of the session", "TA-Lib OBV within a session",
   obv_inputs, obv_parameters, obv_output, make_obv},
};

} // namespace

std::span<const feature_entry> volume_indicators() {
  return entries;
}

} // namespace qalpha
