// A simulated market that takes the way of a real one.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/instrument.hpp"
#include "runtime/venues/collector_settings.hpp"
#include "runtime/venues/market_queue.hpp"
#include "runtime/venues/simulated/market_source.hpp"
#include "runtime/venues/simulated/public_server.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

class collector;

/// How long a `socket_source` waits.
struct socket_source_settings {
  /// Silence of the collector after which what is missing counts as lost. Far
  /// longer than anything takes between two ends of one process.
  std::chrono::milliseconds patience{10'000};
};

/// Sends the frames of a market through sockets of this machine and the
/// collector of Binance, and gives what that made of them:
///
///   market ──▶ public_server ══ ws, http ══▶ collector ──▶ market_queue ─┐
///   frames ◀── in the order of the market ◀──────────────────────────────┘
///
/// A frame waits until all of it has come, so that it holds what the market
/// said in the order in which the market says it: symbol by symbol, trades,
/// book, marks, all received at the end of the frame. Who decides on it decides
/// the same as on the market itself. A connection that is lost between two
/// frames is waited for; the book of that frame begins anew. What a socket
/// cannot carry, such as the numbers that a market gives to its groups of
/// changes, is the collector's.
class socket_source final : public market_source {
public:
  /// Listens and begins to connect.
  /// @param market at most one group of changes a symbol and frame; times in
  ///               whole milliseconds
  /// @returns a fault if the machine gives no sockets.
  static fallible<std::unique_ptr<socket_source>>
  open(std::unique_ptr<market_source> market, universe instruments,
       socket_source_settings settings = {});

  ~socket_source() override;

  std::vector<bar_closed> history() override;
  std::vector<bar_closed> missed() override;
  std::vector<market_batch> books() const override;

  /// @throws std::runtime_error naming what did not arrive
  std::optional<market_frame> next() override;

  std::string save() const override;
  bool restore(std::string_view saved) override;

  /// @returns the venue that the collector listens to.
  public_server& venue() noexcept {
    return server_;
  }

  collector_counters counters() const;

private:
  class listener;

  // What came of one symbol since the last frame.
  struct arrival {
    std::vector<market_event> events;
    uint64_t trades = 0;
    uint64_t groups = 0;
    uint64_t marks = 0;
    // The last event of the book leaves it complete.
    bool whole = false;
  };

  socket_source(std::unique_ptr<market_source> market, universe instruments,
                socket_source_settings settings);

  void wait_for_subscribers();
  void wait_for(const market_frame& sent);
  void receive();
  bool arrived(const market_batch& sent) const;
  bool arrived(const market_frame& sent) const;
  std::string missing(const market_frame& sent) const;
  std::vector<market_batch> take(utc_time received);
  static void pass_interest(const std::vector<market_batch>& from,
                            std::vector<market_batch>& to);

  static void add(const market_event& event, arrival& to);

  std::unique_ptr<market_source> market_;
  universe instruments_;
  socket_source_settings settings_;
  public_server server_;
  market_queue queue_;
  std::vector<arrival> arrivals_;
  std::unique_ptr<listener> listener_;
  // Last: it calls the others until it is gone.
  std::unique_ptr<collector> collector_;
};

} // namespace qalpha
