// Numbers of double precision and their exact text.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// @returns the fewest digits that give the same number back.
std::string exact_number_text(double x);

/// @returns the number that the whole text is, or `nullopt`. "inf" and "nan"
/// are
///          numbers here.
std::optional<double> number_of(std::string_view text);

} // namespace qalpha
