#include "models/features/indicators/weighted_averages.hpp"

#include "models/features/block/bar_steps.hpp"
#include "models/features/block/block_feature.hpp"
#include "models/features/block/weighted.hpp"
#include "models/features/block/window.hpp"

namespace qalpha {

namespace {

constexpr std::string_view close_only[] = {"close"};

constexpr feature_output in_units[] = {{"value", "in units of the input"}};

// -- wma, trima

class weighted_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit weighted_kernel(weighted_window weights)
    : block_kernel(weights.length()), weights_(std::move(weights)),
      x_(memory_.add(weights_.length())) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {weights_.length() - 1};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    weights_.run(now, keep(now, x_, in[0]), out[0]);
  }

private:
  weighted_window weights_;
  double* x_;
};

fallible<made_feature> make_weighted(weighted_window weights) {
  auto length = weights.length();
  return made_feature{make_block_feature<weighted_kernel>(std::move(weights)),
                      length - 1, length};
}

fallible<made_feature> make_wma(std::span<const double> values) {
  return make_weighted(weighted_window::rising(static_cast<size_t>(values[0])));
}

/// A simple average of a simple average.
fallible<made_feature> make_trima(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  auto first = (period + 1) / 2;
  auto second = period + 1 - first;
  std::vector<double> weights(period);
  auto share = 1 / static_cast<double>(first * second);
  for (size_t i = 0; i < first; ++i)
    for (size_t j = 0; j < second; ++j)
      weights[i + j] += share;
  return make_weighted(weighted_window{std::move(weights)});
}

// -- hma

class hma_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit hma_kernel(size_t period)
    : block_kernel(period), whole_(weighted_window::rising(period)),
      half_(weighted_window::rising(period / 2)),
      last_(weighted_window::rising(rows_of_root(period))),
      x_(memory_.add(period)), raw_(memory_.add(last_.length())) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {whole_.length() + last_.length() - 2};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    double wholes[Rows::most];
    double halves[Rows::most];
    auto x = keep(now, x_, in[0]);
    whole_.run(now, x, wholes);
    half_.run(now, x, halves);
    auto raw = raw_ + now.at;
    for_rows(now, [=, whole = &wholes[0], half = &halves[0]](size_t i) {
      raw[i] = 2 * half[i] - whole[i];
    });
    last_.run(now, raw, out[0]);
  }

private:
  static size_t rows_of_root(size_t period) {
    return static_cast<size_t>(std::sqrt(static_cast<double>(period)));
  }

  weighted_window whole_;
  weighted_window half_;
  weighted_window last_;
  double* x_;
  double* raw_;
};

fallible<made_feature> make_hma(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  auto more = static_cast<size_t>(std::sqrt(values[0]));
  return made_feature{make_block_feature<hma_kernel>(period), period + more - 2,
                      period + more - 1};
}

// -- kama

class kama_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit kama_kernel(size_t period)
    : block_kernel(period), period_(period), x_(memory_.add(period)),
      step_(memory_.add(period)), value_(memory_.add(1)),
      path_(memory_, step_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return period_ + 1;
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {period_};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto x = keep(now, x_, in[0]);
    auto step = step_ + now.at;
    for_rows(now, [=](size_t i) { step[i] = std::abs(x[i] - (x - 1)[i]); });
    double weights[Rows::most];
    auto weight = &weights[0];
    path_.run(now, weight);
    auto back = period_;
    for_rows(now, [=](size_t i) {
      auto moved = std::abs(x[i] - (x - back)[i]);
      auto share = moved / weight[i];
      auto efficiency = weight[i] <= moved || weight[i] < 1e-14 ? 1.0 : share;
      auto k = efficiency * (2.0 / 3 - 2.0 / 31) + 2.0 / 31;
      weight[i] = k * k;
    });
    auto value = value_ + now.at;
    for (size_t i = 0; i < now.count; ++i) {
      // It begins with the value before its first row.
      if (Rows::warming && now.seen < back)
        value[i] = x[i];
      else
        value[i] = (value + i)[-1] + weight[i] * (x[i] - (value + i)[-1]);
      out[0][i] = value[i];
    }
  }

private:
  size_t period_;
  double* x_;
  double* step_;
  double* value_;
  window_sum path_;
};

fallible<made_feature> make_kama(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  auto slowest = 2.0 / 31 * 2.0 / 31;
  return made_feature{make_block_feature<kama_kernel>(period), period,
                      period + memory_of_decay(slowest)};
}

constexpr parameter period_from_one[] = {{"period", 20, 1, 10'000, "rows"}};
constexpr parameter period_from_two[] = {{"period", 20, 2, 10'000, "rows"}};
constexpr parameter hma_parameters[] = {{"period", 16, 2, 10'000, "rows"}};
constexpr parameter kama_parameters[] = {
  {"period", 10, 2, 10'000, "rows over which the efficiency is measured"},
};

constexpr feature_entry entries[] = {
  {"hma", "Hull moving average", "TTR HMA", close_only, hma_parameters,
   in_units, make_hma},
  {"kama", "Kaufman's average, fast where prices go straight", "TA-Lib KAMA",
   close_only, kama_parameters, in_units, make_kama},
  {"trima", "triangular moving average", "TA-Lib TRIMA", close_only,
   period_from_two, in_units, make_trima},
  {"wma", "moving average whose weights rise to the newest", "TA-Lib WMA",
   close_only, period_from_one, in_units, make_wma},
};

} // namespace

std::span<const feature_entry> weighted_averages() {
  return entries;
}

} // namespace qalpha
