// Bars for tests of strategies.

#pragma once

#include "models/market/bar.hpp"
#include "models/strategies/symbol_strategy.hpp"

#include "tests/models/random.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace qalpha::test {

inline constexpr auto test_interval = std::chrono::minutes{1};

inline void set_time(bar& x, size_t index) {
  x.open_time = utc_time{} + test_interval * static_cast<int64_t>(index + 1);
  x.close_time = x.open_time + test_interval;
}

/// @returns an instrument whose price is one a tick, unless told otherwise.
inline instrument test_instrument(int64_t tick_e8 = 100'000'000) {
  return *instrument::make({}, {.name = "TEST",
                                .tick_e8 = tick_e8,
                                .lot_e8 = 100'000'000,
                                .min_notional = {},
                                .max_order = {}});
}

/// @returns something around a bar that depends on nothing but the bar.
inline bar_context around(const bar& x) {
  bar_context result;
  result.top = top_of_book{x.close, {x.close.ticks + 1}, {1}, {1}};
  result.flow = flow_sums{{x.close.ticks - x.open.ticks}, 1, 1};
  return result;
}

/// A rule with the features that it wants.
class strategy_at_work {
public:
  explicit strategy_at_work(std::unique_ptr<strategy> rule,
                            int64_t tick_e8 = 100'000'000)
    : plan_(*feature_plan::make({test_interval, rule->features()})),
      works_(std::move(rule),
             stream_features(plan_, test_instrument(tick_e8))) {
    // nop
  }

  /// Takes the next bar, whatever its time.
  std::optional<exposure> on_bar(bar x) {
    return on_bar(x, around(x));
  }

  std::optional<exposure> on_bar(bar x, const bar_context& around) {
    set_time(x, seen_++);
    return works_.on_bar(x, around);
  }

  std::string reason() const {
    return works_.reason();
  }

  /// Rows before the first with all features.
  size_t warm_up() const {
    return feature_pipeline{plan_}.warm_up();
  }

private:
  feature_plan plan_;
  symbol_strategy works_;
  size_t seen_ = 0;
};

/// A random walk with flat stretches, in which ties are common, and jumps.
inline std::vector<bar> random_bars(dice& random, size_t count) {
  std::vector<bar> result;
  auto close = random(1'000, 10'000'000);
  auto step = std::max<int64_t>(close / random(50, 2'000), 1);
  for (size_t i = 0; i < count; ++i) {
    auto open = close;
    if (random.chance(80))
      close = std::max<int64_t>(close + random(-step, step), 1);
    if (random.chance(1))
      close = std::max<int64_t>(close + random(-20 * step, 20 * step), 1);
    auto high = std::max(open, close) + random(0, step);
    auto low = std::max<int64_t>(std::min(open, close) - random(0, step), 1);
    result.push_back(
      {{}, {}, {open}, {high}, {low}, {close}, {random(0, 100)}});
    set_time(result.back(), i);
  }
  return result;
}

} // namespace qalpha::test
