// What a market of fifty symbols notices of its models: a node on threads, and
// models that burn the time of a processor. Real time, twelve seconds a row.

#include "runtime/node/node.hpp"
#include "runtime/storage/sqlite_journal.hpp"
#include "tests/temporary_folder.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <time.h>

using namespace qalpha;

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr uint16_t symbols = 50;
constexpr milliseconds frame{20};
constexpr std::chrono::seconds bar_length{1};
constexpr int frames = 600;
constexpr utc_time begin_time{1'700'000'000'000'000'000};

/// Of which model how much is wanted: as measured for the shipped sizes.
struct cost {
  microseconds forecast{4'000};
  microseconds regime{300};
  microseconds advice{1'000};
};

std::atomic<uint64_t> asked{0};

/// Computes for that long, waits for the processor not counted.
void compute(microseconds time) {
  auto now = [] {
    timespec used = {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return std::chrono::seconds{used.tv_sec}
           + std::chrono::nanoseconds{used.tv_nsec};
  };
  for (auto begin = now(); now() - begin < time;) {
    // Busy.
  }
  ++asked;
}

feature_spec features() {
  return {bar_length, {{"sma", "x", {}, {{"period", 1}}}}};
}

class burning_forecast final : public quantile_model {
public:
  explicit burning_forecast(microseconds each) : each_(each) {
  }

  const quantile_model_shape& shape() const noexcept override {
    return shape_;
  }

  fallible<quantile_forecast> predict(const forecast_window&) override {
    compute(each_);
    return quantile_forecast{.quantiles = {0}, .importance = {1}};
  }

private:
  microseconds each_;
  quantile_model_shape shape_{.features = features(),
                              .known = {},
                              .lookback = 1,
                              .horizon = 1,
                              .levels = {0.5},
                              .series = {}};
};

class burning_regimes final : public regime_model {
public:
  explicit burning_regimes(microseconds each) : each_(each) {
  }

  const feature_spec& features() const noexcept override {
    return spec_;
  }

  fallible<regime_reading> read(std::span<const double>) override {
    compute(each_);
    return regime_reading{.probabilities = {1, 0, 0, 0}};
  }

private:
  microseconds each_;
  feature_spec spec_ = ::features();
};

class burning_policy final : public policy_model {
public:
  explicit burning_policy(microseconds each) : each_(each) {
  }

  const policy_model_shape& shape() const noexcept override {
    return shape_;
  }

  fallible<policy_action> act(const policy_context&) override {
    compute(each_);
    return policy_action{};
  }

private:
  microseconds each_;
  policy_model_shape shape_{
    .features = features(), .context = 3, .episode = 100};
};

std::vector<std::unique_ptr<feature_source>>
sources_for(const universe& instruments) {
  std::vector<std::unique_ptr<feature_source>> result;
  for (auto& rules : instruments)
    result.push_back(stream_features(*feature_plan::make(features()), rules));
  return result;
}

model_set burning(const universe& instruments, const cost& each) {
  model_set result;
  result.make_forecaster = [&instruments, each] {
    return std::move(*forecaster::make(
      std::make_unique<burning_forecast>(each.forecast), instruments,
      sources_for(instruments), {.id = "forecaster"}));
  };
  result.make_regime_detector = [&instruments, each] {
    return regime_detector{std::make_unique<burning_regimes>(each.regime),
                           sources_for(instruments),
                           {.role = model_role::regimes, .id = "regimes"}};
  };
  result.make_policy = [&instruments, each] {
    return std::move(*policy::make(
      std::make_unique<burning_policy>(each.advice), sources_for(instruments),
      {.role = model_role::policy, .id = "policy"}));
  };
  return result;
}

/// A book and a trade of each symbol in each frame, the same in each run.
class waves final : public market_source {
public:
  std::vector<bar_closed> history() override {
    return {};
  }

  std::optional<market_frame> next() override {
    market_frame result{.time = begin_time + ++count_ * timespan{frame}};
    for (uint16_t i = 0; i < symbols; ++i)
      result.batches.push_back(batch_of(i, result.time));
    return result;
  }

  std::string save() const override {
    return {};
  }

  bool restore(std::string_view) override {
    return false;
  }

private:
  market_batch batch_of(uint16_t symbol, utc_time now) const {
    using kind = market_event_kind;
    // A triangle of some seconds, at another place for each symbol.
    auto phase = (count_ + symbol * 17) % 400;
    auto middle = price{10'000 + std::min(phase, 400 - phase)};
    auto bid = price{middle.ticks - 1};
    auto ask = price{middle.ticks + 1};
    auto number = static_cast<uint64_t>(count_);
    return {{symbol},
            now,
            {{.time = now, .sequence = number, .kind = kind::book_reset},
             {.time = now, .px = bid, .qty = {500}, .kind = kind::bid_level},
             {.time = now, .px = ask, .qty = {500}, .kind = kind::ask_level},
             {.time = now, .sequence = number, .kind = kind::book_complete},
             {.time = now, .px = middle, .qty = {3}, .kind = kind::trade}}};
  }

  int64_t count_ = 0;
};

struct people final : notices, incident_log {
  std::atomic<int> fills{0};

  void show(const fill&) override {
    ++fills;
  }
  void show(const funding_payment&) override {
  }
  void show(const decision_outcome&) override {
  }
  void show(const account_state&) override {
  }
  void show(const state_changed&) override {
  }
  void show(const alert&) override {
  }
  void report(std::string_view actor, const std::string& what) override {
    std::printf("%s: %s\n", std::string{actor}.c_str(), what.c_str());
  }
};

universe many_instruments() {
  universe result;
  for (uint16_t i = 0; i < symbols; ++i)
    result.push_back(*instrument::make({i}, {.name = "S" + std::to_string(i),
                                             .tick_e8 = 1'000'000,
                                             .lot_e8 = 10'000'000}));
  return result;
}

double in_ms(std::vector<timespan>& sorted, double share) {
  auto place = static_cast<size_t>(share * static_cast<double>(sorted.size()));
  std::chrono::duration<double, std::milli> result
    = sorted[std::min(place, sorted.size() - 1)];
  return result.count();
}

/// @returns the hash of what was decided and done; empty if the machine
/// stalled, which makes runs on threads differ.
std::string measure(const char* name, const universe& instruments,
                    model_set models) {
  test::temporary_folder place;
  auto directory = std::move(*run_directory::open(place.path()));
  node_config config;
  config.mode = run_mode::paper;
  config.feed.bar_interval = bar_length;
  config.strategy = {"sma_cross", {{"fast", 2}, {"slow", 3}}};
  config.risk.max_orders = 100'000;
  config.cash = money{1'000'000 * money::scale};
  auto log = std::move(*sqlite_journal::open(
    directory, instruments,
    {.start = config.cash, .config = {}, .now = begin_time}));
  people seen;
  asked = 0;
  node running{config,
               instruments,
               node_clock::threads,
               std::make_unique<waves>(),
               {.start = config.cash, .bar_interval = bar_length},
               log->summary().epoch,
               {log.get(), &seen, &seen, nullptr, std::move(models)}};
  if (!running.start())
    return "did not start";
  std::vector<timespan> times;
  auto next = std::chrono::steady_clock::now();
  for (int i = 0; i < frames; ++i) {
    // lint: allow(sleep) the market of a benchmark has the pace of a real one
    std::this_thread::sleep_until(next += frame);
    auto begin = std::chrono::steady_clock::now();
    running.step();
    times.push_back(std::chrono::steady_clock::now() - begin);
  }
  auto result = running.run_hash();
  std::sort(times.begin(), times.end());
  std::printf("%-22s %6.2f %6.2f %6.2f %7.2f  %6d %8llu  %llu\n", name,
              in_ms(times, 0.5), in_ms(times, 0.99), in_ms(times, 0.999),
              in_ms(times, 1), seen.fills.load(),
              static_cast<unsigned long long>(asked.load()),
              static_cast<unsigned long long>(running.late_frames()));
  std::fflush(stdout);
  running.leave_market();
  running.stop();
  return running.late_frames() == 0 ? result : "";
}

} // namespace

int main() {
  auto instruments = many_instruments();
  cost usual;
  cost slow{10 * usual.forecast, 10 * usual.regime, 10 * usual.advice};
  std::printf("a frame of 50 symbols through feed, allocator, desk and "
              "executors, in ms\n");
  std::printf("%-22s %6s %6s %6s %7s  %6s %8s  %s\n", "models", "P50", "P99",
              "P99.9", "worst", "fills", "answers", "late");
  auto none = measure("none", instruments, {});
  auto fast = measure("usual", instruments, burning(instruments, usual));
  auto late = measure("ten times as slow", instruments,
                      burning(instruments, slow));
  if (none.empty() || fast.empty() || late.empty())
    std::printf("the machine stalled: runs cannot be compared\n");
  else
    std::printf("the same orders in all runs: %s\n",
                none == fast && none == late ? "yes" : "NO");
}
