// The market that a configuration asks for.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/instrument.hpp"
#include "models/market/time.hpp"
#include "runtime/config/node_config.hpp"
#include "runtime/venues/simulated/market_source.hpp"

#include <memory>
#include <optional>

namespace qalpha {

/// A market that is about to begin.
struct session_market {
  universe instruments;
  std::unique_ptr<market_source> source;
  utc_time now;
  /// What does not keep it from beginning.
  std::optional<fault> warning;
};

/// @returns the instruments of a node, or what is wrong with their rules.
fallible<universe> session_instruments(const node_config& config);

/// Opens the market of mode demo or paper. A paper market is asked for its
/// rules first: what the configuration says about ticks and lots has to agree
/// with the venue.
/// @returns what is wrong with the settings, or why the venue cannot be read.
fallible<session_market> open_market(const node_config& config);

} // namespace qalpha
