// A market that is really going on.

#pragma once

#include "actors/ports/book_source.hpp"
#include "models/machine/fallible.hpp"
#include "models/market/instrument.hpp"
#include "runtime/net/network_thread.hpp"
#include "runtime/venues/collector_settings.hpp"
#include "runtime/venues/market_queue.hpp"
#include "runtime/venues/market_settings.hpp"
#include "runtime/venues/simulated/market_source.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

class collector;

/// Asks the venue for the rules of `names`.
/// @returns one instrument a name, or why there is none.
fallible<universe> fetch_instruments(const market_settings& settings,
                                     const std::vector<std::string>& names);

/// Listens to a venue and makes frames of what it hears: a frame ends as soon
/// as something has arrived, or when nothing has for `settings.frame`. Time
/// begins with that of the machine and goes on by its steady clock: it neither
/// stands still nor runs back when somebody sets the clock. What a frame holds
/// counts as received at its time.
class live_market final : public market_source, public book_source {
public:
  /// Begins to connect.
  /// @param collecting nothing: what suits the venue
  /// @returns a fault if an address or the authorities are no good.
  static fallible<std::unique_ptr<live_market>>
  open(const market_settings& settings, universe instruments,
       timespan bar_interval,
       std::optional<collector_settings> collecting = std::nullopt);

  ~live_market() override;

  /// Waits for the bars of the venue, for ten seconds at most. They are bars of
  /// a minute; a node with other bars gets none and warms up live.
  std::vector<bar_closed> history() override;

  std::vector<bar_closed> missed() override {
    return history();
  }

  std::optional<market_frame> next() override;

  book_source* books() override {
    return this;
  }

  void resync(symbol_id symbol) override;

  /// The market goes on without us: there is nothing to keep but the fact.
  std::string save() const override;
  bool restore(std::string_view saved) override;

  collector_counters counters() const;

  market_queue_counters queue_counters() const {
    return queue_.counters();
  }

private:
  class listener;

  live_market(const market_settings& settings, universe instruments,
              timespan bar_interval);

  universe instruments_;
  timespan frame_;
  timespan bar_interval_;
  market_queue queue_;
  std::unique_ptr<listener> listener_;
  // Last: it calls the others until it is gone.
  std::unique_ptr<collector> collector_;
  utc_time start_ = network_thread::utc_now();
  network_thread::clock::time_point began_ = network_thread::now();
  utc_time last_;
};

} // namespace qalpha
