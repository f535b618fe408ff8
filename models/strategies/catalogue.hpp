// The strategies by name. A user adds one here.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/machine/parameter.hpp"
#include "models/strategies/strategy.hpp"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// Documents one strategy.
struct strategy_entry {
  std::string_view name;
  std::string_view help;
  std::span<const parameter> parameters;
};

/// Name and parameter values as configured.
struct strategy_choice {
  std::string name = "sma_cross";
  std::map<std::string, double> parameters;

  friend bool operator==(const strategy_choice&, const strategy_choice&)
    = default;
};

/// @returns all strategies, sorted by name.
std::span<const strategy_entry> strategy_catalogue();

/// Builds a strategy for one symbol.
/// @returns a fault naming the strategy or parameter that is unknown (with the
///          nearest known name), out of range, or impossible in combination.
fallible<std::unique_ptr<strategy>> make_strategy(const strategy_choice& which);

} // namespace qalpha
