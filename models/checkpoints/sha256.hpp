// The fingerprint of bytes.

#pragma once

#include <string>
#include <string_view>

namespace qalpha {

/// @returns SHA-256 in 64 hexadecimal digits.
std::string sha256_of(std::string_view bytes);

/// @returns whether a text could be one.
bool is_sha256(std::string_view text) noexcept;

} // namespace qalpha
