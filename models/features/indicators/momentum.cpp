#include "models/features/indicators/momentum.hpp"

#include "models/features/block/bar_steps.hpp"
#include "models/features/block/block_feature.hpp"
#include "models/features/block/decay.hpp"
#include "models/features/block/window.hpp"

namespace qalpha {

namespace {

constexpr std::string_view close_only[] = {"close"};

constexpr feature_output in_units[] = {{"value", "in units of the input"}};

constexpr feature_output percent_output[] = {{"value", "percent"}};

constexpr feature_output balance_output[] = {{"value", "-100 to 100"}};

// -- mom, roc, rocr

enum class change { difference, percent, ratio };

template <change Kind>
class change_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit change_kernel(size_t period)
    : block_kernel(period), period_(period), x_(memory_.add(period)) {
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
    auto x = keep(now, x_, in[0]);
    auto back = period_;
    auto y = out[0];
    for_rows(now, [=](size_t i) {
      auto before = (x - back)[i];
      auto ratio = x[i] / before;
      auto scaled = Kind == change::percent ? 100 * (ratio - 1) : ratio;
      y[i] = Kind == change::difference ? x[i] - before
             : before == 0              ? 0.0
                                        : scaled;
    });
  }

private:
  size_t period_;
  double* x_;
};

template <change Kind>
fallible<made_feature> make_change(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<change_kernel<Kind>>(period), period,
                      period + 1};
}

constexpr parameter change_parameters[] = {
  {"period", 10, 1, 10'000, "rows between the two values"},
};
constexpr feature_output ratio_output[] = {{"value", "ratio, 1 if unchanged"}};

// -- apo, ppo

/// What to make of the two averages.
enum class spread { difference, percent };

template <spread Kind>
class simple_spread_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  simple_spread_kernel(size_t fast, size_t slow)
    : block_kernel(slow), fast_rows_(static_cast<double>(fast)),
      slow_rows_(static_cast<double>(slow)), x_(memory_.add(slow)),
      slow_(memory_, x_, slow), fast_(memory_, x_, fast) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {static_cast<size_t>(slow_rows_) - 1};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    keep(now, x_, in[0]);
    double slows[Rows::most];
    double fasts[Rows::most];
    slow_.run(now, slows);
    fast_.run(now, fasts);
    auto y = out[0];
    auto n = slow_rows_;
    auto m = fast_rows_;
    for_rows(now, [=, slow = &slows[0], fast = &fasts[0]](size_t i) {
      auto mean = slow[i] / n;
      auto apart = fast[i] / m - mean;
      y[i] = Kind == spread::difference ? apart : percent_of(apart, mean);
    });
  }

private:
  double fast_rows_;
  double slow_rows_;
  double* x_;
  window_sum slow_;
  window_sum fast_;
};

template <spread Kind>
class exponential_spread_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  exponential_spread_kernel(size_t fast, size_t slow)
    : block_kernel(8), x_(memory_.add(2)), slow_(memory_, 0, slow),
      fast_(memory_, 0, fast) {
    // nop
  }

  size_t settled() const noexcept {
    return slow_.settled();
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {slow_.first()};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto x = keep(now, x_, in[0]);
    auto slow = slow_.run(now, x);
    auto fast = fast_.run(now, x);
    auto y = out[0];
    for_rows(now, [=](size_t i) {
      auto apart = slow[i] - fast[i];
      auto mean = x[i] - slow[i];
      y[i] = Kind == spread::difference ? apart : percent_of(apart, mean);
    });
  }

private:
  double* x_;
  ema_line slow_;
  ema_line fast_;
};

template <spread Kind>
fallible<made_feature> make_spread(std::span<const double> values) {
  auto [low, high] = std::minmax(values[0], values[1]);
  auto fast = static_cast<size_t>(low);
  auto slow = static_cast<size_t>(high);
  if (values[2] == 0)
    return made_feature{
      make_block_feature<simple_spread_kernel<Kind>>(fast, slow), slow - 1,
      slow};
  return made_feature{
    make_block_feature<exponential_spread_kernel<Kind>>(fast, slow), slow - 1,
    slow + memory_of_decay(2 / (high + 1))};
}

constexpr parameter spread_parameters[] = {
  {"fast", 12, 2, 10'000, "rows of the fast average"},
  {"slow", 26, 2, 10'000, "rows of the slow average"},
  {"exponential", 1, 0, 1, "0 for simple averages, 1 for exponential ones"},
};

// -- tsi

class tsi_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  tsi_kernel(size_t slow, size_t fast)
    : block_kernel(8), slow_rows_(slow), fast_rows_(fast), x_(memory_.add(1)),
      move_(memory_.add(1)), size_(memory_.add(1)), moves_(of(slow, 1)),
      sizes_(of(slow, 1)), smooth_moves_(of(fast, slow)),
      smooth_sizes_(of(fast, slow)) {
    // nop
  }

  size_t settled() const noexcept {
    return smooth_moves_.settled();
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {slow_rows_ + fast_rows_ - 1};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto x = keep(now, x_, in[0]);
    auto move = move_ + now.at;
    auto size = size_ + now.at;
    for_rows(now, [=](size_t i) {
      move[i] = x[i] - (x - 1)[i];
      size[i] = std::abs(move[i]);
    });
    auto moves = smooth_moves_.run(now, moves_.run(now, move));
    auto sizes = smooth_sizes_.run(now, sizes_.run(now, size));
    auto y = out[0];
    for_rows(now, [=](size_t i) { y[i] = percent_of(moves[i], sizes[i]); });
  }

private:
  decay of(size_t period, size_t start) {
    auto weight = 2.0 / static_cast<double>(period + 1);
    return {memory_, weight, 1 - weight, start, 1, 1};
  }

  size_t slow_rows_;
  size_t fast_rows_;
  double* x_;
  double* move_;
  double* size_;
  decay moves_;
  decay sizes_;
  decay smooth_moves_;
  decay smooth_sizes_;
};

fallible<made_feature> make_tsi(std::span<const double> values) {
  auto slow = static_cast<size_t>(values[0]);
  auto fast = static_cast<size_t>(values[1]);
  return made_feature{make_block_feature<tsi_kernel>(slow, fast),
                      slow + fast - 1,
                      memory_of_decay(2 / (values[0] + 1))
                        + memory_of_decay(2 / (values[1] + 1)) + slow + fast};
}

constexpr parameter tsi_parameters[] = {
  {"slow", 25, 1, 10'000, "rows of the first average"},
  {"fast", 13, 1, 10'000, "rows of the average of the average"},
};

// -- ao

class ao_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 1;

  ao_kernel(size_t fast, size_t slow)
    : block_kernel(slow), fast_rows_(static_cast<double>(fast)),
      slow_rows_(static_cast<double>(slow)), x_(memory_.add(slow)),
      slow_(memory_, x_, slow), fast_(memory_, x_, fast) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {static_cast<size_t>(slow_rows_) - 1};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto high = in[0];
    auto low = in[1];
    auto x = x_ + now.at;
    for_rows(now, [=](size_t i) { x[i] = (high[i] + low[i]) / 2; });
    double slows[Rows::most];
    auto y = out[0];
    slow_.run(now, slows);
    fast_.run(now, y);
    auto m = fast_rows_;
    auto n = slow_rows_;
    for_rows(
      now, [=, slow = &slows[0]](size_t i) { y[i] = y[i] / m - slow[i] / n; });
  }

private:
  double fast_rows_;
  double slow_rows_;
  double* x_;
  window_sum slow_;
  window_sum fast_;
};

fallible<made_feature> make_ao(std::span<const double> values) {
  auto [low, high] = std::minmax(values[0], values[1]);
  auto slow = static_cast<size_t>(high);
  return made_feature{
    make_block_feature<ao_kernel>(static_cast<size_t>(low), slow), slow - 1,
    slow};
}

constexpr std::string_view high_low[] = {"high", "low"};
constexpr parameter ao_parameters[] = {
  {"fast", 5, 1, 10'000, "rows of the fast average"},
  {"slow", 34, 1, 10'000, "rows of the slow average"},
};

constexpr feature_entry entries[] = {
  {"ao", "awesome oscillator: averages of the middles of bars",
   "ta (bukosabino) AwesomeOscillator", high_low, ao_parameters, in_units,
   make_ao},
  {"apo", "difference of two averages", "TA-Lib APO", close_only,
   spread_parameters, in_units, make_spread<spread::difference>},
  {"mom", "change over some rows", "TA-Lib MOM", close_only, change_parameters,
   in_units, make_change<change::difference>},
  {"ppo", "difference of two averages as a share of the slow one", "TA-Lib PPO",
   close_only, spread_parameters, percent_output, make_spread<spread::percent>},
  {"roc", "change over some rows as a share", "TA-Lib ROC", close_only,
   change_parameters, percent_output, make_change<change::percent>},
  {"rocr", "value over that of some rows ago", "TA-Lib ROCR", close_only,
   change_parameters, ratio_output, make_change<change::ratio>},
  {"tsi", "true strength index", "ta (bukosabino) TSIIndicator", close_only,
   tsi_parameters, balance_output, make_tsi},
};

} // namespace

std::span<const feature_entry> momentum_indicators() {
  return entries;
}

} // namespace qalpha
