// The last candles and what can be said of them.

#pragma once

#include "models/features/candles/candle_setting.hpp"

#include <algorithm>
#include <array>

namespace qalpha {

/// The candle at hand and those before it. Each mean is one sum over its
/// candles, never an update of the one before: a row is forgotten for good.
///
/// All functions count candles backwards: 0 is the one at hand.
class candle_window {
public:
  /// No pattern sees more candles.
  static constexpr size_t capacity = 16;

  void push(const candle& x) noexcept {
    if (end_ == candles_.size()) {
      std::copy(candles_.end() - (capacity - 1), candles_.end(),
                candles_.begin());
      end_ = capacity - 1;
    }
    candles_[end_++] = x;
  }

  /// @pre `back < capacity` and as many candles were pushed
  const candle& operator[](size_t back) const noexcept {
    return candles_[end_ - 1 - back];
  }

  /// @returns the length that a setting stands for when a candle is judged.
  double length(const candle_setting& of, size_t back) const noexcept {
    auto parts = of.extent == candle_extent::shadows ? 2.0 : 1.0;
    if (of.period == 0)
      return of.factor * extent((*this)[back], of.extent) / parts;
    double sum = 0;
    for (auto i = back + of.period; i > back; --i)
      sum += extent((*this)[i], of.extent);
    return of.factor * (sum / static_cast<double>(of.period)) / parts;
  }

  // -- bodies -----------------------------------------------------------------

  bool has_long_body(size_t back) const noexcept {
    return (*this)[back].body() > length(body_long, back);
  }

  /// The body is not longer than usual.
  bool has_small_body(size_t back) const noexcept {
    return (*this)[back].body() <= length(body_short, back);
  }

  /// The body is shorter than usual.
  bool has_short_body(size_t back) const noexcept {
    return (*this)[back].body() < length(body_short, back);
  }

  /// Open and close are almost the same.
  bool is_doji(size_t back) const noexcept {
    return (*this)[back].body() <= length(body_doji, back);
  }

  // -- shadows ----------------------------------------------------------------

  /// The high is at the body.
  bool ends_at_top(size_t back) const noexcept {
    return (*this)[back].upper_shadow() < length(shadow_very_short, back);
  }

  /// The low is at the body.
  bool ends_at_bottom(size_t back) const noexcept {
    return (*this)[back].lower_shadow() < length(shadow_very_short, back);
  }

  bool has_upper_shadow(size_t back) const noexcept {
    return (*this)[back].upper_shadow() > length(shadow_very_short, back);
  }

  bool has_lower_shadow(size_t back) const noexcept {
    return (*this)[back].lower_shadow() > length(shadow_very_short, back);
  }

  bool has_long_upper_shadow(size_t back) const noexcept {
    return (*this)[back].upper_shadow() > length(shadow_long, back);
  }

  bool has_long_lower_shadow(size_t back) const noexcept {
    return (*this)[back].lower_shadow() > length(shadow_long, back);
  }

  /// A body longer than usual without shadows.
  bool is_marubozu(size_t back) const noexcept {
    return has_long_body(back) && ends_at_top(back) && ends_at_bottom(back);
  }

  // -- two candles ------------------------------------------------------------

  /// The body of a candle lies above that of one before it.
  bool rises_apart(size_t back, size_t before) const noexcept {
    return (*this)[back].bottom() > (*this)[before].top();
  }

  /// The body of a candle lies below that of one before it.
  bool falls_apart(size_t back, size_t before) const noexcept {
    return (*this)[back].top() < (*this)[before].bottom();
  }

  /// The candle lies above one before it, with its shadows.
  bool jumps_up(size_t back, size_t before) const noexcept {
    return (*this)[back].low > (*this)[before].high;
  }

  /// The candle lies below one before it, with its shadows.
  bool jumps_down(size_t back, size_t before) const noexcept {
    return (*this)[back].high < (*this)[before].low;
  }

  /// The open lies within the body of the candle before, not at its ends.
  bool opens_within_body(size_t back) const noexcept {
    const auto& before = (*this)[back + 1];
    auto open = (*this)[back].open;
    return open < before.top() && open > before.bottom();
  }

  /// @returns whether a price is that of a candle, as far as one can tell.
  bool is_equal(double x, double price, size_t back) const noexcept {
    auto distance = length(distance_equal, back);
    return x <= price + distance && x >= price - distance;
  }

private:
  static double extent(const candle& x, candle_extent which) noexcept {
    switch (which) {
      case candle_extent::body:
        return x.body();
      case candle_extent::range:
        return x.range();
      case candle_extent::shadows:
        break;
    }
    return x.upper_shadow() + x.lower_shadow();
  }

  std::array<candle, 4 * capacity> candles_{};
  size_t end_ = 0;
};

} // namespace qalpha
