// What long, short, near and equal mean for candles.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace qalpha {

/// One row, seen as a candle.
struct candle {
  double open;
  double high;
  double low;
  double close;

  /// A close at the open counts as a rise.
  bool white() const noexcept {
    return close >= open;
  }

  bool black() const noexcept {
    return close < open;
  }

  /// @returns 1 if white, else -1.
  int colour() const noexcept {
    return white() ? 1 : -1;
  }

  /// @returns the higher end of the body.
  double top() const noexcept {
    return std::max(open, close);
  }

  /// @returns the lower end of the body.
  double bottom() const noexcept {
    return std::min(open, close);
  }

  double body() const noexcept {
    return std::abs(close - open);
  }

  double range() const noexcept {
    return high - low;
  }

  double upper_shadow() const noexcept {
    return high - top();
  }

  double lower_shadow() const noexcept {
    return bottom() - low;
  }
};

/// What is measured of a candle.
enum class candle_extent { body, range, shadows };

/// A length, in parts of the mean extent of the candles before the one that is
/// judged. Without a period it is in parts of that candle itself.
struct candle_setting {
  candle_extent extent;
  size_t period;
  double factor;
};

// The defaults of TA-Lib.
inline constexpr candle_setting body_long{candle_extent::body, 10, 1};
inline constexpr candle_setting body_short{candle_extent::body, 10, 1};
inline constexpr candle_setting body_doji{candle_extent::range, 10, 0.1};
inline constexpr candle_setting shadow_long{candle_extent::body, 0, 1};
inline constexpr candle_setting shadow_very_long{candle_extent::body, 0, 2};
inline constexpr candle_setting shadow_short{candle_extent::shadows, 10, 1};
inline constexpr candle_setting shadow_very_short{candle_extent::range, 10,
                                                  0.1};
inline constexpr candle_setting distance_near{candle_extent::range, 5, 0.2};
inline constexpr candle_setting distance_far{candle_extent::range, 5, 0.6};
inline constexpr candle_setting distance_equal{candle_extent::range, 5, 0.05};

} // namespace qalpha
