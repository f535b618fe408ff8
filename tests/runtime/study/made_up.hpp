// Markets and models whose truth is known.

#pragma once

#include "models/evaluation/normal.hpp"
#include "runtime/study/random_walk.hpp"
#include "runtime/study/study.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <vector>

namespace qalpha::test {

inline constexpr std::array<double, 3> levels{0.1, 0.5, 0.9};

/// Says that `slope` times the last return comes next, and nothing after it.
class follower final : public quantile_model {
public:
  follower(double slope, double deviation)
    : slope_(slope), deviation_(deviation) {
    shape_.features = {std::chrono::hours{1},
                       {{"log_return", "last", {}, {{"period", 1}}}}};
    shape_.lookback = 1;
    shape_.horizon = 2;
    shape_.levels = {levels.begin(), levels.end()};
  }

  const quantile_model_shape& shape() const noexcept override {
    return shape_;
  }

  fallible<quantile_forecast> predict(const forecast_window& from) override {
    quantile_forecast result;
    auto middle = slope_ * from.past.front();
    for (auto ahead : {1.0, 2.0})
      for (auto level : levels)
        result.quantiles.push_back(
          middle + deviation_ * std::sqrt(ahead) * normal_quantile(level));
    return result;
  }

private:
  double slope_;
  double deviation_;
  quantile_model_shape shape_;
};

/// Keeps the last time that each training has seen.
class follower_maker final : public forecast_maker {
public:
  follower_maker(double slope, double deviation)
    : slope_(slope), deviation_(deviation) {
    // nop
  }

  std::string describe() const override {
    return "made up";
  }

  fallible<std::unique_ptr<quantile_model>>
  make(std::span<const market_rows> history) override {
    auto& times = history.front().columns[time_column];
    seen_until.push_back(
      utc_time{static_cast<int64_t>(times.back()) * 1'000'000});
    return std::unique_ptr<quantile_model>{
      std::make_unique<follower>(slope_, deviation_)};
  }

  std::vector<utc_time> seen_until;

private:
  double slope_;
  double deviation_;
};

/// A market whose returns have `slope` of the one before in them.
inline backtest_input following_market(double slope, uint64_t seed) {
  auto market = random_walk_market({.bars = 24 * 240, .seed = seed});
  auto& bars = market.bars.front();
  auto last = 0.0;
  auto price_now = static_cast<double>(bars.front().open.ticks);
  for (auto& one : bars) {
    auto noise = std::log(static_cast<double>(one.close.ticks)
                          / static_cast<double>(one.open.ticks));
    auto now = slope * last + noise;
    last = now;
    one.open = price{std::llround(price_now)};
    price_now *= std::exp(now);
    one.close = price{std::llround(price_now)};
    one.high = std::max(one.open, one.close);
    one.low = std::min(one.open, one.close);
  }
  return market;
}

inline study_settings settings_of_study() {
  using std::chrono::days;
  return {.lengths
          = {.first_training = days{60}, .test = days{40}, .embargo = days{2}},
          .distances = {1, 2},
          .trades = {{{"cost_bps", 0}, {"ahead", 1}}},
          .rules = {{"sma_cross", {{"fast", 5}, {"slow", 20}}},
                    {"donchian_breakout", {}}}};
}

} // namespace qalpha::test
