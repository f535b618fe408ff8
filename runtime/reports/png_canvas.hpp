// Pictures as PNG, for programs that show nothing else.

#pragma once

#include "runtime/reports/canvas.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace qalpha {

/// Draws pixels: four for each of the picture, which smooth its edges.
class png_canvas final : public canvas {
public:
  /// All white.
  png_canvas(int width, int height);

  void rectangle(canvas_point corner, double width, double height,
                 const paint& fill) override;

  void dot(canvas_point centre, double radius, const paint& fill) override;

  void line(std::span<const canvas_point> through, double width,
            const paint& stroke) override;

  void area(std::span<const canvas_point> outline, const paint& fill) override;

  void text(canvas_point at, std::string_view text, text_place place,
            const paint& fill) override;

  /// @returns the whole file.
  std::string file() const;

private:
  // Pixels whose middle lies at or behind one place and before another.
  struct pixel_range {
    int first;
    int last;
  };

  static pixel_range pixels_between(double low, double high, int size) noexcept;

  // `covers` tells whether the middle of a pixel is painted.
  template <class Covers>
  void
  fill(canvas_point low, canvas_point high, Covers covers, const paint& with);
  void blend(int x, int y, const paint& with);
  std::string rows() const;

  int width_;
  int height_;
  std::vector<uint8_t> pixels_;
};

} // namespace qalpha
