#include "models/features/candles/candle_feature.hpp"
#include "models/features/candles/candle_patterns.hpp"

namespace qalpha {

namespace {

int concealing_baby_swallow(const candle_window& w) {
  auto bare = [&](size_t back) {
    return w.ends_at_top(back) && w.ends_at_bottom(back);
  };
  auto &x = w[0], &third = w[1];
  auto there = w[3].black() && w[2].black() && third.black() && x.black()
               && w.falls_apart(1, 2) && third.high > w[2].close
               && x.high > third.high && x.low < third.low && bare(3) && bare(2)
               && w.has_upper_shadow(1);
  return there ? 100 : 0;
}

int breakaway(const candle_window& w) {
  auto &x = w[0], &fourth = w[1], &third = w[2], &second = w[3], &first = w[4];
  if (first.colour() != second.colour() || second.colour() != fourth.colour()
      || x.colour() == fourth.colour())
    return 0;
  auto breaks = first.white()
                  ? w.rises_apart(3, 4) && third.high > second.high
                      && third.low > second.low && fourth.high > third.high
                      && fourth.low > third.low && x.close < second.open
                      && x.close > first.close
                  : w.falls_apart(3, 4) && third.high < second.high
                      && third.low < second.low && fourth.high < third.high
                      && fourth.low < third.low && x.close > second.open
                      && x.close < first.close;
  return breaks && w.has_long_body(4) ? x.colour() * 100 : 0;
}

int ladder_bottom(const candle_window& w) {
  auto &x = w[0], &fourth = w[1], &third = w[2], &second = w[3], &first = w[4];
  auto there = first.black() && second.black() && third.black()
               && fourth.black() && x.white() && first.open > second.open
               && second.open > third.open && first.close > second.close
               && second.close > third.close && x.open > fourth.open
               && x.close > fourth.high && w.has_upper_shadow(1);
  return there ? 100 : 0;
}

/// Three short bodies between the first and the last candle of five.
bool pauses(const candle_window& w) {
  return w.has_long_body(4) && w.has_short_body(3) && w.has_short_body(2)
         && w.has_short_body(1);
}

int mat_hold(const candle_window& w, double penetration) {
  auto &x = w[0], &fourth = w[1], &third = w[2], &second = w[3], &first = w[4];
  auto floor = first.close - first.body() * penetration;
  auto holds = [&](const candle& y) {
    return y.bottom() < first.close && y.bottom() > floor;
  };
  auto there = first.white() && second.black() && x.white()
               && w.rises_apart(3, 4) && holds(third) && holds(fourth)
               && third.top() < second.open && fourth.top() < third.top()
               && x.open > fourth.close
               && x.close > std::max({second.high, third.high, fourth.high})
               && pauses(w);
  return there ? 100 : 0;
}

int three_methods(const candle_window& w) {
  auto &x = w[0], &fourth = w[1], &third = w[2], &second = w[3], &first = w[4];
  auto colour = first.colour();
  if (second.colour() != -colour || third.colour() != -colour
      || fourth.colour() != -colour || x.colour() != colour)
    return 0;
  auto meets_first = [&](const candle& y) {
    return y.bottom() < first.high && y.top() > first.low;
  };
  /// Is `a` further than `b`, as the first candle goes?
  auto further = [colour](double a, double b) {
    return colour > 0 ? a > b : a < b;
  };
  auto there = meets_first(second) && meets_first(third) && meets_first(fourth)
               && further(second.close, third.close)
               && further(third.close, fourth.close)
               && further(x.open, fourth.close) && further(x.close, first.close)
               && pauses(w) && w.has_long_body(0);
  return there ? colour * 100 : 0;
}

/// A candle within the one before, and then one that leaves it on one side.
/// @returns the direction in which that is a trap, or 0.
int trap(const candle_window& w, size_t back) {
  auto &x = w[back], &inner = w[back + 1], &outer = w[back + 2];
  if (inner.high >= outer.high || inner.low <= outer.low)
    return 0;
  if (x.high < inner.high && x.low < inner.low)
    return 1;
  return x.high > inner.high && x.low > inner.low ? -1 : 0;
}

int hikkake_at(const candle_window& w, size_t back) {
  return trap(w, back);
}

/// Is preceded by one more narrowing, of which the middle closes at the edge.
int modified_hikkake_at(const candle_window& w, size_t back) {
  auto direction = trap(w, back);
  auto &middle = w[back + 2], &outer = w[back + 3];
  if (direction == 0 || middle.high >= outer.high || middle.low <= outer.low)
    return 0;
  auto near = w.length(distance_near, back + 2);
  auto at_edge = direction > 0 ? middle.close <= middle.low + near
                               : middle.close >= middle.high - near;
  return at_edge ? direction : 0;
}

/// @returns the pattern at hand, or the confirmation of the latest one if that
///          is at most three candles ago and was not confirmed before.
template <class Pattern>
int with_confirmation(const candle_window& w, Pattern pattern) {
  constexpr size_t patience = 3;
  if (auto direction = pattern(w, 0))
    return direction * 100;
  for (size_t start = 1; start <= patience; ++start) {
    auto direction = pattern(w, start);
    if (direction == 0)
      continue;
    auto& inner = w[start + 1];
    auto confirms = [&](size_t back) {
      return direction > 0 ? w[back].close > inner.high
                           : w[back].close < inner.low;
    };
    for (auto back = start - 1; back > 0; --back)
      if (confirms(back))
        return 0;
    return confirms(0) ? direction * 200 : 0;
  }
  return 0;
}

int hikkake(const candle_window& w) {
  return with_confirmation(w, hikkake_at);
}

int modified_hikkake(const candle_window& w) {
  return with_confirmation(w, modified_hikkake_at);
}

constexpr parameter hold_parameters[] = {
  {"penetration", 0.5, 0, 1, "part of the first body that the pause may reach",
   false},
};

constexpr feature_entry entries[] = {
  candle_entry<concealing_baby_swallow, 13>(
    "candle_concealing_baby_swallow",
    "two falls without shadows, one below with an upper shadow, and one around "
    "that",
    "TA-Lib CDLCONCEALBABYSWALL", candle_up),
  candle_entry<breakaway, 14>(
    "candle_breakaway",
    "long body, a gap, a move that goes on, and a candle back into the gap",
    "TA-Lib CDLBREAKAWAY", candle_sign),
  candle_entry<ladder_bottom, 14>(
    "candle_ladder_bottom",
    "three steps down, a fall with an upper shadow, and a rise above that",
    "TA-Lib CDLLADDERBOTTOM", candle_up),
  candle_entry<mat_hold, 14>(
    "candle_mat_hold",
    "long rise, three short bodies that hold most of it, and a new high",
    "TA-Lib CDLMATHOLD", candle_up, hold_parameters),
  candle_entry<three_methods, 14>(
    "candle_three_methods",
    "long body, three short ones back within its range, and a long one onward",
    "TA-Lib CDLRISEFALL3METHODS", candle_sign),
  candle_entry<hikkake, 5>(
    "candle_hikkake",
    "candle within the one before, then a break that is taken for false",
    "TA-Lib CDLHIKKAKE", candle_confirmed),
  candle_entry<modified_hikkake, 10>(
    "candle_modified_hikkake",
    "hikkake after one more narrowing that closes at the edge",
    "TA-Lib CDLHIKKAKEMOD", candle_confirmed),
};

} // namespace

std::span<const feature_entry> long_candle_patterns() {
  return entries;
}

} // namespace qalpha
