// The smallest steps of prices and sizes in a recording.

#pragma once

#include "runtime/data/recorded_session.hpp"

#include <map>
#include <string>
#include <string_view>

namespace qalpha {

/// Decimals that the levels of a book need.
struct level_places {
  int price = 0;
  int size = 0;
};

/// Widens `places` to the levels in `text`, which are `["price","size"]`.
/// Zeros at the end of a fraction need no decimals.
void widen(level_places& places, std::string_view text);

/// @returns the symbol that an address asks the depth of, or nothing.
std::string_view depth_symbol(std::string_view address);

/// A recording does not say the rules of its instruments: each symbol with
/// depth messages gets the decimals that its levels, and those of the snapshots
/// that are or may be its own, need.
std::map<std::string, level_places, std::less<>>
survey_steps(recorded_session& session);

} // namespace qalpha
