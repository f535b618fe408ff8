// Text from elsewhere on a terminal.

#pragma once

#include <string>
#include <string_view>

namespace qalpha {

/// Makes text from exceptions, venues and people harmless: what is not UTF-8
/// and what would steer a terminal becomes '?'. Valid UTF-8 in any case.
std::string printable(std::string_view raw);

/// @returns the columns that valid UTF-8 takes, one a code point.
size_t columns_of(std::string_view text);

/// @returns `text` if it fits into `columns`, or its beginning and "...".
/// @pre `columns >= 3`
std::string shortened(std::string_view text, size_t columns);

} // namespace qalpha
