// From what is drawn on any canvas to files.

#pragma once

#include "runtime/reports/plot.hpp"
#include "runtime/reports/png_canvas.hpp"
#include "runtime/reports/svg_canvas.hpp"

#include <string>

namespace qalpha {

/// @param x has a title and a function `draw(x, canvas&)`
/// @returns the picture as SVG.
template <class Picture>
std::string to_svg(const Picture& x) {
  svg_canvas on{plot_width, plot_height, x.title};
  draw(x, on);
  return on.document();
}

/// @returns the same as a PNG file.
template <class Picture>
std::string to_png(const Picture& x) {
  png_canvas on{plot_width, plot_height};
  draw(x, on);
  return on.file();
}

} // namespace qalpha
