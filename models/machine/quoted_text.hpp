// Texts of others inside texts of ours.

#pragma once

#include <string>
#include <string_view>

namespace qalpha {

/// @returns `text` as a JSON string, with its quotes.
std::string json_text(std::string_view text);

/// @returns `text` in quotes for a message: control characters escaped and at
///          most 60 bytes.
std::string quoted_text(std::string_view text);

} // namespace qalpha
