// Pictures as SVG, which browsers show and people can read.

#pragma once

#include "runtime/reports/canvas.hpp"

#include <string>

namespace qalpha {

/// Writes what is drawn as elements of SVG.
class svg_canvas final : public canvas {
public:
  /// @param title what a reader is told it shows
  svg_canvas(int width, int height, std::string_view title);

  void rectangle(canvas_point corner, double width, double height,
                 const paint& fill) override;

  void dot(canvas_point centre, double radius, const paint& fill) override;

  void line(std::span<const canvas_point> through, double width,
            const paint& stroke) override;

  void area(std::span<const canvas_point> outline, const paint& fill) override;

  void text(canvas_point at, std::string_view text, text_place place,
            const paint& fill) override;

  /// @returns the whole document.
  std::string document() const;

private:
  std::string body_;
};

} // namespace qalpha
