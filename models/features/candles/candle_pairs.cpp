#include "models/features/candles/candle_feature.hpp"
#include "models/features/candles/candle_patterns.hpp"

namespace qalpha {

namespace {

bool turns(const candle_window& w) {
  return w[0].colour() == -w[1].colour();
}

int counterattack(const candle_window& w) {
  auto meets = turns(w) && w.is_equal(w[0].close, w[1].close, 1);
  return meets && w.has_long_body(1) && w.has_long_body(0) ? w[0].colour() * 100
                                                           : 0;
}

int separating_lines(const candle_window& w) {
  if (!turns(w) || !w.is_equal(w[0].open, w[1].open, 1) || !w.has_long_body(0))
    return 0;
  auto clean = w[0].white() ? w.ends_at_bottom(0) : w.ends_at_top(0);
  return clean ? w[0].colour() * 100 : 0;
}

int dark_cloud_cover(const candle_window& w, double penetration) {
  auto &x = w[0], &before = w[1];
  auto covers = before.white() && x.black() && x.open > before.high
                && x.close > before.open
                && x.close < before.close - before.body() * penetration;
  return covers && w.has_long_body(1) ? -100 : 0;
}

int piercing(const candle_window& w) {
  auto &x = w[0], &before = w[1];
  auto pierces = before.black() && x.white() && x.open < before.low
                 && x.close < before.open
                 && x.close > before.close + before.body() * 0.5;
  return pierces && w.has_long_body(1) && w.has_long_body(0) ? 100 : 0;
}

/// A long fall, and a rise that begins below it.
bool rises_from_below(const candle_window& w) {
  return w[1].black() && w[0].white() && w[0].open < w[1].low
         && w.has_long_body(1);
}

int on_neck(const candle_window& w) {
  return rises_from_below(w) && w.is_equal(w[0].close, w[1].low, 1) ? -100 : 0;
}

int in_neck(const candle_window& w) {
  auto &x = w[0], &before = w[1];
  auto in = x.close >= before.close && rises_from_below(w)
            && x.close <= before.close + w.length(distance_equal, 1);
  return in ? -100 : 0;
}

int thrusting(const candle_window& w) {
  auto &x = w[0], &before = w[1];
  auto thrusts = rises_from_below(w)
                 && x.close <= before.close + before.body() * 0.5
                 && x.close > before.close + w.length(distance_equal, 1);
  return thrusts ? -100 : 0;
}

bool kicks(const candle_window& w) {
  auto gap = w[1].white() ? w.jumps_down(0, 1) : w.jumps_up(0, 1);
  return gap && turns(w) && w.is_marubozu(1) && w.is_marubozu(0);
}

int kicking(const candle_window& w) {
  return kicks(w) ? w[0].colour() * 100 : 0;
}

int kicking_by_length(const candle_window& w) {
  auto& longer = w[0].body() > w[1].body() ? w[0] : w[1];
  return kicks(w) ? longer.colour() * 100 : 0;
}

int matching_low(const candle_window& w) {
  auto falls = w[1].black() && w[0].black();
  return falls && w.is_equal(w[0].close, w[1].close, 1) ? 100 : 0;
}

int doji_star(const candle_window& w) {
  auto gap = w[1].white() ? w.rises_apart(0, 1) : w.falls_apart(0, 1);
  return gap && w.has_long_body(1) && w.is_doji(0) ? -w[1].colour() * 100 : 0;
}

constexpr parameter cover_parameters[] = {
  {"penetration", 0.5, 0, 1, "part of the body before that the fall covers",
   false},
};

constexpr feature_entry entries[] = {
  candle_entry<counterattack, 11>(
    "candle_counterattack",
    "two long bodies of opposite colours that close at the same price",
    "TA-Lib CDLCOUNTERATTACK", candle_sign),
  candle_entry<separating_lines, 11>(
    "candle_separating_lines",
    "long body from where the opposite one before it opened",
    "TA-Lib CDLSEPARATINGLINES", candle_sign),
  candle_entry<dark_cloud_cover, 11>(
    "candle_dark_cloud_cover",
    "fall from above the high before, deep into the long white body before",
    "TA-Lib CDLDARKCLOUDCOVER", candle_down, cover_parameters),
  candle_entry<piercing, 11>(
    "candle_piercing",
    "long rise from below the low before, past the middle of the long black "
    "body before",
    "TA-Lib CDLPIERCING", candle_up),
  candle_entry<on_neck, 11>(
    "candle_on_neck",
    "after a long black body, a rise from below only to the low before",
    "TA-Lib CDLONNECK", candle_down),
  candle_entry<in_neck, 11>(
    "candle_in_neck",
    "after a long black body, a rise from below only to the close before",
    "TA-Lib CDLINNECK", candle_down),
  candle_entry<thrusting, 11>(
    "candle_thrusting",
    "after a long black body, a rise from below to less than its middle",
    "TA-Lib CDLTHRUSTING", candle_down),
  candle_entry<kicking, 11>(
    "candle_kicking",
    "two long bodies without shadows, of opposite colours, with a gap",
    "TA-Lib CDLKICKING", candle_sign),
  candle_entry<kicking_by_length, 11>(
    "candle_kicking_by_length",
    "as candle_kicking; the longer body says which way it points",
    "TA-Lib CDLKICKINGBYLENGTH", candle_sign),
  candle_entry<matching_low, 6>("candle_matching_low",
                                "two black bodies that close at the same price",
                                "TA-Lib CDLMATCHINGLOW", candle_up),
  candle_entry<doji_star, 11>(
    "candle_doji_star", "doji beyond a long body, with a gap between them",
    "TA-Lib CDLDOJISTAR", candle_sign),
};

} // namespace

std::span<const feature_entry> candle_pairs() {
  return entries;
}

} // namespace qalpha
