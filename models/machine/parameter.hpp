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
  /// What the values 0, 1, ... are called, if they are kinds and no amounts.
  std::span<const std::string_view> choices = {};
  /// It came when the others were in use already: while it has its default, it
  /// is no part of names and hashes, so that those stay what they were.
  bool later = false;
};

constexpr parameter added_later(parameter x) {
  x.later = true;
  return x;
}

/// @returns a parameter that is one of several kinds.
constexpr parameter choice_parameter(std::string_view name,
                                     size_t default_index,
                                     std::span<const std::string_view> choices,
                                     std::string_view help) {
  return {name,   static_cast<double>(default_index),
          0,      static_cast<double>(choices.size() - 1),
          help,   true,
          choices};
}

/// @returns a value as a person would write it.
std::string parameter_text(double x);

/// @returns the name of a choice, or as above.
/// @pre `x` is in the range of the rule
std::string parameter_text(const parameter& rule, double x);

/// @param owner begins the text of a fault
/// @returns the value of a choice by its name, or a fault if there is none of
///          that name or the parameter is a number.
fallible<double> choice_of(const std::string& owner, const parameter& rule,
                           std::string_view name);

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
