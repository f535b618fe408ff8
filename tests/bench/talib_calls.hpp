// What a user of TA-Lib calls for the indicators of the design.

#pragma once

#include "tests/bench/indicator_market.hpp"

#include <ta_libc.h>

#include <cstdio>
#include <cstdlib>

namespace qalpha::bench {

/// @param a, b, c, d room for a value a row each, to write outputs to
using talib_call = void (*)(const bar_columns_of& bars, double* a, double* b,
                            double* c, double* d);

inline void talib_begin() {
  if (TA_Initialize() != TA_SUCCESS)
    std::abort();
}

/// Ends the program when a call fails: its time would say nothing.
inline void talib_check(TA_RetCode code) {
  if (code != TA_SUCCESS) {
    std::fprintf(stderr, "TA-Lib failed with %d\n", static_cast<int>(code));
    std::exit(1);
  }
}

/// Calls `TA_<function>` for all rows; what follows are inputs, parameters and
/// outputs.
template <class Function, class... Args>
void talib_run(const bar_columns_of& bars, Function function,
               double* const* out, Args... args) {
  int begin = 0;
  int count = 0;
  auto last = static_cast<int>(bars.rows()) - 1;
  auto code = TA_SUCCESS;
  if constexpr (std::is_invocable_v<Function, int, int, Args..., int*, int*,
                                    double*>)
    code = function(0, last, args..., &begin, &count, out[0]);
  else if constexpr (std::is_invocable_v<Function, int, int, Args..., int*,
                                         int*, double*, double*>)
    code = function(0, last, args..., &begin, &count, out[0], out[1]);
  else
    code = function(0, last, args..., &begin, &count, out[0], out[1], out[2]);
  talib_check(code);
}

inline void talib_sma(const bar_columns_of& bars, double* a, double*, double*,
                      double*) {
  talib_run(bars, TA_SMA, &a, bars.close(), 20);
}

inline void talib_ema(const bar_columns_of& bars, double* a, double*, double*,
                      double*) {
  talib_run(bars, TA_EMA, &a, bars.close(), 20);
}

inline void talib_macd(const bar_columns_of& bars, double* a, double* b,
                       double* c, double*) {
  double* out[] = {a, b, c};
  talib_run(bars, TA_MACD, out, bars.close(), 12, 26, 9);
}

inline void talib_adx(const bar_columns_of& bars, double* a, double* b,
                      double* c, double*) {
  talib_run(bars, TA_ADX, &a, bars.high(), bars.low(), bars.close(), 14);
  talib_run(bars, TA_PLUS_DI, &b, bars.high(), bars.low(), bars.close(), 14);
  talib_run(bars, TA_MINUS_DI, &c, bars.high(), bars.low(), bars.close(), 14);
}

/// The lines; what is made of them after that is not counted.
inline void talib_ichimoku(const bar_columns_of& bars, double* a, double* b,
                           double* c, double*) {
  talib_run(bars, TA_MIDPRICE, &a, bars.high(), bars.low(), 9);
  talib_run(bars, TA_MIDPRICE, &b, bars.high(), bars.low(), 26);
  talib_run(bars, TA_MIDPRICE, &c, bars.high(), bars.low(), 52);
}

inline void talib_rsi(const bar_columns_of& bars, double* a, double*, double*,
                      double*) {
  talib_run(bars, TA_RSI, &a, bars.close(), 14);
}

inline void talib_stochastic(const bar_columns_of& bars, double* a, double* b,
                             double*, double*) {
  double* out[] = {a, b};
  talib_run(bars, TA_STOCH, out, bars.high(), bars.low(), bars.close(), 14, 3,
            TA_MAType_SMA, 3, TA_MAType_SMA);
}

inline void talib_cci(const bar_columns_of& bars, double* a, double*, double*,
                      double*) {
  talib_run(bars, TA_CCI, &a, bars.high(), bars.low(), bars.close(), 20);
}

inline void talib_williams(const bar_columns_of& bars, double* a, double*,
                           double*, double*) {
  talib_run(bars, TA_WILLR, &a, bars.high(), bars.low(), bars.close(), 14);
}

inline void talib_williams_long(const bar_columns_of& bars, double* a, double*,
                                double*, double*) {
  talib_run(bars, TA_WILLR, &a, bars.high(), bars.low(), bars.close(), 1'440);
}

inline void talib_bollinger(const bar_columns_of& bars, double* a, double* b,
                            double* c, double*) {
  double* out[] = {a, b, c};
  talib_run(bars, TA_BBANDS, out, bars.close(), 20, 2.0, 2.0, TA_MAType_SMA);
}

inline constexpr auto talib_wide = 10'000.0;

inline void talib_wide_bollinger(const bar_columns_of& bars, double* a,
                                 double* b, double* c, double*) {
  double* out[] = {a, b, c};
  talib_run(bars, TA_BBANDS, out, bars.close(), 20, talib_wide, talib_wide,
            TA_MAType_SMA);
}

inline void talib_atr(const bar_columns_of& bars, double* a, double*, double*,
                      double*) {
  talib_run(bars, TA_ATR, &a, bars.high(), bars.low(), bars.close(), 14);
}

/// Mean and range; the bands made of them are not counted.
inline void talib_keltner(const bar_columns_of& bars, double* a, double* b,
                          double*, double*) {
  talib_run(bars, TA_EMA, &a, bars.close(), 20);
  talib_run(bars, TA_ATR, &b, bars.high(), bars.low(), bars.close(), 10);
}

inline void talib_obv(const bar_columns_of& bars, double* a, double*, double*,
                      double*) {
  talib_run(bars, TA_OBV, &a, bars.close(), bars.volume());
}

inline void talib_mfi(const bar_columns_of& bars, double* a, double*, double*,
                      double*) {
  talib_run(bars, TA_MFI, &a, bars.high(), bars.low(), bars.close(),
            bars.volume(), 14);
}

/// It knows no sessions and no bands: the rolling mean is the nearest thing.
inline void talib_vwap(const bar_columns_of& bars, double* a, double* b,
                       double* c, double* d) {
  talib_run(bars, TA_TYPPRICE, &a, bars.high(), bars.low(), bars.close());
  talib_run(bars, TA_MULT, &b, static_cast<const double*>(a), bars.volume());
  talib_run(bars, TA_SUM, &c, static_cast<const double*>(b), 14);
  talib_run(bars, TA_SUM, &d, bars.volume(), 14);
  talib_run(bars, TA_DIV, &a, static_cast<const double*>(c),
            static_cast<const double*>(d));
}

} // namespace qalpha::bench
