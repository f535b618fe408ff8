// FEED: market data of one symbol.

#pragma once

#include "actors/shell.hpp"
#include "models/market/feed.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <optional>

namespace qalpha {

struct feed_state;

using feed_pointer = feed_actor::stateful_pointer<feed_state>;

struct feed_state : shell {
  feed_state() = default;

  symbol_id symbol;
  // Of the last pulse.
  utc_time now;
  std::optional<feed> machine;
  std::optional<wire<feed_pointer>> outlet;
  std::optional<routed<wire<feed_pointer>, feed::effects>> out;

  static inline const char* name = "feed";
};

/// Turns what the venue says about `symbol` into bars, quotes, marks and a
/// verdict. Subscribes when it is introduced to its peers; a restarted feed
/// does so again and starts with a fresh snapshot. Scheduled; never blocks.
/// @pre `node` outlives the actor
feed_actor::behavior_type run_feed(feed_pointer self, const node_context* node,
                                   symbol_id symbol);

} // namespace qalpha
