// The fingerprint of a configuration.

#pragma once

#include "runtime/config/node_config.hpp"

#include <string>

namespace qalpha {

/// Hashes every setting, defaults included, whatever its origin; directories,
/// paths of data files and the log stay out.
/// @returns the first 16 hexadecimal digits of a SHA-256.
std::string config_hash(const node_config& config);

} // namespace qalpha
