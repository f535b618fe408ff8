// The part of a node that market data reach first: the thread that reads them,
// and the feeds.

#pragma once

#include "actors/oracle/feed.hpp"
#include "actors/supervision/stop_now.hpp"
#include "runtime/node/actor_config.hpp"
#include "runtime/venues/feed_courier.hpp"
#include "runtime/venues/live_market.hpp"
#include "tests/bench/feed_meter.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <thread>
#include <utility>

namespace qalpha::bench {

/// The feeds do not trade.
class no_venue final : public venue_connection {
public:
  void send(const approved_order&) override {
  }
  void send(const cancel_order&) override {
  }
  void send(const query_order&) override {
  }
  void send(const reconcile_query&) override {
  }
  void cancel_all(symbol_id) override {
  }
  void subscribe(symbol_id) override {
  }
};

inline caf::behavior run_listener(caf::event_based_actor* self) {
  self->set_default_handler(caf::drop);
  return {
    [](atom::tick) {},
  };
}

/// The feeds of a node and the thread that serves and runs them.
class small_node {
public:
  small_node(const universe& instruments, feed_meter& seen, live_market& market)
    : seen_(seen), market_(market) {
    context_.instruments = instruments;
    context_.venue = &door_;
    context_.heart = &seen;
    context_.witness = &seen;
    for (auto& x : instruments) {
      peers_.feeds.push_back(system_.spawn(run_feed, &context_, x.id()));
      peers_.executors.push_back(
        caf::actor_cast<executor_actor>(system_.spawn(run_listener)));
    }
    courier_.run_feeds(system_, scheduler_settings{}.max_throughput);
    auto known = std::make_shared<const roster>(peers_);
    for (auto& x : peers_.feeds)
      caf::anon_send(x, known);
    reader_ = std::thread{[this] { read(); }};
  }

  ~small_node() {
    end_reading();
    for (auto& x : peers_.feeds)
      stop_now(x, caf::exit_reason::kill);
    for (auto& x : peers_.executors)
      stop_now(x, caf::exit_reason::kill);
  }

  small_node(const small_node&) = delete;
  small_node& operator=(const small_node&) = delete;

  /// Afterwards the feeds are idle, and their bars closed.
  void end_reading() {
    ended_ = true;
    if (!reader_.joinable())
      return;
    reader_.join();
    beat(time_ + std::chrono::minutes{2});
  }

  /// @pre the feeds are idle
  const feed& machine(size_t symbol) const {
    using pointer = feed_actor::stateful_pointer<feed_state>;
    return *caf::actor_cast<pointer>(peers_.feeds[symbol])->state.machine;
  }

  uint64_t frames() const {
    return beats_;
  }

private:
  void read() {
    while (!ended_) {
      auto frame = market_.next();
      time_ = frame->time;
      for (auto& batch : frame->batches)
        courier_.send(peers_.feeds[batch.symbol.index], std::move(batch));
      beat(time_);
    }
  }

  // Of the last stage: a feed passes it out and not on.
  void beat(utc_time now) {
    pulse fact{.sequence = ++beats_,
               .time = now,
               .stage = static_cast<uint8_t>(pulse_path.size() - 1)};
    seen_.barrier.expect(fact.sequence);
    for (auto& x : peers_.feeds)
      courier_.send(x, fact);
    courier_.run();
    if (!seen_.barrier.wait(std::chrono::seconds{10}))
      std::printf("a feed did not answer within 10 s\n");
  }

  feed_meter& seen_;
  live_market& market_;
  trading_gate gate_;
  no_venue wire_;
  gateway door_{gate_, wire_};
  node_context context_;
  actor_config config_{scheduler_settings{}};
  caf::actor_system system_{config_};
  feed_courier courier_;
  roster peers_;
  utc_time time_;
  std::atomic<uint64_t> beats_{0};
  std::atomic<bool> ended_{false};
  std::thread reader_;
};

} // namespace qalpha::bench
