#include "models/features/indicators/strength.hpp"

#include "models/features/block/bar_steps.hpp"
#include "models/features/block/block_feature.hpp"
#include "models/features/block/decay.hpp"
#include "models/features/block/window.hpp"

namespace qalpha {

namespace {

constexpr std::string_view close_only[] = {"close"};

constexpr std::string_view bar_prices[] = {"high", "low", "close"};

constexpr feature_output balance_output[] = {{"value", "-100 to 100"}};

// -- cmo

class cmo_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit cmo_kernel(size_t period)
    : block_kernel(8), x_(memory_.add(1)), gain_(memory_.add(1)),
      loss_(memory_.add(1)), gains_(decay::wilder(memory_, period, 1)),
      losses_(decay::wilder(memory_, period, 1)) {
    // nop
  }

  size_t settled() const noexcept {
    return gains_.settled();
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {gains_.first()};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto x = keep(now, x_, in[0]);
    auto gain = gain_ + now.at;
    auto loss = loss_ + now.at;
    for_rows(now, [=](size_t i) {
      auto moved = x[i] - (x - 1)[i];
      gain[i] = larger_of(moved, 0);
      loss[i] = larger_of(-moved, 0);
    });
    auto gains = gains_.run(now, gain);
    auto losses = losses_.run(now, loss);
    auto y = out[0];
    for_rows(now, [=](size_t i) {
      y[i] = percent_of(gains[i] - losses[i], gains[i] + losses[i]);
    });
  }

private:
  double* x_;
  double* gain_;
  double* loss_;
  decay gains_;
  decay losses_;
};

fallible<made_feature> make_cmo(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<cmo_kernel>(period), period,
                      period + memory_of_decay(1 / values[0])};
}

constexpr parameter wilder_parameters[] = {
  {"period", 14, 2, 10'000, "rows of Wilder's averages"},
};

// -- bop

class bop_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 4;
  static constexpr size_t outputs = 1;

  bop_kernel() : block_kernel(1) {
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
    auto open = in[0];
    auto high = in[1];
    auto low = in[2];
    auto close = in[3];
    auto y = out[0];
    for_rows(now, [=](size_t i) {
      y[i] = percent_of(close[i] - open[i], high[i] - low[i]) / 100;
    });
  }

private:
};

fallible<made_feature> make_bop(std::span<const double>) {
  return made_feature{make_block_feature<bop_kernel>(), 0, 1};
}

constexpr std::string_view whole_bar[] = {"open", "high", "low", "close"};
constexpr feature_output bop_output[] = {
  {"value", "body of the bar as a share of its range, -1 to 1; 0 if flat"},
};

// -- imi

class imi_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 1;

  explicit imi_kernel(size_t period)
    : block_kernel(period), period_(period), gain_(memory_.add(period)),
      loss_(memory_.add(period)), gains_(memory_, gain_, period),
      losses_(memory_, loss_, period) {
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
    auto open = in[0];
    auto close = in[1];
    auto gain = gain_ + now.at;
    auto loss = loss_ + now.at;
    for_rows(now, [=](size_t i) {
      gain[i] = larger_of(close[i] - open[i], 0);
      loss[i] = larger_of(open[i] - close[i], 0);
    });
    double lost[Rows::most];
    auto y = out[0];
    gains_.run(now, y);
    losses_.run(now, lost);
    for_rows(now, [=, losses = &lost[0]](size_t i) {
      auto all = y[i] + losses[i];
      auto share = 100 * (y[i] / all);
      y[i] = all < 1e-14 ? 50.0 : share;
    });
  }

private:
  size_t period_;
  double* gain_;
  double* loss_;
  window_sum gains_;
  window_sum losses_;
};

fallible<made_feature> make_imi(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<imi_kernel>(period), period - 1,
                      period};
}

constexpr std::string_view body_of_bar[] = {"open", "close"};
constexpr parameter sum_parameters[] = {
  {"period", 14, 2, 10'000, "rows of the sums"},
};
constexpr feature_output share_output[] = {
  {"value", "0 to 100; 50 if all bars are flat"},
};

// -- ultosc

class ultosc_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 1;

  ultosc_kernel(std::array<size_t, 3> periods)
    : block_kernel(periods[2]), longest_(periods[2]), close_(memory_.add(1)),
      pressure_(memory_.add(longest_)), range_(memory_.add(longest_)),
      pressures_{window_sum{memory_, pressure_, periods[2]},
                 window_sum{memory_, pressure_, periods[1]},
                 window_sum{memory_, pressure_, periods[0]}},
      ranges_{window_sum{memory_, range_, periods[2]},
              window_sum{memory_, range_, periods[1]},
              window_sum{memory_, range_, periods[0]}} {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {longest_};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto high = in[0];
    auto low = in[1];
    auto close = keep(now, close_, in[2]);
    auto pressure = pressure_ + now.at;
    auto range = range_ + now.at;
    for_rows(now, [=](size_t i) {
      auto before = (close - 1)[i];
      pressure[i] = close[i] - smaller_of(low[i], before);
      range[i] = true_range(high[i], low[i], before);
    });
    auto y = out[0];
    std::fill_n(y, now.count, 0.0);
    double sums[Rows::most];
    double wholes[Rows::most];
    auto weight = 1.0;
    for (size_t j = 0; j < 3; ++j, weight *= 2) {
      pressures_[j].run(now, sums);
      ranges_[j].run(now, wholes);
      for_rows(now, [=, part = &sums[0], whole = &wholes[0]](size_t i) {
        y[i] += weight / 7 * percent_of(part[i], whole[i]);
      });
    }
  }

private:
  size_t longest_;
  double* close_;
  double* pressure_;
  double* range_;
  // The longest first.
  std::array<window_sum, 3> pressures_;
  std::array<window_sum, 3> ranges_;
};

fallible<made_feature> make_ultosc(std::span<const double> values) {
  std::array<size_t, 3> periods;
  for (size_t i = 0; i < 3; ++i)
    periods[i] = static_cast<size_t>(values[i]);
  std::sort(periods.begin(), periods.end());
  return made_feature{make_block_feature<ultosc_kernel>(periods), periods[2],
                      periods[2] + 1};
}

constexpr parameter ultosc_parameters[] = {
  {"short", 7, 1, 10'000, "rows of the shortest sum"},
  {"middle", 14, 1, 10'000, "rows of the middle sum"},
  {"long", 28, 1, 10'000, "rows of the longest sum"},
};
constexpr feature_output place_output[] = {{"value", "0 to 100"}};

// -- stochrsi

class stochrsi_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 2;

  stochrsi_kernel(size_t period, size_t range, size_t signal)
    : block_kernel(std::max(range, signal)), rsi_rows_(period),
      range_rows_(range), signal_rows_(signal), x_(memory_.add(1)),
      gain_(memory_.add(1)), loss_(memory_.add(1)),
      gains_(decay::wilder(memory_, period, 1)),
      losses_(decay::wilder(memory_, period, 1)), rsi_(memory_.add(range)),
      k_(memory_.add(signal)), highest_(memory_, rsi_, range),
      lowest_(memory_, rsi_, range), mean_(memory_, k_, signal) {
    // nop
  }

  size_t settled() const noexcept {
    return gains_.settled();
  }

  std::array<size_t, 2> undefined_before() const noexcept {
    return {rsi_rows_ + range_rows_ + signal_rows_ - 2,
            rsi_rows_ + range_rows_ + signal_rows_ - 2};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto x = keep(now, x_, in[0]);
    auto gain = gain_ + now.at;
    auto loss = loss_ + now.at;
    for_rows(now, [=](size_t i) {
      auto moved = x[i] - (x - 1)[i];
      gain[i] = larger_of(moved, 0);
      loss[i] = larger_of(-moved, 0);
    });
    auto gains = gains_.run(now, gain);
    auto losses = losses_.run(now, loss);
    auto rsi = rsi_ + now.at;
    for_rows(now, [=](size_t i) {
      rsi[i] = percent_of(gains[i], gains[i] + losses[i]);
    });
    double tops[Rows::most];
    double bottoms[Rows::most];
    highest_.run(now, tops);
    lowest_.run(now, bottoms);
    auto k = k_ + now.at;
    auto y = out[0];
    for_rows(now, [=, top = &tops[0], bottom = &bottoms[0]](size_t i) {
      y[i] = k[i] = percent_of(rsi[i] - bottom[i], top[i] - bottom[i]);
    });
    auto d = out[1];
    mean_.run(now, d);
    auto n = static_cast<double>(signal_rows_);
    for_rows(now, [=](size_t i) { d[i] /= n; });
  }

private:
  size_t rsi_rows_;
  size_t range_rows_;
  size_t signal_rows_;
  double* x_;
  double* gain_;
  double* loss_;
  decay gains_;
  decay losses_;
  double* rsi_;
  double* k_;
  window_max highest_;
  window_min lowest_;
  window_sum mean_;
};

fallible<made_feature> make_stochrsi(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  auto range = static_cast<size_t>(values[1]);
  auto signal = static_cast<size_t>(values[2]);
  auto more = range + signal;
  return made_feature{
    make_block_feature<stochrsi_kernel>(period, range, signal),
    period + more - 2, period + memory_of_decay(1 / values[0]) + more};
}

constexpr parameter stochrsi_parameters[] = {
  {"period", 14, 2, 10'000, "rows of Wilder's averages"},
  {"range", 14, 1, 10'000, "rows of the range"},
  {"signal", 3, 1, 10'000, "rows of the mean that is d"},
};
constexpr feature_output stochrsi_outputs[] = {
  {"k", "place of the index in its range, 0 to 100; 0 if flat"},
  {"d", "mean of k, 0 to 100"},
};

constexpr feature_entry entries[] = {
  {"bop",
   "balance of power",
   "TA-Lib BOP",
   whole_bar,
   {},
   bop_output,
   make_bop},
  {"cmo", "Chande's momentum of Wilder's averages", "TA-Lib CMO", close_only,
   wilder_parameters, balance_output, make_cmo},
  {"imi", "intraday momentum index", "TA-Lib IMI", body_of_bar, sum_parameters,
   share_output, make_imi},
  {"stochrsi", "place of the relative strength in its own range",
   "TA-Lib STOCHRSI", close_only, stochrsi_parameters, stochrsi_outputs,
   make_stochrsi},
  {"ultosc", "ultimate oscillator", "TA-Lib ULTOSC", bar_prices,
   ultosc_parameters, place_output, make_ultosc},
};

} // namespace

std::span<const feature_entry> strength_indicators() {
  return entries;
}

} // namespace qalpha
