// Times as people type them.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/time.hpp"

#include <string_view>

namespace qalpha {

/// Reads "12:00:41", "2026-01-05", "2026-01-05 12:00" or
/// "2026-01-05T12:00:41.25Z", in UTC. A time without a fraction means the whole
/// second, one without seconds the whole minute, a date the whole day: the
/// result is its last nanosecond, so that "at or before" includes what a line
/// with that time has shown.
/// @param newest decides the day of a time without a date: the last on which
///        that time is at most an hour later
/// @returns a fault for anything else.
fallible<utc_time> parse_spoken_time(std::string_view text, utc_time newest);

} // namespace qalpha
