// The seam of the kill switches.

#pragma once

#include "models/market/feed_health.hpp"
#include "models/outlook/model_health.hpp"
#include "models/outlook/opinions.hpp"
#include "models/risk/account_state.hpp"
#include "models/risk/trading_state.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace qalpha {

/// A switch fired. The trip names everything a person needs to judge it.
struct switch_trip {
  /// Name of the switch, for example "drawdown".
  std::string name;
  /// `reducing` or `halted`.
  trading_state action = trading_state::halted;
  bool flatten = false;
  /// Measured value against limit, with units, for people.
  std::string reason;

  friend bool operator==(const switch_trip&, const switch_trip&) = default;
};

/// A pure rule that watches the account and the feeds and fires once when its
/// condition is met. It fires too when its input is missing or absurd.
class kill_switch {
public:
  virtual ~kill_switch() = default;

  virtual std::string name() const = 0;

  virtual std::optional<switch_trip> step(const account_state& fact) = 0;

  virtual std::optional<switch_trip> step(const feed_health& fact) = 0;

  // Only few switches look at models.

  virtual std::optional<switch_trip> step(const model_health&) {
    return std::nullopt;
  }

  virtual std::optional<switch_trip> step(const model_late&) {
    return std::nullopt;
  }

  virtual std::optional<switch_trip> step(const models_disagree&) {
    return std::nullopt;
  }
};

using kill_switches = std::vector<std::unique_ptr<kill_switch>>;

} // namespace qalpha
