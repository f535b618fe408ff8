#include "models/features/indicators/average_chains.hpp"

#include "models/features/block/bar_steps.hpp"
#include "models/features/block/block_feature.hpp"
#include "models/features/block/decay.hpp"

#include <cmath>

namespace qalpha {

namespace {

constexpr std::string_view close_only[] = {"close"};

constexpr feature_output in_units[] = {{"value", "in units of the input"}};

// -- dema, tema, t3, zlema

/// Exponential averages, each of the one before it.
template <size_t Depth>
class ema_chain {
public:
  ema_chain(tape& memory, size_t period) {
    size_t start = 0;
    for (size_t i = 0; i < Depth; ++i) {
      values_[i] = memory.add(2);
      lines_.emplace_back(memory, start, period);
      start = lines_.back().first();
    }
  }

  size_t first() const noexcept {
    return lines_.back().first();
  }

  size_t settled() const noexcept {
    return lines_.back().settled();
  }

  /// @param x reaches back two rows
  template <class Rows>
  QALPHA_INLINE void run(const Rows& now, const double* x) const {
    for (size_t depth = 0; depth < Depth; ++depth) {
      auto distance = lines_[depth].run(now, x);
      auto to = values_[depth] + now.at;
      for_rows(now, [=](size_t i) { to[i] = x[i] - distance[i]; });
      x = to;
    }
  }

  /// @returns the rows at hand of the average of that depth.
  QALPHA_INLINE const double* value(size_t depth, size_t at) const {
    return values_[depth] + at;
  }

private:
  std::array<double*, Depth> values_;
  std::vector<ema_line> lines_;
};

size_t memory_of_chain(double period, size_t depth) {
  return depth
         * (memory_of_decay(2 / (period + 1)) + static_cast<size_t>(period));
}

class dema_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit dema_kernel(size_t period)
    : block_kernel(8), x_(memory_.add(2)), chain_(memory_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return chain_.settled();
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {chain_.first()};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    chain_.run(now, keep(now, x_, in[0]));
    auto e1 = chain_.value(0, now.at);
    auto e2 = chain_.value(1, now.at);
    auto y = out[0];
    for_rows(now, [=](size_t i) { y[i] = 2 * e1[i] - e2[i]; });
  }

private:
  double* x_;
  ema_chain<2> chain_;
};

class tema_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit tema_kernel(size_t period)
    : block_kernel(8), x_(memory_.add(2)), chain_(memory_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return chain_.settled();
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {chain_.first()};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    chain_.run(now, keep(now, x_, in[0]));
    auto e1 = chain_.value(0, now.at);
    auto e2 = chain_.value(1, now.at);
    auto e3 = chain_.value(2, now.at);
    auto y = out[0];
    for_rows(now, [=](size_t i) { y[i] = 3 * (e1[i] - e2[i]) + e3[i]; });
  }

private:
  double* x_;
  ema_chain<3> chain_;
};

class t3_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  t3_kernel(size_t period, double volume)
    : block_kernel(8), x_(memory_.add(2)), volume_(volume),
      chain_(memory_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return chain_.settled();
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {chain_.first()};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    chain_.run(now, keep(now, x_, in[0]));
    auto e3 = chain_.value(2, now.at);
    auto e4 = chain_.value(3, now.at);
    auto e5 = chain_.value(4, now.at);
    auto e6 = chain_.value(5, now.at);
    auto v = volume_;
    auto c1 = -v * v * v;
    auto c2 = 3 * v * v + 3 * v * v * v;
    auto c3 = -6 * v * v - 3 * v - 3 * v * v * v;
    auto c4 = 1 + 3 * v + v * v * v + 3 * v * v;
    auto y = out[0];
    for_rows(now, [=](size_t i) {
      y[i] = c1 * e6[i] + c2 * e5[i] + c3 * e4[i] + c4 * e3[i];
    });
  }

private:
  double* x_;
  double volume_;
  ema_chain<6> chain_;
};

/// @tparam Between the value that is late lies between two rows.
template <bool Between>
class zlema_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  zlema_kernel(size_t period, double lag)
    : block_kernel(std::max(period, rows_of(lag))), lag_(rows_of(lag)),
      part_(static_cast<double>(lag_) - lag), x_(memory_.add(lag_)),
      ahead_(memory_.add(2)), line_(memory_, lag_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return line_.settled();
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {line_.first()};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto x = keep(now, x_, in[0]);
    auto ahead = ahead_ + now.at;
    auto lag = lag_;
    auto part = part_;
    for_rows(now, [=](size_t i) {
      auto late = (x - lag)[i];
      if constexpr (Between)
        late += part * ((x - lag + 1)[i] - late);
      ahead[i] = 2 * x[i] - late;
    });
    auto distance = line_.run(now, ahead);
    auto y = out[0];
    for_rows(now, [=](size_t i) { y[i] = ahead[i] - distance[i]; });
  }

private:
  static size_t rows_of(double lag) {
    return static_cast<size_t>(std::ceil(lag));
  }

  size_t lag_;
  // Of the way from that row to the next.
  double part_;
  double* x_;
  double* ahead_;
  ema_line line_;
};

template <class Kernel, size_t Depth>
fallible<made_feature> make_chain(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<Kernel>(period), Depth * (period - 1),
                      memory_of_chain(values[0], Depth)};
}

fallible<made_feature> make_t3(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<t3_kernel>(period, values[1]),
                      6 * (period - 1), memory_of_chain(values[0], 6)};
}

fallible<made_feature> make_zlema(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  auto lag = values[1] == -1 ? static_cast<double>((period - 1) / 2)
                             : values[1];
  if (lag < 0)
    return fault{"lag must be -1 or at least 0, was " + parameter_text(lag)};
  auto object = lag == std::floor(lag)
                  ? make_block_feature<zlema_kernel<false>>(period, lag)
                  : make_block_feature<zlema_kernel<true>>(period, lag);
  auto rows = static_cast<size_t>(std::ceil(lag));
  return made_feature{std::move(object), rows + period - 1,
                      rows + memory_of_chain(values[0], 1)};
}

// -- trix

class trix_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit trix_kernel(size_t period)
    : block_kernel(8), x_(memory_.add(2)), first_(memory_, 0, period),
      second_(memory_, period - 1, period),
      third_(memory_, 2 * (period - 1), period), e1_(memory_.add(2)),
      e2_(memory_.add(2)), e3_(memory_.add(1)) {
    // nop
  }

  size_t settled() const noexcept {
    return third_.settled();
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {third_.first() + 1};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto x = keep(now, x_, in[0]);
    auto e1 = put(now, e1_, x, first_.run(now, x));
    auto e2 = put(now, e2_, e1, second_.run(now, e1));
    auto e3 = put(now, e3_, e2, third_.run(now, e2));
    auto y = out[0];
    for_rows(now, [=](size_t i) {
      y[i] = percent_of(e3[i] - (e3 - 1)[i], (e3 - 1)[i]);
    });
  }

private:
  template <class Rows>
  QALPHA_INLINE static double* put(const Rows& now, double* column,
                                   const double* x, const double* distance) {
    auto to = column + now.at;
    for_rows(now, [=](size_t i) { to[i] = x[i] - distance[i]; });
    return to;
  }

  double* x_;
  ema_line first_;
  ema_line second_;
  ema_line third_;
  double* e1_;
  double* e2_;
  double* e3_;
};

fallible<made_feature> make_trix(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<trix_kernel>(period),
                      3 * (period - 1) + 1,
                      3 * (period + memory_of_decay(2 / (values[0] + 1)))};
}

constexpr parameter trix_parameters[] = {
  {"period", 15, 1, 10'000, "rows of each of the three averages"},
};

constexpr feature_output percent_output[] = {{"value", "percent"}};

// -- entries

constexpr parameter period_from_one[] = {{"period", 20, 1, 10'000, "rows"}};
constexpr parameter zlema_parameters[] = {
  {"period", 20, 2, 10'000, "rows"},
  added_later(
    {"lag", -1, -1, 10'000,
     "rows ago that the change is taken from, between two where not whole; -1 "
     "for the whole rows in half of period - 1",
     false}),
};
constexpr parameter t3_parameters[] = {
  {"period", 5, 2, 10'000, "rows of each of the six averages"},
  {"volume", 0.7, 0, 1, "volume factor", false},
};

constexpr feature_entry entries[] = {
  {"dema", "double exponential moving average", "TA-Lib DEMA", close_only,
   period_from_one, in_units, make_chain<dema_kernel, 2>},
  {"t3", "Tillson's average of six exponential ones", "TA-Lib T3", close_only,
   t3_parameters, in_units, make_t3},
  {"tema", "triple exponential moving average", "TA-Lib TEMA", close_only,
   period_from_one, in_units, make_chain<tema_kernel, 3>},
  {"trix", "change of a triple exponential average", "TA-Lib TRIX", close_only,
   trix_parameters, percent_output, make_trix},
  {"zlema", "exponential average of values moved ahead by their last change",
   "Ehlers and Way 2010; TTR ZLEMA with a lag of (period + 1) / 2", close_only,
   zlema_parameters, in_units, make_zlema},
};

} // namespace

std::span<const feature_entry> average_chains() {
  return entries;
}

} // namespace qalpha
