// Times and durations as people and logs read them. All in UTC.

#pragma once

#include "models/market/time.hpp"

#include <string>

namespace qalpha {

/// @returns for example "2020-10-23 08:00 UTC", with seconds and fractions only
///          where they are not zero.
std::string format_utc(utc_time time);

/// @returns for example "2020-10-23T08:00:00.000000000Z", always 30 characters
///          for years of four digits, so that text sorts like time.
std::string format_iso(utc_time time);

/// @returns the time of the day, for example "08:00:00".
std::string format_clock(utc_time time);

/// @returns an exact duration with one unit, for example "1500ms" or "8h";
///          the configuration reads the same text.
std::string format_timespan(timespan duration);

} // namespace qalpha
