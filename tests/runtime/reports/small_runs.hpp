// Short backtests on made bars, for the tests of reports.

#pragma once

#include "runtime/backtest/engines.hpp"
#include "runtime/reports/backtest_report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace qalpha::test {

inline constexpr int64_t hour_ns = 3'600'000'000'000;

/// 2024-01-01 00:00 UTC.
inline constexpr int64_t new_year_ns = 1'704'067'200'000'000'000;

inline instrument make_symbol(uint16_t index, const std::string& name) {
  instrument_rules rules{name, money::scale / 10, money::scale / 1'000, {}, {}};
  return *instrument::make(symbol_id{index}, rules);
}

/// A bar without wicks.
inline bar make_bar(int64_t hour, int64_t open, int64_t close) {
  auto from = new_year_ns + hour * hour_ns;
  return {{from},
          {from + hour_ns},
          {open},
          {std::max(open, close)},
          {std::min(open, close)},
          {close},
          {1'000}};
}

/// A saw: the price climbs 40 bars and falls 20, so that it rises over time.
inline std::vector<bar> saw(size_t count, int64_t start_ticks,
                            int64_t step_ticks) {
  std::vector<bar> bars;
  auto price_ticks = start_ticks;
  for (size_t i = 0; i < count; ++i) {
    auto next = price_ticks + (i % 60 < 40 ? step_ticks : -step_ticks);
    bars.push_back(make_bar(static_cast<int64_t>(i), price_ticks, next));
    price_ticks = next;
  }
  return bars;
}

/// A random walk that is the same on every machine.
inline std::vector<bar> walk(size_t count, int64_t start_ticks,
                             int64_t widest_step) {
  std::vector<bar> bars;
  auto price_ticks = start_ticks;
  uint32_t state = 7;
  for (size_t i = 0; i < count; ++i) {
    state = state * 1'664'525u + 1'013'904'223u;
    auto drawn = static_cast<int64_t>(state >> 16) % (2 * widest_step + 1);
    auto next = std::max(price_ticks + drawn - widest_step, int64_t{1});
    bars.push_back(make_bar(static_cast<int64_t>(i), price_ticks, next));
    price_ticks = next;
  }
  return bars;
}

/// Hours in which the price goes to `end_ticks` at an even pace.
inline std::vector<bar> slope(size_t count, int64_t start_ticks,
                              int64_t end_ticks) {
  std::vector<bar> bars;
  auto at = [&](size_t i) {
    return start_ticks
           + (end_ticks - start_ticks) * static_cast<int64_t>(i)
               / static_cast<int64_t>(count);
  };
  for (size_t i = 0; i < count; ++i)
    bars.push_back(make_bar(static_cast<int64_t>(i), at(i), at(i + 1)));
  return bars;
}

/// One symbol, an account of 10 000, moving averages of 5 and 15 bars.
inline backtest_input make_input(std::vector<bar> bars) {
  backtest_input input;
  input.instruments.push_back(make_symbol(0, "BTCUSDT"));
  input.bars.push_back(std::move(bars));
  input.start = money{10'000 * money::scale};
  input.strategy = {"sma_cross", {{"fast", 5}, {"slow", 15}}};
  input.keep_facts = true;
  return input;
}

inline void add_symbol(backtest_input& to, const std::string& name,
                       std::vector<bar> bars) {
  auto index = static_cast<uint16_t>(to.instruments.size());
  to.instruments.push_back(make_symbol(index, name));
  to.bars.push_back(std::move(bars));
}

/// A run and what follows from it. Wall time is the same on every machine.
struct small_run {
  backtest_input input;
  backtest_result result;
  backtest_report report;
};

inline report_source source_of(const backtest_input& input,
                               const backtest_result& result) {
  return {.input = input,
          .result = result,
          .data = {},
          .engine = "fused",
          .config_file = "backtest.json",
          .config_hash = "00112233445566778899aabbccddeeff"};
}

inline small_run run(backtest_input input) {
  auto result = *run_fused(input);
  result.seconds = 0.012;
  auto report = make_report(source_of(input, result));
  return {std::move(input), std::move(result), std::move(report)};
}

/// Three times the equity in a market that loses two thirds.
inline small_run run_into_ruin() {
  auto input = make_input(slope(24 * 40, 500'000, 165'000));
  input.strategy = {"buy_and_hold", {}};
  input.sizing.allocation_bps = 29'000;
  return run(std::move(input));
}

} // namespace qalpha::test
