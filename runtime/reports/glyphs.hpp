// Letters made of dots, for pictures on machines without fonts.

#pragma once

#include <string_view>

namespace qalpha {

/// Dots of a letter. Seven rows stand on the line, two hang below it.
inline constexpr int glyph_width = 5;
inline constexpr int glyph_height = 9;

/// @returns whether a dot is set; a character that is not known is blank.
/// @pre `0 <= column && column < glyph_width && 0 <= row && row < glyph_height`
bool glyph_dot(char character, int column, int row) noexcept;

} // namespace qalpha
