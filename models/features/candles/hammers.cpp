#include "models/features/candles/candle_feature.hpp"
#include "models/features/candles/candle_patterns.hpp"

namespace qalpha {

namespace {

/// A short body at the high, above a long shadow.
bool hangs(const candle_window& w) {
  return w.has_long_lower_shadow(0) && w.has_short_body(0) && w.ends_at_top(0);
}

/// A short body at the low, below a long shadow.
bool stands(const candle_window& w) {
  return w.has_long_upper_shadow(0) && w.has_short_body(0)
         && w.ends_at_bottom(0);
}

int hammer(const candle_window& w) {
  auto low = w[0].bottom() <= w[1].low + w.length(distance_near, 1);
  return low && hangs(w) ? 100 : 0;
}

int hanging_man(const candle_window& w) {
  auto high = w[0].bottom() >= w[1].high - w.length(distance_near, 1);
  return high && hangs(w) ? -100 : 0;
}

int inverted_hammer(const candle_window& w) {
  return w.falls_apart(0, 1) && stands(w) ? 100 : 0;
}

int shooting_star(const candle_window& w) {
  return w.rises_apart(0, 1) && stands(w) ? -100 : 0;
}

constexpr feature_entry entries[] = {
  candle_entry<hammer, 11>(
    "candle_hammer",
    "short body above a long lower shadow, near the low before or below it",
    "TA-Lib CDLHAMMER", candle_up),
  candle_entry<hanging_man, 11>(
    "candle_hanging_man",
    "short body above a long lower shadow, near the high before or above it",
    "TA-Lib CDLHANGINGMAN", candle_down),
  candle_entry<inverted_hammer, 11>(
    "candle_inverted_hammer",
    "short body with a long upper shadow, below the body before",
    "TA-Lib CDLINVERTEDHAMMER", candle_up),
  candle_entry<shooting_star, 11>(
    "candle_shooting_star",
    "short body with a long upper shadow, above the body before",
    "TA-Lib CDLSHOOTINGSTAR", candle_down),
};

} // namespace

std::span<const feature_entry> hammers() {
  return entries;
}

} // namespace qalpha
