// Bars that a venue's archive does not have yet, from its REST interface.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/data/archive_plan.hpp"
#include "runtime/data/history_row.hpp"
#include "runtime/data/web_access.hpp"

#include <string_view>
#include <vector>

namespace qalpha {

/// Reads an answer: arrays of time, open, high, low, close, volume and more.
/// @returns a fault naming the first row that is no bar.
fallible<std::vector<history_row>> parse_klines(std::string_view json);

/// Asks for all bars that open in [from, to), page by page. The last one may be
/// unfinished.
fallible<std::vector<history_row>> fetch_klines(const web_access& web,
                                                const archive_series& series,
                                                utc_time from, utc_time to);

/// @returns the venue's time, since only the venue knows which of its bars are
///          over.
fallible<utc_time> fetch_server_time(const web_access& web,
                                     archive_market market);

} // namespace qalpha
