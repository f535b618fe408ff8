// Funding rates of a perpetual future, as paid.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// One payment: longs pay `rate` of their position to shorts.
struct funding_row {
  utc_time time;
  /// In units of 1e-8; negative if shorts pay.
  int64_t rate_e8 = 0;

  friend bool operator==(const funding_row&, const funding_row&) = default;
};

/// Reads a file of the archive, or one that `write_funding` wrote: plain, gzip
/// or zip, with or without the header. Columns `calc_time`,
/// `funding_interval_hours`, `last_funding_rate`, or `timestamp`, `symbol`,
/// `funding_rate`. Venues stamp payments some milliseconds after the hour: a
/// time within a minute of an hour is that hour.
/// @returns a fault "FILE: row N: ..." for everything else.
fallible<std::vector<funding_row>> read_funding(const std::string& path);

/// Reads an answer of the REST interface.
fallible<std::vector<funding_row>> parse_funding(std::string_view json);

/// Sorts and keeps one row a time: of several the last.
void settle_funding(std::vector<funding_row>& rows);

/// Writes `timestamp,symbol,funding_rate`, completely or not at all; gzip if
/// the name ends with ".gz".
fallible<bool> write_funding(const std::string& path, std::string_view symbol,
                             const std::vector<funding_row>& rows);

} // namespace qalpha
