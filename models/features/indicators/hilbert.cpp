#include "models/features/indicators/hilbert.hpp"

#include "models/features/indicators/cycle.hpp"
#include "models/features/row_feature.hpp"

namespace qalpha {

namespace {

constexpr std::string_view close_only[] = {"close"};

// -- ht_dcperiod, ht_phasor

struct period_kernel {
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  row_values<1> step(const row_values<1>& x) noexcept {
    prices.step(x[0]);
    return {prices.beyond(warm_up_of_period) ? prices.period() : undefined};
  }

  measured_prices prices{skipped_for_period};
};

struct phasor_kernel {
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 2;

  row_values<2> step(const row_values<1>& x) noexcept {
    prices.step(x[0]);
    if (!prices.beyond(warm_up_of_period))
      return {undefined, undefined};
    return {prices.pointer().in_phase, prices.pointer().quadrature};
  }

  measured_prices prices{skipped_for_period};
};

// -- mama

class mama_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 2;

  mama_kernel(double fastest, double slowest)
    : fastest_(fastest), slowest_(slowest) {
    // nop
  }

  row_values<2> step(const row_values<1>& x) noexcept {
    if (prices_.step(x[0]))
      follow(x[0], prices_.pointer());
    if (!prices_.beyond(warm_up_of_period))
      return {undefined, undefined};
    return {value_, follower_};
  }

private:
  void follow(double price, const phasor& now) noexcept {
    auto before = phase_;
    phase_ = 0;
    if (now.in_phase != 0)
      phase_ = std::atan(now.quadrature / now.in_phase) * degrees_per_radian;
    auto turned = std::max(before - phase_, 1.0);
    auto weight = turned > 1 ? std::max(fastest_ / turned, slowest_) : fastest_;
    value_ = weight * price + (1 - weight) * value_;
    follower_ = weight / 2 * value_ + (1 - weight / 2) * follower_;
  }

  double fastest_;
  double slowest_;
  measured_prices prices_{skipped_for_period};
  double phase_ = 0;
  double value_ = 0;
  double follower_ = 0;
};

// -- ht_dcphase, ht_sine, ht_trendline, ht_trendmode

struct phase_kernel {
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  row_values<1> step(const row_values<1>& x) noexcept {
    if (prices.step(x[0]))
      phase.step(prices);
    return {prices.beyond(warm_up_of_phase) ? phase.now() : undefined};
  }

  measured_prices prices{skipped_for_phase};
  cycle_phase phase;
};

/// Sine of the phase, and of the phase an eighth of a cycle later.
struct sine_pair {
  double sine = 0;
  double lead = 0;

  static sine_pair of(double phase) noexcept {
    return {std::sin(phase / degrees_per_radian),
            std::sin((phase + 45) / degrees_per_radian)};
  }
};

struct sine_kernel {
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 2;

  row_values<2> step(const row_values<1>& x) noexcept {
    if (prices.step(x[0]))
      phase.step(prices);
    if (!prices.beyond(warm_up_of_phase))
      return {undefined, undefined};
    auto [sine, lead] = sine_pair::of(phase.now());
    return {sine, lead};
  }

  measured_prices prices{skipped_for_phase};
  cycle_phase phase;
};

struct trendline_kernel {
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  row_values<1> step(const row_values<1>& x) noexcept {
    if (prices.step(x[0]))
      trend.step(prices);
    return {prices.beyond(warm_up_of_phase) ? trend.now() : undefined};
  }

  measured_prices prices{skipped_for_phase};
  cycle_trend trend;
};

class trendmode_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  row_values<1> step(const row_values<1>& x) noexcept {
    if (!prices_.step(x[0]))
      return {undefined};
    phase_.step(prices_);
    trend_.step(prices_);
    auto trends = is_trend();
    return {prices_.beyond(warm_up_of_phase) ? static_cast<double>(trends)
                                             : undefined};
  }

private:
  bool is_trend() noexcept {
    auto before = sines_;
    sines_ = sine_pair::of(phase_.now());
    auto [sine, lead] = sines_;
    if ((sine > lead && before.sine <= before.lead)
        || (sine < lead && before.sine >= before.lead))
      rows_of_trend_ = 0;
    rows_of_trend_ = std::min(rows_of_trend_ + 1, longest_cycle);
    // Far from the trend line there is no cycle to speak of.
    auto trend = trend_.now();
    if (trend != 0 && std::abs((prices_.smooth(0) - trend) / trend) >= 0.015)
      return true;
    auto turned = phase_.now() - phase_.before();
    auto pace = 360 / prices_.period();
    return static_cast<double>(rows_of_trend_) >= 0.5 * prices_.period()
           && !(turned > 0.67 * pace && turned < 1.5 * pace);
  }

  measured_prices prices_{skipped_for_phase};
  cycle_phase phase_;
  cycle_trend trend_;
  sine_pair sines_;
  size_t rows_of_trend_ = 0;
};

// -- entries

// Each row sets the gain of the next, so that no weight says how long it lasts.
// On markets of many kinds a row was forgotten within 260.
constexpr size_t rows_until_faded = 500;

template <class Kernel, size_t WarmUp>
fallible<made_feature> make_hilbert(std::span<const double>) {
  return made_feature{make_row_feature(Kernel{}), WarmUp, rows_until_faded};
}

fallible<made_feature> make_mama(std::span<const double> values) {
  auto slowest = std::min(values[0], values[1]);
  return made_feature{make_row_feature(mama_kernel{values[0], slowest}),
                      warm_up_of_period,
                      rows_until_faded + 2 * memory_of_decay(slowest / 2)};
}

constexpr parameter mama_parameters[] = {
  {"fast", 0.5, 0.01, 0.99, "largest weight of a new row", false},
  {"slow", 0.05, 0.01, 0.99, "smallest weight of a new row", false},
};

constexpr feature_output mama_outputs[] = {
  {"mama", "average, in units of the input"},
  {"fama", "average of that at half its weights, in units of the input"},
};

constexpr feature_output period_output[] = {{"period", "rows, 6 to 50"}};
constexpr feature_output phase_output[] = {{"phase", "degrees, -45 to 315"}};
constexpr feature_output phasor_outputs[] = {
  {"in_phase", "the wave, in units of the input"},
  {"quadrature", "the wave a quarter of a cycle ahead, in units of the input"},
};
constexpr feature_output sine_outputs[] = {
  {"sine", "of the phase, -1 to 1"},
  {"lead", "of the phase an eighth of a cycle later, -1 to 1"},
};
constexpr feature_output trendline_output[] = {
  {"value", "in units of the input"},
};
constexpr feature_output trendmode_output[] = {
  {"trend", "1 in a trend, 0 in a cycle"},
};

constexpr feature_entry entries[] = {
  {"ht_dcperiod",
   "length of the dominant cycle by Ehlers' Hilbert transform",
   "TA-Lib HT_DCPERIOD; Ehlers 2001",
   close_only,
   {},
   period_output,
   make_hilbert<period_kernel, warm_up_of_period>},
  {"ht_dcphase",
   "phase of the dominant cycle",
   "TA-Lib HT_DCPHASE; Ehlers 2001",
   close_only,
   {},
   phase_output,
   make_hilbert<phase_kernel, warm_up_of_phase>},
  {"ht_phasor",
   "the dominant cycle as a pointer that goes round",
   "TA-Lib HT_PHASOR; Ehlers 2001",
   close_only,
   {},
   phasor_outputs,
   make_hilbert<phasor_kernel, warm_up_of_period>},
  {"ht_sine",
   "sine of the phase of the dominant cycle, and ahead of it",
   "TA-Lib HT_SINE; Ehlers 2001",
   close_only,
   {},
   sine_outputs,
   make_hilbert<sine_kernel, warm_up_of_phase>},
  {"ht_trendline",
   "mean of the input over one dominant cycle, smoothed",
   "TA-Lib HT_TRENDLINE; Ehlers 2001",
   close_only,
   {},
   trendline_output,
   make_hilbert<trendline_kernel, warm_up_of_phase>},
  {"ht_trendmode",
   "whether there is a trend rather than a cycle",
   "TA-Lib HT_TRENDMODE; Ehlers 2001",
   close_only,
   {},
   trendmode_output,
   make_hilbert<trendmode_kernel, warm_up_of_phase>},
  {"mama",
   "average that is fast where the phase turns slowly; it begins at 0 and is "
   "too low until that is forgotten",
   "TA-Lib MAMA; Ehlers 2001", close_only, mama_parameters, mama_outputs,
   make_mama},
};

} // namespace

std::span<const feature_entry> hilbert_indicators() {
  return entries;
}

} // namespace qalpha
