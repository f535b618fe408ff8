#include "models/features/indicators/stops.hpp"

#include "models/features/block/bar_steps.hpp"
#include "models/features/row_feature.hpp"

namespace qalpha {

namespace {

// -- sar, sarext

/// How a stop gains on rising or on falling prices.
struct stop_pace {
  double first;
  double growth;
  double most;
};

struct stop_rules {
  stop_pace rising;
  stop_pace falling;
  /// Price at which it begins: of a rising market where positive, of a falling
  /// one where negative, found in the first two bars where 0.
  double start = 0;
  /// Share of the price by which a new stop stands further away.
  double offset = 0;
  /// What a stop above the price is multiplied by.
  double sign_above = 1;
};

class sar_kernel {
public:
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 1;

  explicit sar_kernel(const stop_rules& rules) : rules_(rules) {
    for (auto pace : {&rules_.rising, &rules_.falling}) {
      pace->first = std::min(pace->first, pace->most);
      pace->growth = std::min(pace->growth, pace->most);
    }
  }

  row_values<1> step(const row_values<2>& x) noexcept {
    auto [high, low] = x;
    if (seen_ < 2)
      ++seen_;
    if (seen_ == 1) {
      remember(high, low);
      return {undefined};
    }
    if (seen_ == 2 && !begun_)
      begin(high, low);
    auto result = rises_ ? step_up(high, low) : step_down(high, low);
    remember(high, low);
    return {result};
  }

private:
  // The first two bars say where it goes, unless a person does.
  void begin(double high, double low) noexcept {
    auto fall = low_ - low;
    rises_ = rules_.start == 0 ? !(fall > 0 && fall > high - high_)
                               : rules_.start > 0;
    turn(rises_ ? high : low);
    stop_ = rises_ ? low_ : high_;
    if (rules_.start != 0)
      stop_ = std::abs(rules_.start);
    begun_ = true;
    remember(high, low);
  }

  double step_up(double high, double low) noexcept {
    if (low <= stop_) {
      rises_ = false;
      auto result = std::max({extreme_, high_, high}) * (1 + rules_.offset);
      turn(low);
      stop_ = std::max({result + pace_ * (low - result), high_, high});
      return rules_.sign_above * result;
    }
    auto result = stop_;
    if (high > extreme_)
      go_on(high);
    stop_ = std::min({stop_ + pace_ * (extreme_ - stop_), low_, low});
    return result;
  }

  double step_down(double high, double low) noexcept {
    if (high >= stop_) {
      rises_ = true;
      auto result = std::min({extreme_, low_, low}) * (1 - rules_.offset);
      turn(high);
      stop_ = std::min({result + pace_ * (high - result), low_, low});
      return result;
    }
    auto result = stop_;
    if (low < extreme_)
      go_on(low);
    stop_ = std::max({stop_ + pace_ * (extreme_ - stop_), high_, high});
    return rules_.sign_above * result;
  }

  const stop_pace& pace_now() const noexcept {
    return rises_ ? rules_.rising : rules_.falling;
  }

  void turn(double extreme) noexcept {
    pace_ = pace_now().first;
    extreme_ = extreme;
  }

  void go_on(double extreme) noexcept {
    pace_ = std::min(pace_ + pace_now().growth, pace_now().most);
    extreme_ = extreme;
  }

  void remember(double high, double low) noexcept {
    high_ = high;
    low_ = low;
  }

  stop_rules rules_;
  size_t seen_ = 0;
  bool begun_ = false;
  bool rises_ = true;
  double pace_ = 0;
  double extreme_ = 0;
  double stop_ = 0;
  // Of the bar before.
  double high_ = 0;
  double low_ = 0;
};

// Two stops that differ become one at the next turn that both take; this many
// rows are enough in practice.
constexpr size_t rows_until_turned = 500;

fallible<made_feature> make_sar(std::span<const double> values) {
  stop_pace both{values[0], values[0], values[1]};
  return made_feature{make_row_feature(sar_kernel{{both, both}}), 1,
                      rows_until_turned};
}

fallible<made_feature> make_sarext(std::span<const double> values) {
  stop_rules rules{{values[2], values[3], values[4]},
                   {values[5], values[6], values[7]},
                   values[0],
                   values[1],
                   -1};
  return made_feature{make_row_feature(sar_kernel{rules}), 1,
                      rows_until_turned};
}

constexpr std::string_view high_low[] = {"high", "low"};
constexpr parameter sar_parameters[] = {
  {"acceleration", 0.02, 0.001, 1, "first factor, and what it grows by", false},
  {"maximum", 0.2, 0.001, 1, "highest factor", false},
};
constexpr parameter sarext_parameters[] = {
  {"start", 0, -1e9, 1e9,
   "first stop, price; below 0 that of falling prices, 0 to find it", false},
  {"offset", 0, 0, 0.5, "share of the price that a new stop keeps away", false},
  {"rising_first", 0.02, 0.001, 1, "first factor of rising prices", false},
  {"rising_growth", 0.02, 0.001, 1, "what it grows by", false},
  {"rising_maximum", 0.2, 0.001, 1, "its highest value", false},
  {"falling_first", 0.02, 0.001, 1, "first factor of falling prices", false},
  {"falling_growth", 0.02, 0.001, 1, "what it grows by", false},
  {"falling_maximum", 0.2, 0.001, 1, "its highest value", false},
};
constexpr feature_output stop_output[] = {{"stop", "price"}};
constexpr feature_output signed_stop_output[] = {
  {"stop", "price, times -1 while it is above falling prices"},
};

// -- supertrend

class supertrend_kernel {
public:
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 2;

  supertrend_kernel(size_t period, double width)
    : period_(period), width_(width) {
    // nop
  }

  row_values<2> step(const row_values<3>& x) noexcept {
    auto [high, low, close] = x;
    auto known = has_range(high, low, close);
    auto before = close;
    std::swap(before, close_);
    if (!known)
      return {undefined, undefined};
    auto middle = (high + low) / 2;
    auto upper = middle + width_ * range_;
    auto lower = middle - width_ * range_;
    if (close > upper_)
      direction_ = 1;
    else if (close < lower_)
      direction_ = -1;
    else if (direction_ > 0)
      lower = std::max(lower, lower_);
    else
      upper = std::min(upper, upper_);
    upper_ = upper;
    lower_ = lower;
    return {direction_ > 0 ? lower : upper, direction_};
  }

private:
  /// Takes the next true range into Wilder's mean.
  bool has_range(double high, double low, double close) noexcept {
    static_cast<void>(close);
    auto reach = true_range(high, low, close_);
    auto n = static_cast<double>(period_);
    if (rows_ > period_)
      range_ += (reach - range_) / n;
    else if (rows_ > 0)
      range_ += reach / n;
    if (rows_ <= period_)
      ++rows_;
    return rows_ > period_;
  }

  size_t period_;
  double width_;
  size_t rows_ = 0;
  double range_ = 0;
  double close_ = 0;
  double direction_ = 1;
  // Crossed by nothing before the first row.
  double upper_ = std::numeric_limits<double>::infinity();
  double lower_ = -std::numeric_limits<double>::infinity();
};

fallible<made_feature> make_supertrend(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{
    make_row_feature(supertrend_kernel{period, values[1]}), period,
    period + memory_of_decay(1 / values[0]) + rows_until_turned};
}

constexpr std::string_view bar_prices[] = {"high", "low", "close"};
constexpr parameter supertrend_parameters[] = {
  {"period", 10, 1, 10'000, "rows of the average true range"},
  {"width", 3, 0.1, 100, "average ranges from the middle of the bar", false},
};
constexpr feature_output supertrend_outputs[] = {
  {"stop", "price"},
  {"direction", "1 while prices rise, -1 while they fall"},
};

constexpr feature_entry entries[] = {
  {"sar", "parabolic stop and reverse", "TA-Lib SAR", high_low, sar_parameters,
   stop_output, make_sar},
  {"sarext", "stop and reverse with factors of its own for either direction",
   "TA-Lib SAREXT", high_low, sarext_parameters, signed_stop_output,
   make_sarext},
  {"supertrend", "stop that follows the trend at some average ranges",
   "pandas-ta supertrend", bar_prices, supertrend_parameters,
   supertrend_outputs, make_supertrend},
};

} // namespace

std::span<const feature_entry> stop_indicators() {
  return entries;
}

} // namespace qalpha
