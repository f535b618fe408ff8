#include "models/features/candles/candle_feature.hpp"
#include "models/features/candles/candle_patterns.hpp"

namespace qalpha {

namespace {

/// Three white candles with rising closes.
bool three_rise(const candle_window& w) {
  return w[2].white() && w[1].white() && w[0].white() && w[0].close > w[1].close
         && w[1].close > w[2].close;
}

/// Three black candles with falling closes, all at their low.
bool three_fall(const candle_window& w) {
  return w[2].black() && w[1].black() && w[0].black() && w[0].close < w[1].close
         && w[1].close < w[2].close && w.ends_at_bottom(2)
         && w.ends_at_bottom(1) && w.ends_at_bottom(0);
}

/// The open is above that before, and at most near above the close before.
bool opens_upward(const candle_window& w, size_t back) {
  auto open = w[back].open;
  auto& before = w[back + 1];
  return open > before.open
         && open <= before.close + w.length(distance_near, back + 1);
}

/// The body is far shorter than that before.
bool is_far_shorter(const candle_window& w, size_t back) {
  return w[back].body() < w[back + 1].body() - w.length(distance_far, back + 1);
}

int three_white_soldiers(const candle_window& w) {
  auto keeps_up = [&](size_t back) {
    return w[back].body()
           > w[back + 1].body() - w.length(distance_far, back + 1);
  };
  auto there = three_rise(w) && opens_upward(w, 1) && opens_upward(w, 0)
               && w.ends_at_top(2) && w.ends_at_top(1) && w.ends_at_top(0)
               && keeps_up(1) && keeps_up(0) && !w.has_small_body(0);
  return there ? 100 : 0;
}

/// Each rise is weaker than the one before, or ends in a shadow.
bool tires(const candle_window& w) {
  auto shadow = [&](size_t back) {
    return w[back].upper_shadow() > w.length(shadow_short, back);
  };
  if (is_far_shorter(w, 0))
    return true;
  if (is_far_shorter(w, 1)
      && w[0].body() < w[1].body() + w.length(distance_near, 1))
    return true;
  if (w[0].body() >= w[1].body())
    return false;
  return w.has_long_upper_shadow(0)
         || (w[1].body() < w[2].body() && (shadow(0) || shadow(1)));
}

int advance_block(const candle_window& w) {
  auto there = three_rise(w) && opens_upward(w, 1) && opens_upward(w, 0)
               && w.has_long_body(2)
               && w[2].upper_shadow() < w.length(shadow_short, 2) && tires(w);
  return there ? -100 : 0;
}

int stalled(const candle_window& w) {
  auto there = three_rise(w) && opens_upward(w, 1) && w.has_long_body(2)
               && w.has_long_body(1) && w.ends_at_top(1) && w.has_short_body(0)
               && w[0].open
                    >= w[1].close - w[0].body() - w.length(distance_near, 1);
  return there ? -100 : 0;
}

int three_black_crows(const candle_window& w) {
  auto there = w[3].white() && three_fall(w) && w.opens_within_body(1)
               && w.opens_within_body(0) && w[3].high > w[2].close;
  return there ? -100 : 0;
}

int identical_three_crows(const candle_window& w) {
  auto there = three_fall(w) && w.is_equal(w[1].open, w[2].close, 2)
               && w.is_equal(w[0].open, w[1].close, 1);
  return there ? -100 : 0;
}

/// The open is in the body before, or near to it.
bool opens_around_body(const candle_window& w, size_t back) {
  auto open = w[back].open;
  auto& before = w[back + 1];
  auto near = w.length(distance_near, back + 1);
  return open >= before.bottom() - near && open <= before.top() + near;
}

int three_line_strike(const candle_window& w) {
  auto &x = w[0], &third = w[1], &second = w[2], &first = w[3];
  if (first.colour() != second.colour() || second.colour() != third.colour()
      || x.colour() == third.colour())
    return 0;
  auto strikes = third.white()
                   ? third.close > second.close && second.close > first.close
                       && x.open > third.close && x.close < first.open
                   : third.close < second.close && second.close < first.close
                       && x.open < third.close && x.close > first.open;
  auto there = strikes && opens_around_body(w, 2) && opens_around_body(w, 1);
  return there ? third.colour() * 100 : 0;
}

int three_stars_in_the_south(const candle_window& w) {
  auto &x = w[0], &second = w[1], &first = w[2];
  auto narrows = first.black() && second.black() && x.black()
                 && second.body() < first.body() && second.open > first.close
                 && second.open <= first.high && second.low < first.close
                 && second.low >= first.low && x.low > second.low
                 && x.high < second.high;
  auto there = narrows && w.has_long_body(2) && w.has_long_lower_shadow(2)
               && w.has_lower_shadow(1) && w.has_short_body(0)
               && w.ends_at_bottom(0) && w.ends_at_top(0);
  return there ? 100 : 0;
}

constexpr feature_entry entries[] = {
  candle_entry<three_white_soldiers, 12>(
    "candle_three_white_soldiers",
    "three rises of some length, each from within the one before to its high",
    "TA-Lib CDL3WHITESOLDIERS", candle_up),
  candle_entry<advance_block, 12>("candle_advance_block",
                                  "three rises that weaken",
                                  "TA-Lib CDLADVANCEBLOCK", candle_down),
  candle_entry<stalled, 12>(
    "candle_stalled", "two long rises and a short one that comes no further",
    "TA-Lib CDLSTALLEDPATTERN", candle_down),
  candle_entry<three_black_crows, 13>(
    "candle_three_black_crows",
    "after a rise, three falls to the low, each from within the one before",
    "TA-Lib CDL3BLACKCROWS", candle_down),
  candle_entry<identical_three_crows, 12>(
    "candle_identical_three_crows",
    "three falls to the low, each from the close before",
    "TA-Lib CDLIDENTICAL3CROWS", candle_down),
  candle_entry<three_line_strike, 8>(
    "candle_three_line_strike",
    "three candles of one colour, and one that takes all of them back; points "
    "where the three went",
    "TA-Lib CDL3LINESTRIKE", candle_sign),
  candle_entry<three_stars_in_the_south, 12>(
    "candle_three_stars_in_the_south",
    "three falls that get smaller, with higher lows", "TA-Lib CDL3STARSINSOUTH",
    candle_up),
};

} // namespace

std::span<const feature_entry> candle_rows() {
  return entries;
}

} // namespace qalpha
