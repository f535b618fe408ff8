// The parts of a node that facts are addressed to.

#pragma once

#include <cstdint>
#include <string_view>

namespace qalpha {

/// Who hears a fact. The first group are actors, the second group are ports:
/// objects of the runtime that an actor calls directly.
enum class role : uint8_t {
  feed,
  forecaster,
  regime_detector,
  policy,
  allocator,
  executor,
  risk_desk,
  guardian,
  watchdog,
  notifier,
  supervisor,

  /// Written to disk before the call returns.
  journal,
  /// Sent through the trading gate to the venue.
  venue,
  /// Counted for the report of the run.
  recorder,
  /// Asked for what it sends; absent where the market is a recording.
  market,
};

constexpr std::string_view to_string(role x) noexcept {
  switch (x) {
    case role::feed:
      return "feed";
    case role::forecaster:
      return "forecaster";
    case role::regime_detector:
      return "regime_detector";
    case role::policy:
      return "policy";
    case role::allocator:
      return "allocator";
    case role::executor:
      return "executor";
    case role::risk_desk:
      return "risk_desk";
    case role::guardian:
      return "guardian";
    case role::watchdog:
      return "watchdog";
    case role::notifier:
      return "notifier";
    case role::supervisor:
      return "supervisor";
    case role::journal:
      return "journal";
    case role::venue:
      return "venue";
    case role::recorder:
      return "recorder";
    case role::market:
      return "market";
  }
  return "?";
}

/// @returns `true` for roles with one actor per symbol.
constexpr bool per_symbol(role x) noexcept {
  return x == role::feed || x == role::executor;
}

} // namespace qalpha
