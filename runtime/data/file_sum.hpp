// The fingerprint of a file.

#pragma once

#include <optional>
#include <string>

namespace qalpha {

/// @returns SHA-256 of a file in hexadecimal digits, or `nullopt` if it cannot
///          be read.
std::optional<std::string> sha256_of_file(const std::string& path);

} // namespace qalpha
