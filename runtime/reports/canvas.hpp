// What a picture is drawn on.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace qalpha {

/// Red, green and blue, and how much of what lies below is covered, 0 to 1.
struct paint {
  uint8_t red = 0;
  uint8_t green = 0;
  uint8_t blue = 0;
  double cover = 1;
};

/// A point of the picture, from its upper left corner on.
struct canvas_point {
  double x = 0;
  double y = 0;
};

enum class text_place { from, around, up_to };

/// A picture that is drawn from back to front.
class canvas {
public:
  virtual ~canvas() = default;

  virtual void
  rectangle(canvas_point corner, double width, double height, const paint& fill)
    = 0;

  virtual void dot(canvas_point centre, double radius, const paint& fill) = 0;

  /// Draws through all points, with one cover where it crosses itself.
  virtual void
  line(std::span<const canvas_point> through, double width, const paint& stroke)
    = 0;

  /// Fills what the points go round.
  virtual void area(std::span<const canvas_point> outline, const paint& fill)
    = 0;

  /// @param at on the line that letters stand on: where the text begins, has
  ///           its middle, or ends
  virtual void text(canvas_point at, std::string_view text, text_place place,
                    const paint& fill)
    = 0;
};

} // namespace qalpha
