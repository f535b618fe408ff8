// Named numbers that a person may set.

#pragma once

#include "models/machine/fallible.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// Documents one parameter of a strategy, a feature and the like.
struct parameter {
  std::string_view name;
  double default_value;
  double lowest;
  double highest;
  /// Meaning and unit.
  std::string_view help;
  /// Only whole numbers make sense.
  bool whole = true;
};

/// @returns a value as a person would write it.
std::string parameter_text(double x);

/// @returns the fault `WHAT "WRONG" is not known` with the nearest known name,
///          or with all of them if none is near.
fault unknown_name(const std::string& what, std::string_view wrong,
                   std::span<const std::string_view> known);

/// @param owner begins the text of a fault
/// @returns one value per rule in their order, the default where `given` has
///          none, or a fault naming what is unknown or out of range.
fallible<std::vector<double>>
resolve_parameters(const std::string& owner, std::span<const parameter> rules,
                   const std::map<std::string, double>& given);

} // namespace qalpha
