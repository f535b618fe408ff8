#include "models/features/indicators/money_flow.hpp"

#include "models/features/block/block_feature.hpp"
#include "models/features/block/decay.hpp"
#include "models/features/block/window.hpp"
#include "models/features/indicators/session.hpp"

namespace qalpha {

namespace {

/// @returns what of the volume counts as bought less what counts as sold.
QALPHA_INLINE double money_flow(double high, double low, double close,
                                double volume) {
  auto range = high - low;
  auto share = ((close - low) - (high - close)) / range;
  return range > 0 ? share * volume : 0.0;
}

// -- ad

class ad_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 5;
  static constexpr size_t outputs = 1;

  ad_kernel(double session, size_t most_rows)
    : block_kernel(1), sum_(memory_.add(1)),
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
    auto high = in[0];
    auto low = in[1];
    auto close = in[2];
    auto volume = in[3];
    double flows[Rows::most];
    auto flow = &flows[0];
    for_rows(now, [=](size_t i) {
      flow[i] = money_flow(high[i], low[i], close[i], volume[i]);
    });
    auto y = out[0];
    auto last = sum_ + now.at;
    auto sum = last[-1];
    clock_.run(
      now, in[4], [&](size_t i) { y[i] = sum = flow[i]; },
      [&](size_t i) { y[i] = sum += flow[i]; },
      [&](size_t i) { y[i] = undefined; });
    last[now.count - 1] = sum;
  }

private:
  double* sum_;
  session_clock clock_;
};

fallible<made_feature> make_ad(std::span<const double> values) {
  auto rows = rows_of_session(values[0], values[1]);
  return made_feature{
    make_block_feature<ad_kernel>(values[0] * milliseconds_per_minute, rows), 0,
    rows};
}

constexpr std::string_view bar_and_time[] = {"high", "low", "close", "volume",
                                             "time"};
constexpr std::string_view bar_with_volume[] = {"high", "low", "close",
                                                "volume"};
constexpr parameter session_parameters[] = {
  {"session_minutes", 1'440, 1, 10'000'000,
   "length of a session, minutes since 1970 UTC; it begins anew in each"},
  {"bar_minutes", 1, 0.001, 10'000'000,
   "shortest bar, minutes: how many rows a session can have, no value beyond",
   false},
};
constexpr feature_output volume_output[] = {
  {"value", "in units of the volume"},
};

// -- adosc

class adosc_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 4;
  static constexpr size_t outputs = 1;

  adosc_kernel(size_t fast, size_t slow)
    : block_kernel(8), slow_rows_(slow), flow_(memory_.add(1)), fast_(of(fast)),
      slow_(of(slow)) {
    // nop
  }

  size_t settled() const noexcept {
    return slow_.settled();
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {slow_rows_ - 1};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto high = in[0];
    auto low = in[1];
    auto close = in[2];
    auto volume = in[3];
    auto flow = flow_ + now.at;
    for_rows(now, [=](size_t i) {
      flow[i] = money_flow(high[i], low[i], close[i], volume[i]);
    });
    if constexpr (Rows::warming)
      if (now.seen == 0)
        flow[0] = 0;
    auto slow = slow_.run(now, flow);
    auto fast = fast_.run(now, flow);
    auto y = out[0];
    for_rows(now, [=](size_t i) { y[i] = slow[i] - fast[i]; });
  }

private:
  // Distance of the running sum from its mean, which forgets where the sum
  // began.
  decay of(size_t period) {
    auto keep = 1 - 2.0 / static_cast<double>(period + 1);
    return {memory_, keep, keep, 0, 1, 1};
  }

  size_t slow_rows_;
  double* flow_;
  decay fast_;
  decay slow_;
};

fallible<made_feature> make_adosc(std::span<const double> values) {
  auto [low, high] = std::minmax(values[0], values[1]);
  auto slow = static_cast<size_t>(high);
  return made_feature{
    make_block_feature<adosc_kernel>(static_cast<size_t>(low), slow), slow - 1,
    slow + memory_of_decay(2 / (high + 1))};
}

constexpr parameter adosc_parameters[] = {
  {"fast", 3, 2, 10'000, "rows of the fast average"},
  {"slow", 10, 2, 10'000, "rows of the slow average"},
};

// -- cmf

class cmf_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 4;
  static constexpr size_t outputs = 1;

  explicit cmf_kernel(size_t period)
    : block_kernel(period), period_(period), flow_(memory_.add(period)),
      volume_(memory_.add(period)), flows_(memory_, flow_, period),
      volumes_(memory_, volume_, period) {
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
    auto high = in[0];
    auto low = in[1];
    auto close = in[2];
    auto volume = keep(now, volume_, in[3]);
    auto flow = flow_ + now.at;
    for_rows(now, [=](size_t i) {
      flow[i] = money_flow(high[i], low[i], close[i], volume[i]);
    });
    double alls[Rows::most];
    auto y = out[0];
    flows_.run(now, y);
    volumes_.run(now, alls);
    for_rows(now, [=, all = &alls[0]](size_t i) {
      auto value = y[i] / all[i];
      y[i] = all[i] > 0 ? value : undefined;
    });
  }

private:
  size_t period_;
  double* flow_;
  double* volume_;
  window_sum flows_;
  window_sum volumes_;
};

fallible<made_feature> make_cmf(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<cmf_kernel>(period), period - 1,
                      period};
}

constexpr parameter cmf_parameters[] = {
  {"period", 20, 1, 100'000, "rows of the sums"},
};
constexpr feature_output cmf_output[] = {
  {"value", "share of the volume, -1 to 1; none without volume"},
};

constexpr feature_entry entries[] = {
  {"ad", "accumulation and distribution of the session",
   "TA-Lib AD within a session", bar_and_time, session_parameters,
   volume_output, make_ad},
  {"adosc", "difference of two averages of accumulation and distribution",
   "TA-Lib ADOSC", bar_with_volume, adosc_parameters, volume_output,
   make_adosc},
  {"cmf", "Chaikin's money flow", "ta (bukosabino) ChaikinMoneyFlowIndicator",
   bar_with_volume, cmf_parameters, cmf_output, make_cmf},
};

} // namespace

std::span<const feature_entry> money_flow_indicators() {
  return entries;
}

} // namespace qalpha
