// The effective configuration and its schema as text.

#pragma once

#include "runtime/config/config_reader.hpp"

#include <string>

namespace qalpha {

/// @returns a line for each setting: "risk.max_orders = 100   (default)".
std::string show_config(const effective_config& config);

/// @returns the same as one JSON object with `config`, `config_hash` and
///          `origins`.
/// The member `config` is a configuration that gives the same values again,
/// with paths as they are seen from the working directory.
std::string config_json(const effective_config& config);

/// @returns a JSON Schema (draft 2020-12) for editors.
std::string config_schema();

} // namespace qalpha
