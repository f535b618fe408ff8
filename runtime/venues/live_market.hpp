// A market that is really going on.

#pragma once

#include "actors/ports/book_source.hpp"
#include "models/machine/fallible.hpp"
#include "models/market/instrument.hpp"
#include "runtime/net/network_thread.hpp"
#include "runtime/venues/collector_settings.hpp"
#include "runtime/venues/market_queue.hpp"
#include "runtime/venues/market_settings.hpp"
#include "runtime/venues/reference_market.hpp"
#include "runtime/venues/simulated/market_source.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

class collector;

/// Listens to a venue and makes frames of what it hears: a frame ends as soon
/// as something has arrived, or when nothing has for `settings.frame`. Time
/// begins with that of the machine and goes on by its steady clock: it neither
/// stands still nor runs back when somebody sets the clock. What a frame holds
/// counts as received at its time. What the reference venue costs, if there is
/// one, comes with the frames and ends none.
class live_market final : public market_source, public book_source {
public:
  /// Begins to connect.
  /// @param collecting nothing: what suits the venue; also of the reference
  /// @returns a fault if an address or the authorities are no good, or if the
  ///          reference venue does not trade one of the symbols.
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

  book_source* source_of_books() override {
    return this;
  }

  void resync(symbol_id symbol) override;

  /// The market goes on without us: there is nothing to keep but the fact.
  std::string save() const override;
  bool restore(std::string_view saved) override;

  collector_counters counters() const;

  /// @returns nothing if there is none.
  const reference_market* reference() const noexcept {
    return reference_.get();
  }

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
  // Null without a reference venue.
  std::unique_ptr<reference_market> reference_;
  utc_time start_ = network_thread::utc_now();
  network_thread::clock::time_point began_ = network_thread::now();
  utc_time last_;
};

} // namespace qalpha
