#include "models/features/candles/candle_feature.hpp"
#include "models/features/candles/candle_patterns.hpp"

#include <cmath>

namespace qalpha {

namespace {

/// The second body lies beyond the first, in the direction of the first.
bool goes_apart(const candle_window& w) {
  return w[2].white() ? w.rises_apart(1, 2) : w.falls_apart(1, 2);
}

int two_crows(const candle_window& w) {
  auto &x = w[0], &second = w[1], &first = w[2];
  auto there = first.white() && second.black() && x.black()
               && w.rises_apart(1, 2) && x.open < second.open
               && x.open > second.close && x.close > first.open
               && x.close < first.close && w.has_long_body(2);
  return there ? -100 : 0;
}

int upside_gap_two_crows(const candle_window& w) {
  auto &x = w[0], &second = w[1], &first = w[2];
  auto there = first.white() && second.black() && x.black()
               && w.rises_apart(1, 2) && x.open > second.open
               && x.close < second.close && x.close > first.close
               && w.has_long_body(2) && w.has_small_body(1);
  return there ? -100 : 0;
}

int gap_side_by_side_white(const candle_window& w) {
  auto &x = w[0], &second = w[1];
  auto up = w.rises_apart(1, 2) && w.rises_apart(0, 2);
  auto down = w.falls_apart(1, 2) && w.falls_apart(0, 2);
  if ((!up && !down) || x.black() || second.black())
    return 0;
  auto near = w.length(distance_near, 1);
  auto there = x.body() >= second.body() - near
               && x.body() <= second.body() + near
               && w.is_equal(x.open, second.open, 1);
  if (!there)
    return 0;
  return up ? 100 : -100;
}

int gap_three_methods(const candle_window& w) {
  auto &x = w[0], &second = w[1], &first = w[2];
  auto closes = first.colour() == second.colour()
                && x.colour() != second.colour() && w.opens_within_body(0)
                && x.close < first.top() && x.close > first.bottom();
  return closes && goes_apart(w) ? first.colour() * 100 : 0;
}

int tasuki_gap(const candle_window& w) {
  auto &x = w[0], &second = w[1];
  if (x.colour() == second.colour() || !w.opens_within_body(0))
    return 0;
  // The last candle leaves the second and does not reach the first.
  auto open = second.white() ? w.rises_apart(1, 2) && x.close < second.open
                                 && x.close > w[2].top()
                             : w.falls_apart(1, 2) && x.close > second.open
                                 && x.close < w[2].bottom();
  auto alike = std::abs(second.body() - x.body()) < w.length(distance_near, 1);
  return open && alike ? second.colour() * 100 : 0;
}

int stick_sandwich(const candle_window& w) {
  auto &x = w[0], &second = w[1], &first = w[2];
  auto there = first.black() && second.white() && x.black()
               && second.low > first.close
               && w.is_equal(x.close, first.close, 2);
  return there ? 100 : 0;
}

int unique_three_river(const candle_window& w) {
  auto &x = w[0], &second = w[1], &first = w[2];
  auto there = first.black() && second.black() && x.white()
               && second.close > first.close && second.open <= first.open
               && second.low < first.low && x.open > second.low
               && w.has_long_body(2) && w.has_short_body(0);
  return there ? 100 : 0;
}

constexpr feature_entry entries[] = {
  candle_entry<two_crows, 12>(
    "candle_two_crows",
    "long rise, a fall above it, and one from within that into the rise",
    "TA-Lib CDL2CROWS", candle_down),
  candle_entry<upside_gap_two_crows, 12>(
    "candle_upside_gap_two_crows",
    "long rise, a small fall above it, and a fall around that one",
    "TA-Lib CDLUPSIDEGAP2CROWS", candle_down),
  candle_entry<gap_side_by_side_white, 7>(
    "candle_gap_side_by_side_white",
    "two white bodies alike, both on the same side of the body before",
    "TA-Lib CDLGAPSIDESIDEWHITE", candle_sign),
  candle_entry<gap_three_methods, 2>(
    "candle_gap_three_methods",
    "two candles of one colour with a gap, and one that closes it",
    "TA-Lib CDLXSIDEGAP3METHODS", candle_sign),
  candle_entry<tasuki_gap, 7>(
    "candle_tasuki_gap",
    "a gap, and a candle of the other colour that does not close it",
    "TA-Lib CDLTASUKIGAP", candle_sign),
  candle_entry<stick_sandwich, 7>(
    "candle_stick_sandwich",
    "white candle above the close of two black ones around it, which is the "
    "same",
    "TA-Lib CDLSTICKSANDWICH", candle_up),
  candle_entry<unique_three_river, 12>(
    "candle_unique_three_river",
    "long fall, a fall within it to a new low, and a short rise above that low",
    "TA-Lib CDLUNIQUE3RIVER", candle_up),
};

} // namespace

std::span<const feature_entry> candle_triples() {
  return entries;
}

} // namespace qalpha
