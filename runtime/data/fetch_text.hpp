// What was fetched, for people and for programs.

#pragma once

#include "runtime/data/funding_fetch.hpp"
#include "runtime/data/history_fetch.hpp"

#include <string>

namespace qalpha {

/// @returns lines about the file, what it holds and where that comes from.
std::string to_text(const fetch_result& x);
std::string to_text(const funding_result& x);

/// @returns one JSON object without an end of line.
std::string to_json(const fetch_result& x);
std::string to_json(const funding_result& x);

} // namespace qalpha
