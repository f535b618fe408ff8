// From JSON values to fields of the configuration.

#pragma once

#include "models/machine/json_tree.hpp"
#include "runtime/config/setting.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// Reads a value of a setting with a single field.
/// @returns a fault "expected ..., found ...".
fallible<raw_value> parse_setting(const setting& row, const json_value& value);

/// Reads one number of `strategy.params`.
fallible<double> parse_parameter(const json_value& value);

/// Reads the list of instruments. Mistakes are added to `faults` as "[2].tick:
/// expected ...", the instruments without a mistake are returned.
std::vector<instrument_rules> parse_symbols(const json_value& value,
                                            std::vector<fault>& faults);

/// @returns the value that `text` from the environment or the command line
///          stands for in JSON.
fallible<json_value> json_for(const setting& row, std::string_view text);

/// @returns ", did you mean KEY?", or a list of the keys if there are few, or
///          nothing.
std::string suggestion(std::string_view wrong,
                       const std::vector<std::string_view>& known);

} // namespace qalpha
