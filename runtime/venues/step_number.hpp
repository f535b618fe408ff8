// Decimal text of a venue as a whole number of steps, which are the ticks or
// the lots of an instrument.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace qalpha {

/// The latest time that a venue can mean, in milliseconds: the year 2200. What
/// is added to a time stays far from the end of its range.
inline constexpr uint64_t latest_ms = 7'258'118'400'000;

/// Reads plain decimal text, for example "61659.70" in steps of 0.1.
/// @returns `nullopt` for a sign, an exponent, anything that is no number, a
///          value beyond 92e9 or one that is no multiple of the step.
/// @pre `step_e8 > 0`
std::optional<int64_t> exact_steps(std::string_view text,
                                   int64_t step_e8) noexcept;

/// As `parse_decimal_e8`, but without signs and exponents, which no venue sends
/// for a price or a size.
std::optional<int64_t> plain_decimal_e8(std::string_view text) noexcept;

/// Reads a number that a venue writes as text: an id, or a time.
/// @returns `nullopt` for anything but digits that fit.
std::optional<uint64_t> whole_number(std::string_view text) noexcept;

} // namespace qalpha
