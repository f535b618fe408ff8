// The one interface between a trading idea and the system.

#pragma once

#include "models/execution/decision.hpp"
#include "models/features/feature_spec.hpp"
#include "models/market/bar.hpp"
#include "models/outlook/outlook.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace qalpha {

/// Turns the bars and features of one symbol into a wanted exposure. An object
/// sees one symbol only, in order of time, and never anything after the bar it
/// is given. A decision taken here is filled at the open of the next bar at the
/// earliest.
class strategy {
public:
  virtual ~strategy() = default;

  /// @returns the features that it wants to read, with names.
  virtual std::vector<feature_request> features() const = 0;

  /// Takes one closed bar.
  /// @param values one for each column of `features`, `undefined` where there
  ///               is none: warming up, or behind a gap in the market
  /// @returns the exposure wanted from now on, or `nullopt` while there is no
  ///          opinion, which leaves the position as it is.
  virtual std::optional<exposure>
  on_bar(const bar& closed, std::span<const double> values) = 0;

  /// @returns whether it also wants to hear what the models say. Its opinion is
  ///          then that of `on_outlook`.
  virtual bool listens() const {
    return false;
  }

  /// Takes what the models say about the bar that `on_bar` took last, once all
  /// have spoken or their time is over.
  /// @returns as `on_bar`
  virtual std::optional<exposure> on_outlook(const outlook&) {
    return std::nullopt;
  }

  /// Name and figures behind the last exposure, one short line for people.
  virtual std::string reason() const = 0;
};

} // namespace qalpha
