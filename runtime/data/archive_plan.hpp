// Where a venue's public archive keeps which bars.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// Whose bars.
enum class archive_market : uint8_t { usdm, spot };

/// Bars of what.
enum class archive_kind : uint8_t { trades, mark_price, index_price };

/// All bars of one symbol, one length, one kind.
struct archive_series {
  archive_market market = archive_market::usdm;
  archive_kind kind = archive_kind::trades;
  /// In capitals.
  std::string symbol;
  /// As the venue writes it, for example "1h".
  std::string interval;
  timespan length{0};
};

/// @returns the length of a venue's interval, or `nullopt` if it has no such
///          interval or months, which have no length.
std::optional<timespan> archive_interval(std::string_view text) noexcept;

/// @returns a fault for what is no symbol: it becomes part of a path.
fallible<std::string> archive_symbol(std::string_view text);

/// A month or a day of the calendar, in UTC: [begin, end).
struct calendar_span {
  utc_time begin;
  utc_time end;
  /// "2024-01" or "2024-01-15".
  std::string name;
};

/// @returns the months that [from, to) touches.
std::vector<calendar_span> months_of(utc_time from, utc_time to);

/// @returns the days that [from, to) touches.
std::vector<calendar_span> days_of(utc_time from, utc_time to);

/// @returns the path of one file, for example
///          "/data/futures/um/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01.zip".
std::string archive_path(const archive_series& series, std::string_view span,
                         bool monthly);

/// Reads "2024-01" or "2024-01-15".
fallible<calendar_span> parse_calendar(std::string_view text);

/// Reads the line of a checksum file: 64 hexadecimal digits, blanks, a name.
/// @returns the digits in small letters.
/// @returns a fault for another form or another name.
fallible<std::string> parse_checksum(std::string_view text,
                                     std::string_view name);

} // namespace qalpha
