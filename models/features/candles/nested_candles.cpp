#include "models/features/candles/candle_feature.hpp"
#include "models/features/candles/candle_patterns.hpp"

namespace qalpha {

namespace {

/// @returns by how much a body lies in a longer one before: 100 if it touches
///          neither end, 80 if it does, 0 if it lies elsewhere.
int nesting(const candle& x, const candle& before) {
  if (x.top() < before.top() && x.bottom() > before.bottom())
    return 100;
  return x.top() <= before.top() && x.bottom() >= before.bottom() ? 80 : 0;
}

int harami(const candle_window& w) {
  auto grade = nesting(w[0], w[1]);
  auto there = grade > 0 && w.has_long_body(1) && w.has_small_body(0);
  return there ? -w[1].colour() * grade : 0;
}

int harami_cross(const candle_window& w) {
  auto grade = nesting(w[0], w[1]);
  auto there = grade > 0 && w.has_long_body(1) && w.is_doji(0);
  return there ? -w[1].colour() * grade : 0;
}

int homing_pigeon(const candle_window& w) {
  auto inside = w[1].black() && w[0].black() && nesting(w[0], w[1]) == 100;
  return inside && w.has_long_body(1) && w.has_small_body(0) ? 100 : 0;
}

int three_inside(const candle_window& w) {
  auto &x = w[0], &first = w[2];
  auto leaves = first.white() ? x.black() && x.close < first.open
                              : x.white() && x.close > first.open;
  auto there = leaves && nesting(w[1], first) == 100 && w.has_long_body(2)
               && w.has_small_body(1);
  return there ? -first.colour() * 100 : 0;
}

int engulfing(const candle_window& w) {
  // Of opposite colours, and the first lies within the second; at most one end
  // of the bodies is the same.
  auto &x = w[0], &before = w[1];
  auto same_top = x.top() == before.top();
  auto same_bottom = x.bottom() == before.bottom();
  if (x.colour() == before.colour() || nesting(before, x) == 0
      || (same_top && same_bottom))
    return 0;
  return x.colour() * (same_top || same_bottom ? 80 : 100);
}

int three_outside(const candle_window& w) {
  auto &x = w[0], &second = w[1], &first = w[2];
  if (second.colour() == first.colour() || nesting(first, second) != 100)
    return 0;
  auto goes_on = second.white() ? x.close > second.close
                                : x.close < second.close;
  return goes_on ? second.colour() * 100 : 0;
}

constexpr feature_entry entries[] = {
  candle_entry<harami, 11>("candle_harami",
                           "small body within the long body before",
                           "TA-Lib CDLHARAMI", candle_graded),
  candle_entry<harami_cross, 11>("candle_harami_cross",
                                 "doji within the long body before",
                                 "TA-Lib CDLHARAMICROSS", candle_graded),
  candle_entry<homing_pigeon, 11>("candle_homing_pigeon",
                                  "small black body within a long black one",
                                  "TA-Lib CDLHOMINGPIGEON", candle_up),
  candle_entry<three_inside, 12>(
    "candle_three_inside",
    "harami, and a close beyond the open of its long body", "TA-Lib CDL3INSIDE",
    candle_sign),
  candle_entry<engulfing, 2>("candle_engulfing",
                             "body around the one before, of the other colour",
                             "TA-Lib CDLENGULFING", candle_graded),
  candle_entry<three_outside, 3>("candle_three_outside",
                                 "engulfing, and a close that goes on",
                                 "TA-Lib CDL3OUTSIDE", candle_sign),
};

} // namespace

std::span<const feature_entry> nested_candles() {
  return entries;
}

} // namespace qalpha
