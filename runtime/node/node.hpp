// A whole node: trees, venue, journal, time.

#pragma once

#include "actors/node_context.hpp"
#include "actors/supervision/directory.hpp"
#include "actors/supervision/supervisor.hpp"
#include "models/risk/account_report.hpp"
#include "runtime/backtest/trade_list.hpp"
#include "runtime/config/node_config.hpp"
#include "runtime/node/actor_config.hpp"
#include "runtime/node/pulse_barrier.hpp"
#include "runtime/storage/tracing_journal.hpp"
#include "runtime/venues/simulated/exchange.hpp"

#include <caf/actor_system.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace caf::scheduler {

class test_coordinator;

} // namespace caf::scheduler

namespace qalpha {

/// How a node runs its actors.
enum class node_clock : uint8_t {
  /// On threads; market time is paced by the clock of the machine.
  threads,
  /// On one thread, deterministically; market time jumps from frame to frame.
  virtual_time,
};

/// What surrounds a node.
struct node_ports {
  /// Must outlive the node, as all others here.
  journal* log = nullptr;
  notices* people = nullptr;
  incident_log* incidents = nullptr;
  /// May be null.
  market_witness* witness = nullptr;
  /// Asked where the strategy listens to them.
  model_set models = {};
  /// May be null.
  model_witness* answers = nullptr;
};

/// A node on a simulated exchange. Frame by frame: the exchange plays, the
/// pipeline reacts, a pulse tells when it is done. Feeds run on the thread that
/// plays, the others behind them on threads of their own. Because no frame
/// begins before the last one has had all its consequences, a run on threads
/// decides the same as a run on virtual time.
///
/// Owned and driven by one thread.
class node {
public:
  /// @param epoch epoch of order ids
  /// @throws std::runtime_error if the exchange cannot continue
  node(const node_config& config, universe instruments, node_clock clock,
       std::unique_ptr<market_source> market, exchange_settings exchange,
       uint32_t epoch, node_ports ports);

  node(const node&) = delete;
  node& operator=(const node&) = delete;

  /// Stops whatever still runs.
  ~node();

  /// Starts the trees and plays until the venue and the node agree.
  /// @returns `false` if they do not agree within ten seconds of market time in
  ///          which the venue is there, or if it is down for longer than a
  ///          minute.
  bool start();

  /// Plays one frame and waits for its consequences.
  /// @returns `false` when the market has ended.
  bool step();

  /// Closes the gate, cancels all orders and waits until the venue has none
  /// left, as long as `start` waits.
  /// @returns `true` if no order was left.
  bool leave_market();

  /// Stops the trees, last started first.
  /// @returns `true` if all actors stopped in time.
  bool stop();

  utc_time now() const noexcept {
    return exchange_.now();
  }

  /// @returns the hash of everything decided and done so far.
  std::string run_hash() const {
    return log_.hash();
  }

  /// @returns the account as the risk desk sees it, or nothing if it does not
  ///          answer.
  std::optional<account_report> report();

  /// Frames whose consequences took longer than the limit: actors were
  /// restarting. A run with such frames is not reproducible.
  uint64_t late_frames() const noexcept {
    return late_frames_;
  }

  uint64_t frames() const noexcept {
    return frames_;
  }

  const simulated_exchange& exchange() const noexcept {
    return exchange_;
  }

  const universe& instruments() const noexcept {
    return context_.instruments;
  }

  caf::actor_system& system() noexcept {
    return *system_;
  }

  const directory& actors() const noexcept {
    return book_;
  }

  const supervisor_actor& top() const noexcept {
    return top_;
  }

private:
  void fill_context(const node_config& config, uint32_t epoch,
                    node_ports ports);
  std::vector<child_view> children_of(const supervisor_actor& parent);
  void beat(utc_time now);
  bool settle(std::chrono::milliseconds limit);
  void advance_clock();
  bool wait_for_gate();
  void stand_down();
  bool stop_trees();

  node_clock clock_;
  node_context context_;
  directory book_;
  trading_gate gate_;
  feed_courier courier_;
  simulated_exchange exchange_;
  gateway door_;
  tracing_journal log_;
  trade_list trades_;
  pulse_barrier barrier_;
  timespan frame_;
  restart_intensity intensity_;
  actor_config caf_config_;
  std::optional<caf::actor_system> system_;
  caf::scheduler::test_coordinator* virtual_ = nullptr;
  supervisor_actor top_;
  uint64_t pulses_ = 0;
  uint64_t frames_ = 0;
  uint64_t late_frames_ = 0;
};

} // namespace qalpha
