// Exact conversion between decimal text and scaled integers.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// Parses plain decimal text such as "61659.70", "-0.001" or "1e-3" into units
/// of 1e-8.
/// @returns `nullopt` for anything else: empty text, "nan", "inf", blanks,
///          more than eight significant decimals, or a value beyond ±92e9.
std::optional<int64_t> parse_decimal_e8(std::string_view text) noexcept;

/// @returns `e8` as decimal text without trailing zeros, for example "0.001".
std::string format_decimal_e8(int64_t e8);

/// @returns `e8` with exactly `decimals` (0..8) places, rounded half away from
///          zero, and with `separator` (unless it is 0) between thousands.
std::string format_fixed_e8(int64_t e8, int decimals, char separator = '\0');

} // namespace qalpha
