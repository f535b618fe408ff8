#include "runtime/reports/svg_canvas.hpp"

#include <fmt/format.h>

#include <iterator>

namespace qalpha {

namespace {

std::string color(const char* property, const paint& x) {
  auto result = fmt::format("{}=\"#{:02x}{:02x}{:02x}\"", property, x.red,
                            x.green, x.blue);
  if (x.cover < 1)
    result += fmt::format(" {}-opacity=\"{:.3g}\"", property, x.cover);
  return result;
}

// Nothing that a name may hold ends an element or begins one.
std::string escaped(std::string_view text) {
  std::string result;
  for (auto c : text) {
    if (c == '<')
      result += "&lt;";
    else if (c == '&')
      result += "&amp;";
    else if (static_cast<unsigned char>(c) < 0x20)
      result += '?';
    else
      result += c;
  }
  return result;
}

std::string points_text(std::span<const canvas_point> points) {
  std::string result;
  for (const auto& at : points)
    fmt::format_to(std::back_inserter(result), "{:.1f},{:.1f} ", at.x, at.y);
  return result;
}

constexpr std::string_view anchor(text_place place) noexcept {
  switch (place) {
    case text_place::around:
      return "middle";
    case text_place::up_to:
      return "end";
    default:
      return "start";
  }
}

} // namespace

svg_canvas::svg_canvas(int width, int height, std::string_view title)
  : body_(fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" "
                      "viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
                      "font-family=\"monospace\" font-size=\"14\" "
                      "role=\"img\">\n<title>{2}</title>\n",
                      width, height, escaped(title))) {
  // nop
}

void svg_canvas::rectangle(canvas_point corner, double width, double height,
                           const paint& fill) {
  fmt::format_to(std::back_inserter(body_),
                 "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
                 "height=\"{:.1f}\" {}/>\n",
                 corner.x, corner.y, width, height, color("fill", fill));
}

void svg_canvas::dot(canvas_point centre, double radius, const paint& fill) {
  fmt::format_to(std::back_inserter(body_),
                 "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" {}/>\n",
                 centre.x, centre.y, radius, color("fill", fill));
}

void svg_canvas::line(std::span<const canvas_point> through, double width,
                      const paint& stroke) {
  fmt::format_to(std::back_inserter(body_),
                 "<polyline points=\"{}\" fill=\"none\" "
                 "stroke-width=\"{:.1f}\" {}/>\n",
                 points_text(through), width, color("stroke", stroke));
}

void svg_canvas::area(std::span<const canvas_point> outline,
                      const paint& fill) {
  fmt::format_to(std::back_inserter(body_), "<polygon points=\"{}\" {}/>\n",
                 points_text(outline), color("fill", fill));
}

void svg_canvas::text(canvas_point at, std::string_view text, text_place place,
                      const paint& fill) {
  fmt::format_to(std::back_inserter(body_),
                 "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" {}>{}"
                 "</text>\n",
                 at.x, at.y, anchor(place), color("fill", fill), escaped(text));
}

std::string svg_canvas::document() const {
  return body_ + "</svg>\n";
}

} // namespace qalpha
