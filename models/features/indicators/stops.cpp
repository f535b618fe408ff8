#include "models/features/indicators/stops.hpp"

#include "models/features/block/bar_steps.hpp"
#include "models/features/row_feature.hpp"

namespace qalpha {

namespace {

// -- sar

class sar_kernel {
public:
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 1;

  sar_kernel(double acceleration, double most)
    : acceleration_(std::min(acceleration, most)), most_(most) {
    // nop
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
  // The first two bars say where it goes.
  void begin(double high, double low) noexcept {
    auto fall = low_ - low;
    rises_ = !(fall > 0 && fall > high - high_);
    extreme_ = rises_ ? high : low;
    stop_ = rises_ ? low_ : high_;
    pace_ = acceleration_;
    begun_ = true;
    remember(high, low);
  }

  double step_up(double high, double low) noexcept {
    if (low <= stop_) {
      rises_ = false;
      auto result = std::max({extreme_, high_, high});
      turn(low);
      stop_ = std::max({result + pace_ * (low - result), high_, high});
      return result;
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
      auto result = std::min({extreme_, low_, low});
      turn(high);
      stop_ = std::min({result + pace_ * (high - result), low_, low});
      return result;
    }
    auto result = stop_;
    if (low < extreme_)
      go_on(low);
    stop_ = std::max({stop_ + pace_ * (extreme_ - stop_), high_, high});
    return result;
  }

  void turn(double extreme) noexcept {
    pace_ = acceleration_;
    extreme_ = extreme;
  }

  void go_on(double extreme) noexcept {
    pace_ = std::min(pace_ + acceleration_, most_);
    extreme_ = extreme;
  }

  void remember(double high, double low) noexcept {
    high_ = high;
    low_ = low;
  }

  double acceleration_;
  double most_;
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
  return made_feature{make_row_feature(sar_kernel{values[0], values[1]}), 1,
                      rows_until_turned};
}

constexpr std::string_view high_low[] = {"high", "low"};
constexpr parameter sar_parameters[] = {
  {"acceleration", 0.02, 0.001, 1, "first factor, and what it grows by", false},
  {"maximum", 0.2, 0.001, 1, "highest factor", false},
};
constexpr feature_output stop_output[] = {{"stop", "price"}};

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
  {"supertrend", "stop that follows the trend at some average ranges",
   "pandas-ta supertrend", bar_prices, supertrend_parameters,
   supertrend_outputs, make_supertrend},
};

} // namespace

std::span<const feature_entry> stop_indicators() {
  return entries;
}

} // namespace qalpha
