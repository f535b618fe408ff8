#include "models/features/indicators/moving_averages.hpp"

#include "models/features/row_feature.hpp"

#include <vector>

namespace qalpha {

namespace {

constexpr std::string_view close_only[] = {"close"};

constexpr feature_output mean_output[] = {{"mean", "in units of the input"}};

// -- sma
// ------------------------------------------------------------------------

class sma_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit sma_kernel(size_t period) : ring_(period) {
    // nop
  }

  row_values<1> step(const row_values<1>& x) noexcept {
    // As TA-Lib does: the oldest leaves after the mean is taken.
    sum_ += x[0];
    auto mean = sum_ / static_cast<double>(ring_.size());
    ring_[next_] = x[0];
    if (++next_ == ring_.size())
      next_ = 0;
    if (seen_ + 1 < ring_.size()) {
      ++seen_;
      return {undefined};
    }
    sum_ -= ring_[next_];
    return {mean};
  }

private:
  std::vector<double> ring_;
  size_t next_ = 0;
  size_t seen_ = 0;
  double sum_ = 0;
};

fallible<made_feature> make_sma(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(sma_kernel{period}), period - 1, period};
}

constexpr parameter sma_parameters[] = {
  {"period", 20, 1, 100'000, "rows in the mean"},
};

// -- ema
// ------------------------------------------------------------------------

class ema_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit ema_kernel(size_t period)
    : period_(period), weight_(2.0 / static_cast<double>(period + 1)) {
    // nop
  }

  row_values<1> step(const row_values<1>& x) noexcept {
    if (seen_ < period_) {
      value_ += x[0];
      if (++seen_ < period_)
        return {undefined};
      value_ /= static_cast<double>(period_);
    } else {
      value_ += weight_ * (x[0] - value_);
    }
    return {value_};
  }

private:
  size_t period_;
  double weight_;
  size_t seen_ = 0;
  double value_ = 0;
};

fallible<made_feature> make_ema(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  auto memory = memory_of_decay(2.0 / (values[0] + 1));
  return made_feature{make_row_feature(ema_kernel{period}), period - 1,
                      std::max(period, memory)};
}

constexpr parameter ema_parameters[] = {
  {"period", 20, 1, 100'000, "rows; the weight of a new one is 2/(period+1)"},
};

constexpr feature_entry entries[] = {
  {"ema", "exponential moving average, seeded by a simple one", "TA-Lib EMA",
   close_only, ema_parameters, mean_output, make_ema},
  {"sma", "simple moving average", "TA-Lib SMA", close_only, sma_parameters,
   mean_output, make_sma},
};

} // namespace

std::span<const feature_entry> moving_averages() {
  return entries;
}

} // namespace qalpha
