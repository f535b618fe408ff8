// How long a halt takes while an executor drowns in market data.
//
// One million quotes are queued to a real executor that has an order at the
// venue, all cores are busy, and then the guardian is told to halt. Measured
// from the command: until the trading gate is closed for the wire, and until
// the executor's cancel reaches the connection. The peer in the same run is the
// same news sent with normal priority: it waits for the million.

#include "actors/guardian/guardian.hpp"
#include "actors/strategist/executor.hpp"
#include "actors/supervision/directory.hpp"
#include "actors/supervision/stop_now.hpp"
#include "runtime/node/actor_config.hpp"
#include "runtime/node/thread_priority.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <semaphore>
#include <thread>
#include <vector>

namespace {

using namespace qalpha;
using clock_type = std::chrono::steady_clock;

int64_t now_ns() {
  return clock_type::now().time_since_epoch().count();
}

/// Remembers nothing: the executor and the guardian start fresh.
class no_journal final : public journal {
public:
  void append(const decision&) override {
  }
  void append(const decision_outcome&) override {
  }
  void append(const order_intent&) override {
  }
  void append(const order_report&) override {
  }
  bool append(const fill&) override {
    return true;
  }
  bool append(const funding_payment&) override {
    return true;
  }
  /// The guardian journals a state after it has turned the gate and told
  /// everybody: an upper bound of both, taken on its own thread.
  void append(const state_changed& fact) override {
    if (fact.state == trading_state::halted)
      halted = now_ns();
  }
  void append(const account_state&) override {
  }
  symbol_memory recall(symbol_id) override {
    return {};
  }
  account_memory recall_account() override {
    return {.positions = {position{}}, .start = {}, .peak = {}};
  }
  state_changed recall_state() override {
    return {};
  }

  std::atomic<int64_t> halted{0};
};

/// Notes when things reach the wire.
class stopwatch final : public venue_connection {
public:
  void send(const approved_order&) override {
    ordered = true;
  }
  void send(const cancel_order&) override {
    if (cancelled != 0)
      return;
    cancelled = now_ns();
    done.release();
  }
  void send(const query_order&) override {
  }
  void send(const reconcile_query&) override {
    asked = true;
  }
  void cancel_all(symbol_id) override {
  }
  void subscribe(symbol_id) override {
  }

  std::atomic<bool> asked{false};
  std::atomic<bool> ordered{false};
  std::atomic<int64_t> cancelled{0};
  std::binary_semaphore done{0};
};

struct sample {
  double gate_us;
  double cancel_us;
};

universe one_symbol() {
  return {*instrument::make({0}, {"BTCUSDT", 10'000'000, 100'000, {}, {}})};
}

// As the runtime starts it.
guardian_actor::behavior_type preferred(guardian_pointer self,
                                        const node_context* node) {
  prefer_this_thread();
  return run_guardian(self, node);
}

void spin_until(const std::atomic<bool>& flag) {
  while (!flag)
    std::this_thread::yield();
}

/// One node with one executor that has an order at the venue.
struct arena {
  no_journal log;
  stopwatch wire;
  trading_gate gate;
  gateway door{gate, wire};
  node_context context;
  directory book{1};
  actor_config config{scheduler_settings{}};
  caf::actor_system system{config};
  caf::actor guard;
  caf::actor worker;

  arena() {
    context.instruments = one_symbol();
    context.start = {1'000'000 * money::scale};
    context.epoch = 1;
    context.gate = &gate;
    context.venue = &door;
    context.log = &log;
    guard = caf::actor_cast<caf::actor>(
      system.spawn<caf::detached>(preferred, &context));
    worker = caf::actor_cast<caf::actor>(
      system.spawn<caf::detached>(run_executor, &context, symbol_id{0}));
    book.introduce(role::guardian, {}, guard);
    book.introduce(role::executor, {0}, worker);
    book.open();
  }

  ~arena() {
    stop_now(worker, caf::exit_reason::kill);
    stop_now(guard, caf::exit_reason::kill);
    // A system ends when the last handle of its detached actors is gone.
    book.introduce(role::guardian, {}, nullptr);
    book.introduce(role::executor, {0}, nullptr);
  }

  void place_order() {
    auto peers = book.current();
    auto& to = peers->executors[0];
    utc_time t{1'000'000'000};
    spin_until(wire.asked);
    caf::anon_send(to, venue_snapshot{{0}, t, {}, {}});
    while (gate.read().mode != gate_mode::open)
      std::this_thread::yield();
    // The gate turns before the executor is told; an answer of the guardian
    // comes after.
    caf::scoped_actor self{system};
    self->request(peers->guardian, std::chrono::seconds{5}, atom::status_v)
      .receive([](const actor_status&) {}, [](const caf::error&) {});
    caf::anon_send(to, feed_health{{0}, t, feed_status::live});
    caf::anon_send(to, mark_updated{{0}, t, {600'000}});
    caf::anon_send(to, target_position{{{0}, 1}, t, {10}, {600'000}});
    caf::anon_send(to, permit{.id = {0, {0}, 1, 1},
                              .decision = {{0}, 1},
                              .gate_epoch = gate.read().epoch,
                              .direction = side::buy,
                              .size = {10},
                              .low = {590'000},
                              .high = {610'000},
                              .expires = t + std::chrono::hours{1}});
    spin_until(wire.ordered);
    caf::anon_send(to,
                   order_report{{0, {0}, 1, 1}, order_event::accepted, t, ""});
  }

  void flood(size_t n) {
    auto to = book.current()->executors[0];
    for (size_t i = 0; i < n; ++i)
      caf::anon_send(to, quote{{0},
                               {1'000'000'001 + static_cast<int64_t>(i)},
                               {600'000},
                               {600'001},
                               {1},
                               {1}});
  }

  // The measuring thread sleeps meanwhile; times are taken where things happen.
  sample halt() {
    auto begin = now_ns();
    caf::anon_send(book.current()->guardian,
                   operator_command{operator_verb::halt, "flood", ""});
    wire.done.acquire();
    return {(log.halted - begin) / 1e3, (wire.cancelled - begin) / 1e3};
  }

  double normal_priority() {
    auto begin = now_ns();
    caf::anon_send(book.current()->executors[0],
                   state_changed{.state = trading_state::halted,
                                 .gate_epoch = 99,
                                 .time = {2'000'000'000}});
    wire.done.acquire();
    return (wire.cancelled - begin) / 1e3;
  }
};

void print(const char* what, std::vector<double> values) {
  std::sort(values.begin(), values.end());
  auto at = [&](double q) {
    return values[std::min(values.size() - 1,
                           static_cast<size_t>(q * values.size()))];
  };
  std::printf("%-34s P50 %10.1f us   P90 %10.1f us   worst %10.1f us\n", what,
              at(0.5), at(0.9), values.back());
}

} // namespace

int main(int argc, char** argv) {
  auto rounds = argc > 1 ? std::atoi(argv[1]) : 30;
  auto messages = argc > 2 ? std::atoi(argv[2]) : 1'000'000;
  std::vector<double> gate;
  std::vector<double> cancel;
  std::vector<double> normal;
  for (int i = 0; i < rounds; ++i) {
    std::atomic<bool> stop{false};
    arena node;
    node.place_order();
    // The executor keeps one core busy with the flood; these take the others.
    std::vector<std::thread> load;
    for (unsigned k = 1; k < std::thread::hardware_concurrency(); ++k)
      load.emplace_back([&stop] {
        while (!stop) {
          // Computes, as a model would.
        }
      });
    node.flood(static_cast<size_t>(messages));
    // Every third round measures the peer.
    if (i % 3 == 2) {
      normal.push_back(node.normal_priority());
    } else {
      auto x = node.halt();
      gate.push_back(x.gate_us);
      cancel.push_back(x.cancel_us);
    }
    stop = true;
    for (auto& thread : load)
      thread.join();
  }
  std::printf("%d quotes queued to one executor, all cores busy, %zu rounds\n",
              messages, gate.size());
  print("halt command to gate closed, told", gate);
  print("halt command to cancel on the wire", cancel);
  if (!normal.empty())
    print("peer: normal priority", normal);
}
