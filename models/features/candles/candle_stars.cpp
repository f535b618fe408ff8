#include "models/features/candles/candle_feature.hpp"
#include "models/features/candles/candle_patterns.hpp"

namespace qalpha {

namespace {

/// A long rise, and a body of some length that falls deep into it.
bool falls_back(const candle_window& w, double penetration) {
  auto &x = w[0], &first = w[2];
  return first.white() && x.black()
         && x.close < first.close - first.body() * penetration
         && w.has_long_body(2) && !w.has_small_body(0);
}

/// A long fall, and a body of some length that rises deep into it.
bool rises_back(const candle_window& w, double penetration) {
  auto &x = w[0], &first = w[2];
  return first.black() && x.white()
         && x.close > first.close + first.body() * penetration
         && w.has_long_body(2) && !w.has_small_body(0);
}

int evening_star(const candle_window& w, double penetration) {
  auto star = w.rises_apart(1, 2) && w.has_small_body(1);
  return star && falls_back(w, penetration) ? -100 : 0;
}

int evening_doji_star(const candle_window& w, double penetration) {
  auto star = w.rises_apart(1, 2) && w.is_doji(1);
  return star && falls_back(w, penetration) ? -100 : 0;
}

int morning_star(const candle_window& w, double penetration) {
  auto star = w.falls_apart(1, 2) && w.has_small_body(1);
  return star && rises_back(w, penetration) ? 100 : 0;
}

int morning_doji_star(const candle_window& w, double penetration) {
  auto star = w.falls_apart(1, 2) && w.is_doji(1);
  return star && rises_back(w, penetration) ? 100 : 0;
}

int abandoned_baby(const candle_window& w, double penetration) {
  if (w.jumps_up(1, 2) && w.jumps_down(0, 1))
    return w.is_doji(1) && falls_back(w, penetration) ? -100 : 0;
  if (w.jumps_down(1, 2) && w.jumps_up(0, 1))
    return w.is_doji(1) && rises_back(w, penetration) ? 100 : 0;
  return 0;
}

int tristar(const candle_window& w) {
  // One measure for all three.
  auto doji = w.length(body_doji, 2);
  if (w[2].body() > doji || w[1].body() > doji || w[0].body() > doji)
    return 0;
  if (w.rises_apart(1, 2) && w[0].top() < w[1].top())
    return -100;
  return w.falls_apart(1, 2) && w[0].bottom() > w[1].bottom() ? 100 : 0;
}

constexpr parameter star_parameters[] = {
  {"penetration", 0.3, 0, 1,
   "part of the first body that the last candle takes back", false},
};

constexpr feature_entry entries[] = {
  candle_entry<evening_star, 12>(
    "candle_evening_star",
    "long rise, small body above it, and a fall deep into the rise",
    "TA-Lib CDLEVENINGSTAR", candle_down, star_parameters),
  candle_entry<evening_doji_star, 12>("candle_evening_doji_star",
                                      "evening star of which the star is a "
                                      "doji",
                                      "TA-Lib CDLEVENINGDOJISTAR", candle_down,
                                      star_parameters),
  candle_entry<morning_star, 12>(
    "candle_morning_star",
    "long fall, small body below it, and a rise deep into the fall",
    "TA-Lib CDLMORNINGSTAR", candle_up, star_parameters),
  candle_entry<morning_doji_star, 12>("candle_morning_doji_star",
                                      "morning star of which the star is a "
                                      "doji",
                                      "TA-Lib CDLMORNINGDOJISTAR", candle_up,
                                      star_parameters),
  candle_entry<abandoned_baby, 12>(
    "candle_abandoned_baby",
    "doji star with gaps on both sides, shadows included",
    "TA-Lib CDLABANDONEDBABY", candle_sign, star_parameters),
  candle_entry<tristar, 12>("candle_tristar",
                            "three dojis, the middle one apart from the first",
                            "TA-Lib CDLTRISTAR", candle_sign),
};

} // namespace

std::span<const feature_entry> candle_stars() {
  return entries;
}

} // namespace qalpha
