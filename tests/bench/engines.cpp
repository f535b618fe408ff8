// Bars a second of both engines on the same work: SMA 20/100, fees, funding, a
// fill at the next open, on bars whose open differs from the last close. The
// limit in the same run is a loop written by hand for just this strategy, with
// neither orders nor risk nor journal.

#include "runtime/backtest/engines.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

namespace {

using namespace qalpha;

backtest_input make_input(size_t symbols, size_t bars) {
  backtest_input in;
  std::mt19937_64 rng{1};
  std::normal_distribution<> normal;
  for (size_t s = 0; s < symbols; ++s) {
    symbol_id id{static_cast<uint16_t>(s)};
    in.instruments.push_back(*instrument::make(
      id, {"SYM" + std::to_string(s), 1'000'000, 100'000, {}, {}}));
    std::vector<bar> series;
    auto last = 20'000.0;
    utc_time open{1'577'836'800'000'000'000};
    for (size_t k = 0; k < bars; ++k) {
      auto from = last * (1 + 0.0002 * normal(rng));
      last = from * (1 + 0.0008 * normal(rng));
      bar one{.open_time = open,
              .close_time = open + std::chrono::minutes{1},
              .open = {static_cast<int64_t>(from * 100)},
              .close = {static_cast<int64_t>(last * 100)},
              .volume = {1'000'000}};
      one.high = {std::max(one.open, one.close).ticks + 5};
      one.low = {std::min(one.open, one.close).ticks - 5};
      series.push_back(one);
      open = one.close_time;
    }
    in.bars.push_back(std::move(series));
  }
  in.bar_interval = std::chrono::minutes{1};
  in.start = {1'000'000 * money::scale};
  in.limits.max_order_notional = {1'000'000'000 * money::scale};
  in.limits.max_position_notional = in.limits.max_order_notional;
  in.strategy = {"sma_cross", {{"fast", 20}, {"slow", 100}}};
  return in;
}

/// @returns bars a second of the hand-written loop; `equity` keeps it honest.
double hand_loop(const std::vector<bar>& bars, double& equity) {
  auto begin = std::chrono::steady_clock::now();
  double cash = 1'000'000;
  double held = 0;
  double fast = 0;
  double slow = 0;
  auto wanted = false;
  for (size_t i = 0; i < bars.size(); ++i) {
    auto open = static_cast<double>(bars[i].open.ticks);
    if (wanted && held == 0) {
      held = cash / open;
      cash -= held * open * 1.00055;
    } else if (!wanted && held > 0) {
      cash += held * open * 0.99945;
      held = 0;
    }
    auto close = static_cast<double>(bars[i].close.ticks);
    fast += close - (i >= 20 ? bars[i - 20].close.ticks : 0);
    slow += close - (i >= 100 ? bars[i - 100].close.ticks : 0);
    wanted = i >= 99 && fast * 100 > slow * 20;
  }
  equity = cash + held * static_cast<double>(bars.back().close.ticks);
  auto took = std::chrono::steady_clock::now() - begin;
  return static_cast<double>(bars.size())
         / std::chrono::duration<double>(took).count();
}

template <class Engine>
backtest_result best_of(Engine engine, const backtest_input& in, int runs) {
  auto best = *engine(in);
  for (int i = 1; i < runs; ++i)
    if (auto next = *engine(in); next.seconds < best.seconds)
      best = next;
  return best;
}

void compare(size_t symbols, size_t bars) {
  auto in = make_input(symbols, bars);
  auto fused = best_of(run_fused, in, 5);
  auto actors = best_of(run_actors, in, 2);
  auto rate = [](const backtest_result& x) {
    return static_cast<double>(x.counts.bars) / x.seconds / 1e6;
  };
  auto equity = 0.0;
  auto limit = 0.0;
  for (int i = 0; i < 5; ++i)
    limit = std::max(limit, hand_loop(in.bars.front(), equity) / 1e6);
  std::printf("%zu x %zu bars: fused %.2f M bars/s, actors %.3f M bars/s "
              "(ratio %.0f), hand loop %.0f M bars/s (fused is 1/%.1f); "
              "%llu fills; hashes %s\n",
              symbols, bars, rate(fused), rate(actors),
              rate(fused) / rate(actors), limit, limit / rate(fused),
              static_cast<unsigned long long>(fused.counts.fills),
              fused.run_hash == actors.run_hash ? "equal" : "DIFFER");
  if (fused.run_hash != actors.run_hash || equity <= 0)
    std::exit(1);
}

} // namespace

int main() {
  compare(1, 2'628'000);
  compare(1, 72'673);
  compare(16, 31'973);
}
