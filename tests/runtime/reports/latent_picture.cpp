#define CAF_SUITE latent_picture

#include "runtime/reports/latent_picture.hpp"

#include "runtime/reports/glyphs.hpp"

#include <caf/test/unit_test.hpp>

#include <zlib.h>

#include <cmath>
#include <limits>
#include <optional>

using namespace qalpha;

namespace {

// Four clouds, and a path from one to another.
latent_picture sample() {
  latent_picture result;
  result.title = "BTCUSDT 1h";
  for (int i = 0; i < 2'000; ++i) {
    auto kind = static_cast<regime>(i % 4);
    auto turn = 1.5 * i;
    auto far = 0.9 * std::sqrt(i / 2'000.0);
    result.rows.push_back({{(i % 2 == 0 ? 2.0 : -1.0) + far * std::cos(turn),
                            (i % 4 < 2 ? 1.0 : -1.5) + far * std::sin(turn)},
                           kind});
  }
  for (int i = 0; i < 300; ++i)
    result.path.push_back(
      {{2 - i / 100.0 + 0.2 * std::sin(i / 3.0), 1 + 0.3 * std::cos(i / 5.0)},
       i < 200 ? regime::bull : regime::bear});
  return result;
}

size_t count(const std::string& text, std::string_view part) {
  size_t result = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at)
    ++result;
  return result;
}

struct decoded_png {
  uint32_t width = 0;
  uint32_t height = 0;
  std::string rows;

  std::array<uint8_t, 3> pixel(size_t x, size_t y) const {
    auto at = y * (3 * width + 1) + 1 + 3 * x;
    return {static_cast<uint8_t>(rows[at]), static_cast<uint8_t>(rows[at + 1]),
            static_cast<uint8_t>(rows[at + 2])};
  }

  size_t pixels_of(const std::array<uint8_t, 3>& color) const {
    size_t result = 0;
    for (size_t y = 0; y < height; ++y)
      for (size_t x = 0; x < width; ++x)
        if (pixel(x, y) == color)
          ++result;
    return result;
  }
};

uint32_t number(const std::string& bytes, size_t at) {
  uint32_t result = 0;
  for (size_t i = 0; i < 4; ++i)
    result = result << 8 | static_cast<uint8_t>(bytes[at + i]);
  return result;
}

// Reads what png_canvas writes; every checksum has to be right.
decoded_png decode(const std::string& file) {
  decoded_png result;
  CAF_REQUIRE(file.starts_with("\x89PNG\r\n\x1A\n"));
  std::string last;
  for (size_t at = 8; at < file.size();) {
    auto size = number(file, at);
    last = file.substr(at + 4, 4);
    auto content = file.substr(at + 8, size);
    auto sum = crc32(0, reinterpret_cast<const Bytef*>(&file[at + 4]),
                     size + 4);
    CAF_REQUIRE_EQUAL(number(file, at + 8 + size), sum);
    if (last == "IHDR") {
      result.width = number(content, 0);
      result.height = number(content, 4);
    } else if (last == "IDAT") {
      uLongf length = (3 * result.width + 1) * result.height;
      result.rows.resize(length);
      CAF_REQUIRE_EQUAL(
        uncompress(reinterpret_cast<Bytef*>(result.rows.data()), &length,
                   reinterpret_cast<const Bytef*>(content.data()), size),
        Z_OK);
      CAF_REQUIRE_EQUAL(length, result.rows.size());
    }
    at += 12 + size;
  }
  CAF_CHECK_EQUAL(last, "IEND");
  return result;
}

} // namespace

CAF_TEST(the_picture_has_rows_path_axes_and_legend) {
  auto svg = to_svg(sample());
  CAF_CHECK(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
  // Rows, path, two marks of three circles each, and the legend.
  CAF_CHECK_EQUAL(count(svg, "<circle "), 2'000u + 200 + 6 + 4);
  CAF_CHECK_EQUAL(count(svg, "<polyline "), 2u);
  for (auto text : {">BTCUSDT 1h</text>", ">axis 1</text>", ">axis 2</text>",
                    ">bull 25 %</text>", ">high volatility 25 %</text>",
                    ">last 200</text>", ">now</text>"})
    CAF_CHECK_EQUAL(count(svg, text), 1u);
  // Where the axes begin to count.
  CAF_CHECK_EQUAL(count(svg, ">0</text>") + count(svg, ">0.0</text>"), 2u);
}

CAF_TEST(the_png_is_a_file_of_the_same_picture) {
  auto png = decode(to_png(sample()));
  CAF_CHECK_EQUAL(png.width, 960u);
  CAF_CHECK_EQUAL(png.height, 640u);
  using color = std::array<uint8_t, 3>;
  CAF_CHECK((png.pixel(0, 0) == color{0xFF, 0xFF, 0xFF}));
  for (auto legend : {color{0x00, 0x9E, 0x73}, color{0xD5, 0x5E, 0x00},
                      color{0x00, 0x72, 0xB2}, color{0xCC, 0x79, 0xA7}})
    CAF_CHECK_GREATER(png.pixels_of(legend), 50u);
  CAF_CHECK_GREATER(png.pixels_of({0x22, 0x22, 0x22}), 500u);
}

CAF_TEST(equal_inputs_make_equal_pictures) {
  CAF_CHECK(to_png(sample()) == to_png(sample()));
  CAF_CHECK(to_svg(sample()) == to_svg(sample()));
}

CAF_TEST(a_picture_of_nothing_is_an_empty_frame) {
  auto svg = to_svg({});
  CAF_CHECK_EQUAL(count(svg, "nan") + count(svg, "inf"), 0u);
  CAF_CHECK_EQUAL(decode(to_png({})).width, 960u);
}

CAF_TEST(points_that_cannot_be_drawn_are_left_out) {
  auto x = sample();
  auto before = to_svg(x);
  for (auto value : {std::numeric_limits<double>::quiet_NaN(),
                     std::numeric_limits<double>::infinity(), 1e300}) {
    x.rows.push_back({{value, 0}, regime::bull});
    x.rows.push_back({{0, value}, regime::bull});
  }
  CAF_CHECK(to_svg(x) == before);
}

CAF_TEST(one_point_alone_is_drawn_in_the_middle) {
  for (auto value : {0.0, -3.0, 1e9}) {
    latent_picture x{"", {{{value, value}, regime::bear}}, {}};
    CAF_CHECK_EQUAL(count(to_svg(x), "cx=\"410.0\" cy=\"315.0\""), 1u);
  }
}

CAF_TEST(a_picture_is_bounded_however_many_rows_there_are) {
  auto x = sample();
  for (int i = 0; i < 6; ++i)
    x.rows.insert(x.rows.end(), x.rows.begin(), x.rows.end());
  CAF_CHECK_EQUAL(count(to_svg(x), "<circle "),
                  most_latent_points + 200 + 6 + 4);
}

CAF_TEST(a_title_cannot_be_markup) {
  auto x = sample();
  x.title = "<script>&\x01";
  auto svg = to_svg(x);
  CAF_CHECK_EQUAL(count(svg, "<script>"), 0u);
  CAF_CHECK_EQUAL(count(svg, "&lt;script>&amp;?"), 2u);
}

CAF_TEST(letters_have_dots_and_blanks_have_none) {
  auto dots = [](char c) {
    int result = 0;
    for (int row = 0; row < glyph_height; ++row)
      for (int column = 0; column < glyph_width; ++column)
        result += glyph_dot(c, column, row) ? 1 : 0;
    return result;
  };
  for (char c = 'a'; c <= 'z'; ++c) {
    CAF_CHECK_GREATER(dots(c), 4);
    CAF_CHECK_EQUAL(dots(c), dots(static_cast<char>(c - 'a' + 'A')));
  }
  for (char c = '0'; c <= '9'; ++c)
    CAF_CHECK_GREATER(dots(c), 4);
  CAF_CHECK_EQUAL(dots(' '), 0);
  CAF_CHECK_EQUAL(dots('\xC3'), 0);
}
