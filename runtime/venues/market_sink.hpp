// Where a collector puts what it hears.

#pragma once

#include "models/market/bar.hpp"
#include "models/market/market_event.hpp"
#include "runtime/venues/venue_message.hpp"

#include <vector>

namespace qalpha {

/// Called on the network thread of a collector, and not to keep it waiting.
class market_sink {
public:
  virtual ~market_sink() = default;

  /// Events of one symbol, each once and in the order of the venue.
  virtual void deliver(market_batch batch) = 0;

  /// Nothing more to deliver for now: whoever sleeps may be woken.
  virtual void delivered() {
    // nop
  }

  /// What is no event of a feed: best prices, candles, liquidations.
  virtual void notice(utc_time received, const venue_message& message) {
    static_cast<void>(received);
    static_cast<void>(message);
  }

  /// Closed bars from before the start, oldest first.
  virtual void history(symbol_id symbol, std::vector<bar> bars) {
    static_cast<void>(symbol);
    static_cast<void>(bars);
  }
};

} // namespace qalpha
