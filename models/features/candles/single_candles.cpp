#include "models/features/candles/candle_feature.hpp"
#include "models/features/candles/candle_patterns.hpp"

namespace qalpha {

namespace {

int belt_hold(const candle_window& w) {
  auto& x = w[0];
  auto held = x.white() ? w.ends_at_bottom(0) : w.ends_at_top(0);
  return held && w.has_long_body(0) ? x.colour() * 100 : 0;
}

int closing_marubozu(const candle_window& w) {
  auto& x = w[0];
  auto closed = x.white() ? w.ends_at_top(0) : w.ends_at_bottom(0);
  return closed && w.has_long_body(0) ? x.colour() * 100 : 0;
}

int marubozu(const candle_window& w) {
  return w.is_marubozu(0) ? w[0].colour() * 100 : 0;
}

int doji(const candle_window& w) {
  return w.is_doji(0) ? 100 : 0;
}

int dragonfly_doji(const candle_window& w) {
  return w.is_doji(0) && w.ends_at_top(0) && w.has_lower_shadow(0) ? 100 : 0;
}

int gravestone_doji(const candle_window& w) {
  return w.is_doji(0) && w.ends_at_bottom(0) && w.has_upper_shadow(0) ? 100 : 0;
}

int long_legged_doji(const candle_window& w) {
  auto legs = w.has_long_lower_shadow(0) || w.has_long_upper_shadow(0);
  return legs && w.is_doji(0) ? 100 : 0;
}

int rickshaw_man(const candle_window& w) {
  auto& x = w[0];
  if (!w.has_long_lower_shadow(0) || !w.has_long_upper_shadow(0)
      || !w.is_doji(0))
    return 0;
  auto middle = x.low + x.range() / 2;
  auto near = w.length(distance_near, 0);
  return x.bottom() <= middle + near && x.top() >= middle - near ? 100 : 0;
}

int takuri(const candle_window& w) {
  auto line = w[0].lower_shadow() > w.length(shadow_very_long, 0);
  return line && w.is_doji(0) && w.ends_at_top(0) ? 100 : 0;
}

int high_wave(const candle_window& w) {
  auto& x = w[0];
  auto very_long = w.length(shadow_very_long, 0);
  auto waves = x.upper_shadow() > very_long && x.lower_shadow() > very_long;
  return waves && w.has_short_body(0) ? x.colour() * 100 : 0;
}

int spinning_top(const candle_window& w) {
  auto& x = w[0];
  auto spins = x.upper_shadow() > x.body() && x.lower_shadow() > x.body();
  return spins && w.has_short_body(0) ? x.colour() * 100 : 0;
}

bool has_short_shadows(const candle_window& w) {
  auto usual = w.length(shadow_short, 0);
  return w[0].upper_shadow() < usual && w[0].lower_shadow() < usual;
}

int long_line(const candle_window& w) {
  return w.has_long_body(0) && has_short_shadows(w) ? w[0].colour() * 100 : 0;
}

int short_line(const candle_window& w) {
  return w.has_short_body(0) && has_short_shadows(w) ? w[0].colour() * 100 : 0;
}

constexpr feature_entry entries[] = {
  candle_entry<belt_hold, 10>(
    "candle_belt_hold",
    "long body that begins at its low, or falls from its "
    "high",
    "TA-Lib CDLBELTHOLD", candle_sign),
  candle_entry<closing_marubozu, 10>(
    "candle_closing_marubozu",
    "long body that ends at its high, or falls to its low",
    "TA-Lib CDLCLOSINGMARUBOZU", candle_sign),
  candle_entry<marubozu, 10>("candle_marubozu",
                             "long body almost without shadows",
                             "TA-Lib CDLMARUBOZU", candle_sign),
  candle_entry<doji, 10>("candle_doji", "close almost at the open",
                         "TA-Lib CDLDOJI", candle_there),
  candle_entry<dragonfly_doji, 10>(
    "candle_dragonfly_doji", "open and close at the high, with a lower shadow",
    "TA-Lib CDLDRAGONFLYDOJI", candle_there),
  candle_entry<gravestone_doji, 10>(
    "candle_gravestone_doji", "open and close at the low, with an upper shadow",
    "TA-Lib CDLGRAVESTONEDOJI", candle_there),
  candle_entry<long_legged_doji, 10>("candle_long_legged_doji",
                                     "doji with a shadow longer than its body",
                                     "TA-Lib CDLLONGLEGGEDDOJI", candle_there),
  candle_entry<rickshaw_man, 10>(
    "candle_rickshaw_man",
    "doji with both shadows longer than its body, which is in the middle",
    "TA-Lib CDLRICKSHAWMAN", candle_there),
  candle_entry<takuri, 10>("candle_takuri",
                           "doji at its high, with a very long lower shadow",
                           "TA-Lib CDLTAKURI", candle_there),
  candle_entry<high_wave, 10>(
    "candle_high_wave",
    "short body with very long shadows; the sign is the colour",
    "TA-Lib CDLHIGHWAVE", candle_sign),
  candle_entry<spinning_top, 10>(
    "candle_spinning_top",
    "short body with shadows longer than it; the sign is the colour",
    "TA-Lib CDLSPINNINGTOP", candle_sign),
  candle_entry<long_line, 10>("candle_long_line",
                              "long body with short shadows",
                              "TA-Lib CDLLONGLINE", candle_sign),
  candle_entry<short_line, 10>("candle_short_line",
                               "short body with short shadows",
                               "TA-Lib CDLSHORTLINE", candle_sign),
};

} // namespace

std::span<const feature_entry> single_candles() {
  return entries;
}

} // namespace qalpha
