// What the runtime gives to the actors of a node.

#pragma once

#include "actors/ports/book_source.hpp"
#include "actors/ports/gateway.hpp"
#include "actors/ports/journal.hpp"
#include "actors/ports/observers.hpp"
#include "actors/ports/trading_gate.hpp"
#include "models/execution/execution_settings.hpp"
#include "models/execution/sizing.hpp"
#include "models/market/feed.hpp"
#include "models/market/instrument.hpp"
#include "models/outlook/model_set.hpp"
#include "models/risk/kill_switch.hpp"
#include "models/risk/limits.hpp"
#include "models/strategies/symbol_strategy.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace qalpha {

/// Settings and ports, the same for all actors of a node. Built by the runtime,
/// constant while actors run, and outlives them.
struct node_context {
  universe instruments;
  feed_settings feed;
  sizing_settings sizing;
  execution_settings execution;
  risk_limits limits;
  money start;

  /// Identity for order ids; the epoch is new for every start of the process.
  uint16_t node = 0;
  uint32_t epoch = 0;

  /// Time without a pulse through the pipeline that counts as a stall.
  timespan stalled_after = std::chrono::seconds{5};

  /// Time an executor has to acknowledge a restriction.
  timespan acknowledge_within = std::chrono::milliseconds{500};

  /// One fresh strategy with its features; called once per symbol and life of
  /// the allocator.
  std::function<symbol_strategy(const instrument&)> make_strategy;

  model_set models;

  /// The armed switches; called once per life of the guardian.
  std::function<kill_switches()> make_switches = [] { return kill_switches{}; };

  trading_gate* gate = nullptr;
  gateway* venue = nullptr;
  journal* log = nullptr;
  recorder* trades = nullptr;
  notices* people = nullptr;
  pacemaker* heart = nullptr;
  incident_log* incidents = nullptr;

  /// Null if the market cannot be asked for anything.
  book_source* books = nullptr;

  /// Null if nobody wants copies of the market.
  market_witness* witness = nullptr;

  /// Null if nobody keeps what models say.
  model_witness* answers = nullptr;
};

} // namespace qalpha
