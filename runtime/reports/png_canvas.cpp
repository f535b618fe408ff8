#include "runtime/reports/png_canvas.hpp"

#include "runtime/reports/glyphs.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace qalpha {

namespace {

constexpr int fineness = 2;
// Sides of a dot of a letter, in points of the picture.
constexpr double glyph_dot_size = 1.5;

void put_number(std::string& to, uint32_t x) {
  for (auto shift : {24, 16, 8, 0})
    to += static_cast<char>(x >> shift & 0xFF);
}

// Length, kind, content and the checksum of the last two.
void put_chunk(std::string& to, std::string_view kind,
               std::string_view content) {
  put_number(to, static_cast<uint32_t>(content.size()));
  auto begin = to.size();
  to += kind;
  to += content;
  const auto* first = reinterpret_cast<const Bytef*>(to.data() + begin);
  put_number(to, static_cast<uint32_t>(
                   crc32(0, first, static_cast<uInt>(to.size() - begin))));
}

std::string compressed(const std::string& bytes) {
  auto size = compressBound(bytes.size());
  std::string result(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(result.data()), &size,
                reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(),
                Z_DEFAULT_COMPRESSION)
      != Z_OK)
    throw std::runtime_error{"zlib cannot compress a picture"};
  result.resize(size);
  return result;
}

double squared(double x) noexcept {
  return x * x;
}

// From a point to the nearest one between two others.
double squared_distance(canvas_point a, canvas_point b, double x,
                        double y) noexcept {
  auto length = squared(b.x - a.x) + squared(b.y - a.y);
  auto share = length > 0
                 ? ((x - a.x) * (b.x - a.x) + (y - a.y) * (b.y - a.y)) / length
                 : 0.0;
  share = std::clamp(share, 0.0, 1.0);
  return squared(a.x + share * (b.x - a.x) - x)
         + squared(a.y + share * (b.y - a.y) - y);
}

// Whether a line from the point to the right crosses the outline an odd number
// of times.
bool is_inside(std::span<const canvas_point> outline, double x,
               double y) noexcept {
  auto result = false;
  auto before = outline.back();
  for (const auto& at : outline) {
    if ((at.y > y) != (before.y > y)
        && x < at.x + (before.x - at.x) * ((y - at.y) / (before.y - at.y)))
      result = !result;
    before = at;
  }
  return result;
}

} // namespace

png_canvas::png_canvas(int width, int height)
  : width_(width * fineness), height_(height * fineness),
    pixels_(static_cast<size_t>(width_) * static_cast<size_t>(height_) * 3,
            0xFF) {
  // nop
}

void png_canvas::blend(int x, int y, const paint& with) {
  auto* pixel = &pixels_[(static_cast<size_t>(y) * static_cast<size_t>(width_)
                          + static_cast<size_t>(x))
                         * 3];
  for (auto color : {with.red, with.green, with.blue}) {
    // Rounded: both are positive.
    auto mixed = *pixel + (color - *pixel) * with.cover + 0.5;
    *pixel++ = static_cast<uint8_t>(mixed);
  }
}

png_canvas::pixel_range png_canvas::pixels_between(double low, double high,
                                                   int size) noexcept {
  auto place = [size](double x) {
    return static_cast<int>(std::clamp(std::ceil(x * fineness - 0.5), 0.0,
                                       static_cast<double>(size)));
  };
  return {place(low), place(high)};
}

template <class Covers>
void png_canvas::fill(canvas_point low, canvas_point high, Covers covers,
                      const paint& with) {
  // One more: shapes may cover the place where they end.
  auto across = pixels_between(low.x, high.x + 1, width_);
  auto down = pixels_between(low.y, high.y + 1, height_);
  for (auto y = down.first; y < down.last; ++y)
    for (auto x = across.first; x < across.last; ++x)
      if (covers((x + 0.5) / fineness, (y + 0.5) / fineness))
        blend(x, y, with);
}

void png_canvas::rectangle(canvas_point corner, double width, double height,
                           const paint& with) {
  auto across = pixels_between(corner.x, corner.x + width, width_);
  auto down = pixels_between(corner.y, corner.y + height, height_);
  for (auto y = down.first; y < down.last; ++y)
    for (auto x = across.first; x < across.last; ++x)
      blend(x, y, with);
}

void png_canvas::dot(canvas_point centre, double radius, const paint& with) {
  fill(
    {centre.x - radius, centre.y - radius},
    {centre.x + radius, centre.y + radius},
    [&](double x, double y) {
      return squared(x - centre.x) + squared(y - centre.y) <= squared(radius);
    },
    with);
}

void png_canvas::line(std::span<const canvas_point> through, double width,
                      const paint& stroke) {
  // A pixel that several pieces cover is painted once.
  std::vector<bool> covered(pixels_.size() / 3, false);
  auto half = width / 2;
  for (size_t i = 0; i + 1 < through.size(); ++i) {
    auto a = through[i];
    auto b = through[i + 1];
    fill(
      {std::min(a.x, b.x) - half, std::min(a.y, b.y) - half},
      {std::max(a.x, b.x) + half, std::max(a.y, b.y) + half},
      [&](double x, double y) {
        if (squared_distance(a, b, x, y) > squared(half))
          return false;
        auto row = static_cast<size_t>(y * fineness);
        auto at = row * static_cast<size_t>(width_)
                  + static_cast<size_t>(x * fineness);
        auto fresh = !covered[at];
        covered[at] = true;
        return fresh;
      },
      stroke);
  }
}

void png_canvas::area(std::span<const canvas_point> outline,
                      const paint& with) {
  if (outline.empty())
    return;
  auto low = outline.front();
  auto high = low;
  for (const auto& at : outline) {
    low = {std::min(low.x, at.x), std::min(low.y, at.y)};
    high = {std::max(high.x, at.x), std::max(high.y, at.y)};
  }
  fill(
    low, high, [&](double x, double y) { return is_inside(outline, x, y); },
    with);
}

void png_canvas::text(canvas_point at, std::string_view text, text_place place,
                      const paint& with) {
  constexpr auto advance = (glyph_width + 1) * glyph_dot_size;
  auto width = static_cast<double>(text.size()) * advance - glyph_dot_size;
  auto left = at.x;
  if (place == text_place::around)
    left -= width / 2;
  else if (place == text_place::up_to)
    left -= width;
  auto top = at.y - 7 * glyph_dot_size;
  // To the grid of fine pixels, so that dots are all of the same size.
  left = std::round(left * fineness) / fineness;
  top = std::round(top * fineness) / fineness;
  for (auto c : text) {
    for (int row = 0; row < glyph_height; ++row)
      for (int column = 0; column < glyph_width; ++column)
        if (glyph_dot(c, column, row))
          rectangle(
            {left + column * glyph_dot_size, top + row * glyph_dot_size},
            glyph_dot_size, glyph_dot_size, with);
    left += advance;
  }
}

// Each row begins with the number of a filter: none.
std::string png_canvas::rows() const {
  std::string result;
  auto stride = static_cast<size_t>(width_) * 3;
  for (size_t y = 0; y < static_cast<size_t>(height_); y += fineness) {
    result += '\0';
    for (size_t x = 0; x < stride; x += 3 * fineness)
      for (size_t color = 0; color < 3; ++color) {
        const auto* pixel = &pixels_[y * stride + x + color];
        auto sum = pixel[0] + pixel[3] + pixel[stride] + pixel[stride + 3];
        result += static_cast<char>((sum + 2) / 4);
      }
  }
  return result;
}

std::string png_canvas::file() const {
  std::string header;
  put_number(header, static_cast<uint32_t>(width_ / fineness));
  put_number(header, static_cast<uint32_t>(height_ / fineness));
  // Eight bits of red, green and blue; the only compression and filter that
  // there are; rows from top to bottom.
  header += std::string{"\x08\x02\x00\x00\x00", 5};
  std::string result = "\x89PNG\r\n\x1A\n";
  put_chunk(result, "IHDR", header);
  put_chunk(result, "IDAT", compressed(rows()));
  put_chunk(result, "IEND", {});
  return result;
}

} // namespace qalpha
