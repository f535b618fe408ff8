// A venue inside the process: market data, matching, private answers, outages.

#pragma once

#include "actors/ports/gateway.hpp"
#include "actors/supervision/directory.hpp"
#include "models/market/bar_aggregator.hpp"
#include "models/simulation/venue.hpp"
#include "runtime/venues/feed_courier.hpp"
#include "runtime/venues/simulated/exchange_store.hpp"
#include "runtime/venues/simulated/market_source.hpp"
#include "runtime/venues/simulated/recording.hpp"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace qalpha {

/// Settings of a simulated exchange.
struct exchange_settings {
  venue_settings venue;
  money start;
  timespan bar_interval = std::chrono::seconds{5};
  /// Bars given to those who subscribe.
  size_t history = 1024;
  /// Market time after which an unanswered command counts as lost.
  timespan command_timeout = std::chrono::seconds{2};
  /// The exchange's books; empty: only in memory.
  std::filesystem::path store;
  /// Where to record the market; empty: nowhere.
  std::filesystem::path recording;
};

/// Plays a market against the orders of a node. Each call of `advance` is one
/// frame of market time: commands that have arrived are carried out, orders are
/// matched, the books are committed, and only then the node is told: what
/// happened to its orders first, then the market data.
///
/// While the venue is down, every second command is carried out but not
/// answered, the others are dropped, and nothing is told about orders; each
/// command is reported as lost when its time is out. When the venue is back, it
/// sends a snapshot of every symbol, as a reconnected private stream would ask
/// for.
///
/// Commands may come from any thread; `advance` belongs to one.
class simulated_exchange final : public venue_connection {
public:
  /// Continues where its store ended, if it has one.
  /// @throws std::runtime_error if the books cannot be read
  /// @pre `instruments`, `book` and `feeds` outlive the exchange
  simulated_exchange(const universe& instruments, exchange_settings settings,
                     std::unique_ptr<market_source> market,
                     const directory& book, feed_courier& feeds);

  // -- commands ---------------------------------------------------------------

  void send(const approved_order& order) override;
  void send(const cancel_order& command) override;
  void send(const query_order& query) override;
  void send(const reconcile_query& query) override;
  void cancel_all(symbol_id symbol) override;
  void subscribe(symbol_id symbol) override;

  // -- time -------------------------------------------------------------------

  /// What a frame has for the node before its market is told.
  struct played {
    /// The venue has answered executors.
    bool answered = false;
  };

  /// Plays one frame and delivers the answers to what was commanded before; its
  /// market is told by `publish`.
  /// @returns `nullopt` when the market has ended.
  std::optional<played> advance();

  /// Tells the market of the last frame. What answers cause has to be over by
  /// then: they were given before the frame ended, and who is faster must not
  /// matter.
  void publish();

  utc_time now() const noexcept {
    return now_;
  }

  bool down() const noexcept {
    return down_;
  }

  // -- books ------------------------------------------------------------------

  const simulated_venue& venue() const noexcept {
    return venue_;
  }

  /// Commits the books; call when the last frame is done.
  void close();

  /// Ends the recording: what follows is not part of the run any more.
  void end_recording() {
    recording_.reset();
  }

private:
  struct subscription {
    symbol_id symbol;
  };

  struct cancel_everything {
    symbol_id symbol;
  };

  using command
    = std::variant<order_intent, cancel_order, query_order, reconcile_query,
                   subscription, cancel_everything>;

  // An order or cancel whose sender heard nothing.
  struct unanswered {
    order_id id;
    utc_time due;
  };

  // Collects what the venue says until the books are committed.
  class collector final : public simulated_venue::effects {
  public:
    explicit collector(simulated_exchange& parent) : parent_(&parent) {
      // nop
    }

    void tell(const order_report& fact) override;
    void tell(const fill& fact) override;
    void tell(const funding_payment& fact) override;

  private:
    simulated_exchange* parent_;
  };

  using answer
    = std::variant<order_report, fill, funding_payment, venue_snapshot>;

  void enqueue(command what);
  void start_fresh();
  void resume(exchange_memory memory);
  void carry_out(const command& what);
  void carry_out_while_down(const command& what);
  void perform(const order_intent& x);
  void perform(const cancel_order& x);
  void perform(const query_order& x);
  void perform(const reconcile_query& x);
  void perform(const subscription& x);
  void perform(const cancel_everything& x);
  void report_losses();
  void build_bars(const market_batch& batch);
  void follow_book(symbol_id symbol, const market_event& event);
  void keep(const bar_closed& fact);
  void commit_if_needed();
  void deliver_answers();
  market_batch fresh_book(symbol_id symbol) const;

  const universe* instruments_;
  exchange_settings settings_;
  std::unique_ptr<market_source> market_;
  const directory* book_;
  feed_courier* feeds_;
  simulated_venue venue_;
  collector out_{*this};
  std::optional<exchange_store> store_;
  std::optional<recording_writer> recording_;

  std::mutex inbox_mutex_;
  std::vector<command> inbox_;

  utc_time now_;
  utc_time committed_;
  bool down_ = false;
  uint64_t commands_while_down_ = 0;
  std::vector<unanswered> lost_;
  std::vector<answer> answers_;
  // Of the last frame, until it is told.
  std::vector<market_batch> batches_;
  std::vector<symbol_id> subscriptions_;
  // Highest number of an execution that was booked.
  uint64_t told_executions_ = 0;
  // By symbol: the full book as levels, for fresh snapshots; bars.
  std::vector<book> books_;
  std::vector<uint64_t> sequences_;
  std::vector<bar_aggregator> builders_;
  std::vector<std::deque<bar>> bars_;
};

} // namespace qalpha
