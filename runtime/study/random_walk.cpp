#include "runtime/study/random_walk.hpp"

#include "models/evaluation/normal.hpp"
#include "models/simulation/random_stream.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace qalpha {

namespace {

constexpr int64_t start_ticks = 10'000'000; // 100 000 at a tick of 0.01

/// 2022-01-01 00:00 UTC.
constexpr utc_time begin{1'640'995'200'000'000'000};

double normal_of(random_stream& random) {
  auto uniform = (static_cast<double>(random.next() >> 11) + 0.5) * 0x1p-53;
  return normal_quantile(uniform);
}

price ticks_of(double x) {
  return {std::max<int64_t>(1, std::llround(x))};
}

random_walk_finding finding_of(uint64_t seed, const study_result& study) {
  random_walk_finding result{.seed = seed};
  const study_run* best = nullptr;
  for (const auto& run : study.runs)
    if (run.learns
        && (best == nullptr
            || (run.certainty
                && (!best->certainty || *run.certainty > *best->certainty))))
      best = &run;
  if (best == nullptr)
    return result;
  result.sharpe = best->report.figures.daily.sharpe;
  result.certainty = best->certainty;
  result.deflated = best->deflated;
  result.trades = best->report.figures.trades.count;
  result.significant = best->deflated && *best->deflated > significance;
  if (!study.skills.empty() && study.skills.back().figures)
    result.correlation = study.skills.back().figures->correlation;
  return result;
}

} // namespace

backtest_input random_walk_market(const random_walk_settings& settings) {
  backtest_input result;
  result.instruments.push_back(*instrument::make(
    symbol_id{0}, {.name = "WALK", .tick_e8 = 1'000'000, .lot_e8 = 100'000}));
  result.bar_interval = settings.bar_interval;
  result.start = money{1'000'000 * money::scale};
  constexpr money no_limit{1'000'000'000 * money::scale};
  result.limits.max_order_notional = no_limit;
  result.limits.max_position_notional = no_limit;
  result.limits.price_collar_bps = 5'000;
  result.venue.maker_fee = result.venue.taker_fee = rate{0};
  result.venue.funding_rate = rate{0};
  random_stream random{settings.seed, 0};
  // GARCH(1,1) with a mean of the variance asked for.
  constexpr auto shock = 0.08;
  constexpr auto memory = 0.9;
  auto mean = settings.volatility * settings.volatility;
  auto variance = mean;
  auto last = static_cast<double>(start_ticks);
  result.bars.emplace_back();
  for (size_t i = 0; i < settings.bars; ++i) {
    auto deviation = std::sqrt(variance);
    auto noise = deviation * normal_of(random);
    // Without a drift of the price itself.
    auto close = last * std::exp(noise - variance / 2);
    auto high = std::max(last, close)
                * std::exp(deviation * std::abs(normal_of(random)) / 3);
    auto low = std::min(last, close)
               * std::exp(-deviation * std::abs(normal_of(random)) / 3);
    auto open_time = begin + settings.bar_interval * static_cast<int64_t>(i);
    auto volume = 1'000 + random.below(9'000);
    result.bars.front().push_back({open_time,
                                   open_time + settings.bar_interval,
                                   ticks_of(last),
                                   ticks_of(high),
                                   ticks_of(low),
                                   ticks_of(close),
                                   {volume * 1'000}});
    variance = (1 - shock - memory) * mean + shock * noise * noise
               + memory * variance;
    last = static_cast<double>(ticks_of(close).ticks);
  }
  return result;
}

fallible<std::vector<random_walk_finding>> study_random_walks(
  size_t seeds, const random_walk_settings& shape,
  const study_settings& settings, forecast_maker& maker,
  const std::function<void(const random_walk_finding&)>& told) {
  std::vector<random_walk_finding> result;
  for (size_t i = 1; i <= seeds; ++i) {
    auto now = shape;
    now.seed = i;
    auto study = run_study(random_walk_market(now), settings, maker);
    if (!study)
      return fault{"seed " + std::to_string(i) + ": " + study.error().text};
    result.push_back(finding_of(i, *study));
    if (told)
      told(result.back());
  }
  return result;
}

double significant_share(const std::vector<random_walk_finding>& findings) {
  if (findings.empty())
    return 0;
  auto count = std::ranges::count_if(
    findings, [](const auto& x) { return x.significant; });
  return static_cast<double>(count) / static_cast<double>(findings.size());
}

} // namespace qalpha
