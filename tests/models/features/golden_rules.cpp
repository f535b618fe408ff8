#include "tests/models/features/golden_rules.hpp"

namespace qalpha::test {

namespace {

// The golden deviations are differences of mean squares, in which half of the
// digits of the price cancel.
constexpr auto noise_of_squares = 1e-7;

} // namespace

const std::vector<talib_rule>& talib_rules() {
  static const std::vector<talib_rule> result{
    {"TA_SMA", "sma", "period=TimePeriod", "outReal=mean"},
    {"TA_EMA", "ema", "period=TimePeriod", "outReal=mean"},
    {"TA_MACD", "macd", "fast=FastPeriod,slow=SlowPeriod,signal=SignalPeriod",
     "outMACD=line,outMACDSignal=signal,outMACDHist=histogram"},
    {"TA_MACDFIX", "macdfix", "signal=SignalPeriod",
     "outMACD=line,outMACDSignal=signal,outMACDHist=histogram"},
    {"TA_MACDEXT", "macdext",
     "fast=FastPeriod,fast_kind=FastMAType,slow=SlowPeriod,"
     "slow_kind=SlowMAType,signal=SignalPeriod,signal_kind=SignalMAType",
     "outMACD=line,outMACDSignal=signal,outMACDHist=histogram"},
    {"TA_ACCBANDS", "accbands", "period=TimePeriod",
     "outRealUpperBand=upper,outRealMiddleBand=middle,outRealLowerBand=lower"},
    {"TA_ADX", "adx", "period=TimePeriod", "outReal=adx"},
    {"TA_PLUS_DI", "adx", "period=TimePeriod", "outReal=plus_di"},
    {"TA_MINUS_DI", "adx", "period=TimePeriod", "outReal=minus_di"},
    {"TA_RSI", "rsi", "period=TimePeriod", "outReal=rsi"},
    {"TA_STOCH", "stochastic",
     "range=FastK_Period,slowing=SlowK_Period,signal=SlowD_Period",
     "outSlowK=k,outSlowD=d"},
    {"TA_STOCHF", "stochastic",
     "range=FastK_Period,slowing=1,signal=FastD_Period",
     "outFastK=k,outFastD=d"},
    {"TA_CCI", "cci", "period=TimePeriod", "outReal=cci"},
    {"TA_WILLR", "williams_r", "period=TimePeriod", "outReal=r"},
    {"TA_BBANDS", "bollinger",
     "period=TimePeriod,above=NbDevUp,below=NbDevDn,MAType==0",
     "outRealUpperBand=upper,outRealMiddleBand=middle,outRealLowerBand=lower"},
    {"TA_ATR", "atr", "period=TimePeriod", "outReal=range"},
    {"TA_NATR", "natr", "period=TimePeriod", "outReal=range"},
    {"TA_TRANGE", "true_range", "", "outReal=range"},
    {"TA_OBV", "obv", "session_minutes=5000000", "outReal=balance"},
    {"TA_MFI", "mfi", "period=TimePeriod", "outReal=mfi"},
    {"TA_WMA", "wma", "period=TimePeriod", "outReal=value"},
    {"TA_DEMA", "dema", "period=TimePeriod", "outReal=value"},
    {"TA_TEMA", "tema", "period=TimePeriod", "outReal=value"},
    {"TA_TRIMA", "trima", "period=TimePeriod", "outReal=value"},
    {"TA_KAMA", "kama", "period=TimePeriod", "outReal=value"},
    {"TA_T3", "t3", "period=TimePeriod,volume=VFactor", "outReal=value"},
    {"TA_MIDPOINT", "midpoint", "period=TimePeriod", "outReal=value"},
    {"TA_MAX", "highest", "period=TimePeriod", "outReal=value", "high=close"},
    {"TA_MIN", "lowest", "period=TimePeriod", "outReal=value", "low=close"},
    {"TA_SUM", "sum", "period=TimePeriod", "outReal=value"},
    {"TA_DX", "dx", "period=TimePeriod", "outReal=value"},
    {"TA_ADXR", "adxr", "period=TimePeriod", "outReal=value"},
    {"TA_PLUS_DM", "dm", "period=TimePeriod", "outReal=plus"},
    {"TA_MINUS_DM", "dm", "period=TimePeriod", "outReal=minus"},
    {"TA_CMO", "cmo", "period=TimePeriod", "outReal=value"},
    {"TA_APO", "apo", "fast=FastPeriod,slow=SlowPeriod,exponential=MAType",
     "outReal=value"},
    {"TA_PPO", "ppo", "fast=FastPeriod,slow=SlowPeriod,exponential=MAType",
     "outReal=value"},
    {"TA_AROON", "aroon", "period=TimePeriod",
     "outAroonDown=down,outAroonUp=up"},
    {"TA_AROONOSC", "aroon", "period=TimePeriod", "outReal=oscillator"},
    {"TA_BOP", "bop", "", "outReal=value"},
    {"TA_IMI", "imi", "period=TimePeriod", "outReal=value"},
    {"TA_MOM", "mom", "period=TimePeriod", "outReal=value"},
    {"TA_ROC", "roc", "period=TimePeriod", "outReal=value"},
    {"TA_ROCR", "rocr", "period=TimePeriod", "outReal=value"},
    {"TA_ROCP", "rocr", "period=TimePeriod", "outReal=value", "", 1, -1},
    {"TA_ROCR100", "rocr", "period=TimePeriod", "outReal=value", "", 100},
    {"TA_STOCHRSI", "stochrsi",
     "period=TimePeriod,range=FastK_Period,signal=FastD_Period",
     "outFastK=k,outFastD=d"},
    {"TA_TRIX", "trix", "period=TimePeriod", "outReal=value"},
    {"TA_ULTOSC", "ultosc",
     "short=TimePeriod1,middle=TimePeriod2,long=TimePeriod3", "outReal=value"},
    {"TA_AD", "ad", "session_minutes=5000000", "outReal=value"},
    {"TA_ADOSC", "adosc", "fast=FastPeriod,slow=SlowPeriod", "outReal=value"},
    {"TA_BETA", "beta", "period=TimePeriod", "outReal=value",
     "close=close,index=middle"},
    {"TA_CORREL", "correl", "period=TimePeriod", "outReal=value",
     "close=close,index=middle"},
    {"TA_LINEARREG", "linreg", "period=TimePeriod", "outReal=value"},
    {"TA_LINEARREG_ANGLE", "linreg", "period=TimePeriod", "outReal=angle"},
    {"TA_LINEARREG_INTERCEPT", "linreg", "period=TimePeriod",
     "outReal=intercept"},
    {"TA_LINEARREG_SLOPE", "linreg", "period=TimePeriod", "outReal=slope"},
    {"TA_TSF", "linreg", "period=TimePeriod", "outReal=forecast"},
    {"TA_AVGDEV", "avgdev", "period=TimePeriod", "outReal=value"},
    {"TA_STDDEV", "stddev", "period=TimePeriod,scale=NbDev", "outReal=value"},
    {"TA_VAR", "variance", "period=TimePeriod", "outReal=value"},
    {"TA_AVGPRICE", "avgprice", "", "outReal=price"},
    {"TA_MEDPRICE", "medprice", "", "outReal=price"},
    {"TA_TYPPRICE", "typprice", "", "outReal=price"},
    {"TA_WCLPRICE", "wclprice", "", "outReal=price"},
    {"TA_MIDPRICE", "donchian", "period=TimePeriod", "outReal=middle"},
    {"TA_SAR", "sar", "acceleration=Acceleration,maximum=Maximum",
     "outReal=stop"},
    {"TA_MAMA", "mama", "fast=FastLimit,slow=SlowLimit",
     "outMAMA=mama,outFAMA=fama"},
    {"TA_HT_DCPERIOD", "ht_dcperiod", "", "outReal=period"},
    {"TA_HT_DCPHASE", "ht_dcphase", "", "outReal=phase"},
    {"TA_HT_PHASOR", "ht_phasor", "",
     "outInPhase=in_phase,outQuadrature=quadrature"},
    {"TA_HT_SINE", "ht_sine", "", "outSine=sine,outLeadSine=lead"},
    {"TA_HT_TRENDLINE", "ht_trendline", "", "outReal=value"},
    {"TA_HT_TRENDMODE", "ht_trendmode", "", "outInteger=trend"},
    {"TA_SAREXT", "sarext", "", "outReal=stop"},
  };
  return result;
}

const std::vector<std::string_view>& talib_without_feature() {
  static const std::vector<std::string_view> result{
    "BBANDS_5_2p5_1p5_1.outRealUpperBand",
    "BBANDS_5_2p5_1p5_1.outRealMiddleBand",
    "BBANDS_5_2p5_1p5_1.outRealLowerBand",
    "PLUS_DI_1.outReal",
    "MAXINDEX_30.outInteger",
    "MININDEX_30.outInteger",
    "MACD_12_26_9_unst50.outMACDSignal",
    "MACD_12_26_9_unst50.outMACDHist",
  };
  return result;
}

const std::vector<extra_rule>& extra_rules() {
  static const std::vector<extra_rule> result{
    {"ttr_ema_20", "ema", "period=20", "mean"},
    {"keltner_ta_20_10_2.mid", "keltner", "period=20,range_period=10,width=2",
     "middle", 400},
    {"keltner_ta_20_10_2.up", "keltner", "period=20,range_period=10,width=2",
     "upper", 400},
    {"keltner_ta_20_10_2.lo", "keltner", "period=20,range_period=10,width=2",
     "lower", 400},
    {"keltner_ta_15_12_3.mid", "keltner", "period=15,range_period=12,width=3",
     "middle", 400},
    {"keltner_ta_15_12_3.up", "keltner", "period=15,range_period=12,width=3",
     "upper", 400},
    {"keltner_ta_15_12_3.lo", "keltner", "period=15,range_period=12,width=3",
     "lower", 400},
    {"vwap_rolling_ta_14", "vwap_rolling", "period=14", "vwap"},
    {"ichimoku_ta_9_26_52.conv", "ichimoku", "", "conversion"},
    {"ichimoku_ta_9_26_52.base", "ichimoku", "", "base"},
    {"ichimoku_ta_9_26_52.spanA_unshifted", "ichimoku", "displacement=0",
     "span_a"},
    {"ichimoku_ta_9_26_52.spanB_unshifted", "ichimoku", "displacement=0",
     "span_b", 51},
    {"ichimoku_pta_9_26_52.spanA", "ichimoku", "", "span_a"},
    {"ichimoku_pta_9_26_52.spanB", "ichimoku", "", "span_b"},
    {"ichimoku_tv_9_26_52.spanA", "ichimoku", "displacement=25", "span_a"},
    {"ichimoku_tv_9_26_52.spanB", "ichimoku", "displacement=25", "span_b"},
    {"vwap_session_D", "vwap", "session_minutes=1440", "vwap"},
    {"vwap_session_D.std", "vwap", "session_minutes=1440", "upper", 0,
     "vwap_session_D", noise_of_squares},
    {"vwap_session_8H", "vwap", "session_minutes=480", "vwap"},
    {"vwap_session_8H.std", "vwap", "session_minutes=480", "upper", 0,
     "vwap_session_8H", noise_of_squares},
    {"vwap_session_H", "vwap", "session_minutes=60", "vwap"},
    {"vwap_session_H.std", "vwap", "session_minutes=60", "upper", 0,
     "vwap_session_H", noise_of_squares},
    {"ttr_rsi14", "rsi", "period=14", "rsi"},
    {"ttr_atr14", "atr", "period=14", "range"},
    // It takes bars that do not move for bars without a trend.
    {"ttr_adx14", "adx", "period=14", "adx", 150},
    {"ttr_dip14", "adx", "period=14", "plus_di"},
    {"ttr_cci20", "cci", "period=20", "cci"},
    {"donchian_ta_20.up", "donchian", "period=20", "upper"},
    {"donchian_ta_20.mid", "donchian", "period=20", "middle"},
    {"donchian_ta_20.lo", "donchian", "period=20", "lower"},
    {"cmf_ta_20", "cmf", "period=20", "value"},
    {"vortex_ta_14.pos", "vortex", "period=14", "plus"},
    {"vortex_ta_14.neg", "vortex", "period=14", "minus"},
    {"ao_ta_5_34", "ao", "", "value"},
    {"tsi_ta_25_13", "tsi", "", "value"},
    // It begins with ranges that are not whole.
    {"ulcer_ta_14", "ulcer", "", "value", 26},
    {"supertrend_pta_14_3.trend", "supertrend", "period=14,width=3", "stop",
     14},
    {"supertrend_pta_14_3.dir", "supertrend", "period=14,width=3", "direction",
     14},
    {"ttr_hma16", "hma", "period=16", "value"},
  };
  return result;
}

const std::vector<std::string_view>& extra_without_feature() {
  static const std::vector<std::string_view> result{
    "ttr_zlema10", // Between two rows, where ours is at one.
    "keltner1960_ta_20.mid",
    "keltner1960_ta_20.up",
    "keltner1960_ta_20.lo",
    "ttr_keltner_dn_20",
    "ttr_keltner_mid_20",
    "ttr_keltner_up_20",
    "ttr_sar",
  };
  return result;
}

} // namespace qalpha::test
