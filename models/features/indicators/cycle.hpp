// The cycle that prices are in, as Ehlers measures it.

#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace qalpha {

inline constexpr auto degrees_per_radian = 180 / std::numbers::pi;

/// Rows that a cycle has at most; at least it has `shortest_cycle`.
inline constexpr size_t longest_cycle = 50;
inline constexpr size_t shortest_cycle = 6;

/// The last values of something, the newest at 0. Before the first there are
/// zeros.
template <size_t Length>
class last_values {
public:
  void push(double x) noexcept {
    at_ = (at_ == 0 ? Length : at_) - 1;
    values_[at_] = x;
  }

  double operator[](size_t age) const noexcept {
    auto i = at_ + age;
    return values_[i < Length ? i : i - Length];
  }

private:
  size_t at_ = 0;
  std::array<double, Length> values_{};
};

/// Turns a wave by a quarter of its length, which is not known beforehand: the
/// gain follows from the length found last.
class quarter_turn {
public:
  double step(double x, double gain) noexcept {
    x_.push(x);
    return (outer * (x_[0] - x_[6]) + inner * (x_[2] - x_[4])) * gain;
  }

private:
  static constexpr auto outer = 0.0962;
  static constexpr auto inner = 0.5769;

  last_values<7> x_;
};

/// A price as a pointer that goes round once in a cycle.
struct phasor {
  double in_phase;
  double quadrature;
};

/// Ehlers' measurement of the cycle: prices as a pointer, and its pace.
class cycle_meter {
public:
  /// @param smooth price without its fastest waves
  phasor step(double smooth) noexcept {
    auto gain = 0.075 * period_ + 0.54;
    auto detrended = detrend_.step(smooth, gain);
    detrended_.push(detrended);
    phasor now{detrended_[3], quadrature_.step(detrended, gain)};
    phasor ahead{turned_in_phase_.step(now.in_phase, gain),
                 turned_quadrature_.step(now.quadrature, gain)};
    measure({mix(0.2, now.in_phase - ahead.quadrature, mean_.in_phase),
             mix(0.2, now.quadrature + ahead.in_phase, mean_.quadrature)});
    return now;
  }

  /// @returns the length of a cycle, rows.
  double smooth_period() const noexcept {
    return smooth_period_;
  }

private:
  static double mix(double weight, double x, double before) noexcept {
    return weight * x + (1 - weight) * before;
  }

  // The angle between the pointers of two rows says how long a turn takes.
  void measure(const phasor& next) noexcept {
    along_ = mix(
      0.2, next.in_phase * mean_.in_phase + next.quadrature * mean_.quadrature,
      along_);
    across_ = mix(
      0.2, next.in_phase * mean_.quadrature - next.quadrature * mean_.in_phase,
      across_);
    mean_ = next;
    auto period = period_;
    if (across_ != 0 && along_ != 0)
      period = 2 * std::numbers::pi / std::atan(across_ / along_);
    // In this order what is no number gives way as well.
    period = std::max(0.67 * period_, std::min(1.5 * period_, period));
    period = std::clamp<double>(period, shortest_cycle, longest_cycle);
    period_ = mix(0.2, period, period_);
    smooth_period_ = mix(0.33, period_, smooth_period_);
  }

  quarter_turn detrend_;
  quarter_turn quadrature_;
  quarter_turn turned_in_phase_;
  quarter_turn turned_quadrature_;
  last_values<4> detrended_;
  phasor mean_{};
  double along_ = 0;
  double across_ = 0;
  double period_ = 0;
  double smooth_period_ = 0;
};

/// Rows that TA-Lib leaves out before it measures, so that its first value
/// depends on the rows since then only.
inline constexpr size_t skipped_for_period = 12;
inline constexpr size_t skipped_for_phase = 37;
inline constexpr size_t warm_up_of_period = 32;
inline constexpr size_t warm_up_of_phase = 63;

/// Prices of one market and the cycle that they are in.
class measured_prices {
public:
  /// @param skipped rows before the first that is measured
  explicit measured_prices(size_t skipped) : skipped_(skipped) {
    // nop
  }

  /// @returns whether the row is measured.
  bool step(double price) noexcept {
    prices_.push(price);
    if (rows_ <= warm_up_of_phase)
      ++rows_;
    if (rows_ <= skipped_)
      return false;
    smooth_.push((4 * prices_[0] + 3 * prices_[1] + 2 * prices_[2] + prices_[3])
                 / 10);
    pointer_ = meter_.step(smooth_[0]);
    return true;
  }

  /// @returns whether more rows have come.
  bool beyond(size_t rows) const noexcept {
    return rows_ > rows;
  }

  const phasor& pointer() const noexcept {
    return pointer_;
  }

  /// @returns the length of a cycle, rows.
  double period() const noexcept {
    return meter_.smooth_period();
  }

  /// @returns the whole rows of a cycle.
  size_t rows_of_cycle() const noexcept {
    return static_cast<size_t>(period() + 0.5);
  }

  /// @returns a weighted mean of four prices; before the first that is
  ///          measured there are zeros.
  double smooth(size_t age) const noexcept {
    return smooth_[age];
  }

  /// @returns the mean of the prices of one cycle.
  double mean() const noexcept {
    auto rows = rows_of_cycle();
    double sum = 0;
    for (size_t i = 0; i < rows; ++i)
      sum += prices_[i];
    return rows > 0 ? sum / static_cast<double>(rows) : 0;
  }

private:
  size_t skipped_;
  size_t rows_ = 0;
  last_values<longest_cycle> prices_;
  last_values<longest_cycle> smooth_;
  cycle_meter meter_;
  phasor pointer_{};
};

/// Waves of all lengths that a cycle may have.
class whole_waves {
public:
  whole_waves() {
    for (size_t rows = 1; rows <= longest_cycle; ++rows)
      for (size_t i = 0; i < rows; ++i) {
        auto angle = 2 * std::numbers::pi * static_cast<double>(i)
                     / static_cast<double>(rows);
        sines_[rows][i] = std::sin(angle);
        cosines_[rows][i] = std::cos(angle);
      }
  }

  double sine(size_t rows, size_t i) const noexcept {
    return sines_[rows][i];
  }

  double cosine(size_t rows, size_t i) const noexcept {
    return cosines_[rows][i];
  }

private:
  using table
    = std::array<std::array<double, longest_cycle>, longest_cycle + 1>;

  table sines_{};
  table cosines_{};
};

/// The phase of the cycle: how its last rows fit a wave of its length.
class cycle_phase {
public:
  /// Takes a row that was measured.
  void step(const measured_prices& prices) noexcept {
    static const whole_waves waves;
    before_ = now_;
    auto rows = prices.rows_of_cycle();
    double real = 0;
    double imaginary = 0;
    for (size_t i = 0; i < rows; ++i) {
      real += waves.sine(rows, i) * prices.smooth(i);
      imaginary += waves.cosine(rows, i) * prices.smooth(i);
    }
    if (imaginary != 0)
      now_ = std::atan(real / imaginary) * degrees_per_radian;
    else if (real != 0)
      now_ += real < 0 ? -90 : 90;
    // The weighted mean is a row late.
    now_ += 90 + 360 / prices.period();
    if (imaginary < 0)
      now_ += 180;
    if (now_ > 315)
      now_ -= 360;
  }

  /// @returns degrees.
  double now() const noexcept {
    return now_;
  }

  double before() const noexcept {
    return before_;
  }

private:
  double now_ = 0;
  double before_ = 0;
};

/// Prices without their cycle: the mean over one, smoothed.
class cycle_trend {
public:
  /// Takes a row that was measured.
  void step(const measured_prices& prices) noexcept {
    means_.push(prices.mean());
  }

  double now() const noexcept {
    return (4 * means_[0] + 3 * means_[1] + 2 * means_[2] + means_[3]) / 10;
  }

private:
  last_values<4> means_;
};

} // namespace qalpha
