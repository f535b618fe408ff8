// Numbers as people read them: thousands separated by a space, never NaN.

#pragma once

#include "models/evaluation/performance.hpp"
#include "models/market/money.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// Whether a positive number shows its sign, as differences do.
enum class plus_sign : bool { hidden, shown };

/// @returns for example "72 673".
std::string count_text(uint64_t count);

/// @returns a count and its noun, for example "1 gap", "2 gaps".
std::string counted_text(uint64_t count, std::string_view one,
                         std::string_view many);

/// @returns for example "10 021.40".
std::string money_text(money amount, plus_sign plus = plus_sign::hidden,
                       int decimals = 2);

/// @returns for example "1.88"; three digits and an exponent from 1e9 on, the
///          words "not a number" if it is none.
std::string number_text(double value, int decimals = 2,
                        plus_sign plus = plus_sign::hidden);

/// @returns a share as percent, for example "12.34 %".
std::string percent_text(double share, plus_sign plus = plus_sign::hidden);

/// @returns an exact share as percent without trailing zeros, "0.055 %".
std::string percent_text(rate share);

/// @returns the text of the value, or the reason why there is none.
template <class Text>
std::string text_or_reason(const figure& x, Text&& text) {
  return x ? text(*x) : x.error().text;
}

/// @returns a length of time in its largest fitting unit, rounded down to one
///          decimal, for example "45 s", "1 h", "2.5 d".
std::string span_text(double seconds);

/// @returns the wall time of a run to three digits, for example "0.012 s".
std::string wall_time_text(double seconds);

/// @returns a positive number to one decimal, for example "6.1 M", "58.9 k".
std::string magnitude_text(double value);

/// Breaks text at blanks, but never within a number or a date, into lines of at
/// most `width` bytes; words that are longer are cut. Control characters become
/// question marks.
/// @returns at least one line
/// @pre `width >= 4`
std::vector<std::string> wrapped(std::string_view text, size_t width);

} // namespace qalpha
