// The one interface between a trading idea and the system.

#pragma once

#include "models/execution/decision.hpp"
#include "models/market/bar.hpp"

#include <optional>
#include <string>

namespace qalpha {

/// Turns the bars of one symbol into a wanted exposure. An object sees one
/// symbol only, in order of time, and never anything after the bar it is given.
/// A decision taken here is filled at the open of the next bar at the earliest.
class strategy {
public:
  virtual ~strategy() = default;

  /// Takes one closed bar.
  /// @returns the exposure wanted from now on, or `nullopt` while there is no
  ///          opinion (warming up), which leaves the position as it is.
  virtual std::optional<exposure> on_bar(const bar& closed) = 0;

  /// Name and figures behind the last exposure, one short line for people.
  virtual std::string reason() const = 0;

  /// Number of bars after which `on_bar` has an opinion.
  virtual size_t warm_up() const noexcept = 0;
};

} // namespace qalpha
