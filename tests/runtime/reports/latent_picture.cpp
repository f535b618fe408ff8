#define CAF_SUITE latent_picture

#include "runtime/reports/latent_picture.hpp"

#include "tests/runtime/reports/read_picture.hpp"
#include "tests/temporary_folder.hpp"

#include "runtime/reports/glyphs.hpp"
#include "runtime/reports/latent_files.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <fstream>
#include <limits>
#include <set>

using namespace qalpha;
using namespace qalpha::test;

namespace {

// Four clouds, and a path from one to another.
latent_picture sample() {
  latent_picture result;
  result.title = "BTCUSDT 1h";
  result.explained = {0, 0.25};
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

} // namespace

CAF_TEST(the_picture_has_rows_path_axes_and_legend) {
  auto svg = to_svg(sample());
  CAF_CHECK(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
  // Rows, path, two marks of three circles each, and the legend.
  CAF_CHECK_EQUAL(count(svg, "<circle "), 2'000u + 200 + 6 + 4);
  CAF_CHECK_EQUAL(count(svg, "<polyline "), 2u);
  for (auto text :
       {">BTCUSDT 1h</text>", ">principal axis 1</text>",
        ">principal axis 2, 25 % of the variance</text>", ">bull 25 %</text>",
        ">high volatility 25 %</text>", ">last 200 rows</text>", ">now</text>"})
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
  auto svg = to_svg(latent_picture{});
  CAF_CHECK_EQUAL(count(svg, "nan") + count(svg, "inf"), 0u);
  CAF_CHECK_EQUAL(decode(to_png(latent_picture{})).width, 960u);
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
    latent_picture x;
    x.rows = {{{value, value}, regime::bear}};
    CAF_CHECK_EQUAL(count(to_svg(x), "cx=\"398.0\" cy=\"325.0\""), 1u);
  }
}

CAF_TEST(a_picture_is_bounded_however_many_rows_there_are) {
  auto x = sample();
  for (int i = 0; i < 6; ++i)
    x.rows.insert(x.rows.end(), x.rows.begin(), x.rows.end());
  CAF_CHECK_EQUAL(count(to_svg(x), "<circle "),
                  most_latent_points + 200 + 6 + 4);
  CAF_CHECK_EQUAL(count(to_svg(x), ">4000 rows drawn</text>"), 1u);
}

CAF_TEST(a_title_cannot_be_markup) {
  auto x = sample();
  x.title = "<script>&\x01";
  auto svg = to_svg(x);
  CAF_CHECK_EQUAL(count(svg, "<script>"), 0u);
  CAF_CHECK_EQUAL(count(svg, "&lt;script>&amp;?"), 2u);
}

CAF_TEST(letters_differ_and_blanks_have_no_dots) {
  auto dots = [](char c) {
    std::string result;
    for (int row = 0; row < glyph_height; ++row)
      for (int column = 0; column < glyph_width; ++column)
        result += glyph_dot(c, column, row) ? '#' : '.';
    return result;
  };
  std::set<std::string> seen{dots(' ')};
  CAF_CHECK_EQUAL(dots(' ').find('#'), std::string::npos);
  CAF_CHECK_EQUAL(dots('\xC3'), dots(' '));
  for (std::string_view all :
       {"abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "0123456789", ".,-+:%()/_"})
    for (auto c : all) {
      CAF_MESSAGE(c);
      CAF_CHECK(seen.insert(dots(c)).second);
    }
  CAF_MESSAGE("capitals stand on the line");
  for (char c = 'A'; c <= 'Z'; ++c)
    for (int column = 0; column < glyph_width; ++column)
      CAF_CHECK(!glyph_dot(c, column, 7));
}

namespace {

latent_rows small_rows() {
  latent_rows result;
  result.series = {"BTCUSDT", "A,B"};
  result.explained = {0.5, 0.25};
  result.rows = {
    {1'577'836'800'000, 0, sample_part::train, regime::bull, {1, 2}},
    {1'577'836'800'000, 1, sample_part::train, regime::bear, {-1, 0.125}},
    {1'577'840'400'000, 0, sample_part::validation, regime::bull, {3, 4}},
    {1'577'844'000'000, 1, sample_part::test, regime::sideways, {5, 6}},
    {1'577'844'000'000, 0, sample_part::test, regime::high_volatility, {7, 8}},
  };
  return result;
}

} // namespace

CAF_TEST(rows_of_the_training_are_the_cloud_and_later_ones_the_path) {
  auto x = picture_of(small_rows(), "regimes 3");
  CAF_CHECK_EQUAL(x.title,
                  "regimes 3: 2 rows of the training, and the last ones of "
                  "BTCUSDT");
  CAF_REQUIRE_EQUAL(x.rows.size(), 2u);
  CAF_CHECK(x.rows[1].kind == regime::bear);
  CAF_MESSAGE("only those of the first instrument");
  CAF_REQUIRE_EQUAL(x.path.size(), 2u);
  CAF_CHECK(x.path[1].position == (std::array{7.0, 8.0}));
  CAF_CHECK_EQUAL(x.path_end, "2020-01-01 02:00 UTC");
  CAF_CHECK(x.explained == (std::array{0.5, 0.25}));
}

CAF_TEST(rows_of_which_nobody_knows_are_cloud_and_path) {
  auto rows = small_rows();
  for (auto& row : rows.rows)
    row.part = sample_part::unknown;
  auto x = picture_of(rows, "regimes 3");
  CAF_CHECK_EQUAL(x.title, "regimes 3: 5 rows, and the last ones of BTCUSDT");
  CAF_CHECK_EQUAL(x.rows.size(), 5u);
  CAF_CHECK_EQUAL(x.path.size(), 3u);
  CAF_CHECK_EQUAL(picture_of({}, "none").title, "none: 0 rows");
}

CAF_TEST(points_of_the_picture_are_lines_of_text) {
  auto rows = small_rows();
  rows.rows.resize(2);
  CAF_CHECK_EQUAL(
    latent_csv(rows),
    "time_ms,time,instrument,part,regime,component_1,component_2,explained_1,"
    "explained_2\n"
    "1577836800000,2020-01-01T00:00:00.000000000Z,BTCUSDT,train,bull,1,2,0.5,"
    "0.25\n"
    "1577836800000,2020-01-01T00:00:00.000000000Z,\"A,B\",train,bear,-1,0.125,"
    "0.5,0.25\n");
  CAF_MESSAGE("of many rows none is lost");
  auto many = rows;
  many.rows.assign(5'000, rows.rows[0]);
  auto text = latent_csv(many);
  CAF_CHECK_EQUAL(count(text, "\n"), 5'001u);
  CAF_CHECK_EQUAL(count(text, ",train,bull,1,2,0.5,0.25\n"), 5'000u);
  CAF_MESSAGE("what nobody knows is empty");
  rows.rows.resize(1);
  rows.rows[0].part = sample_part::unknown;
  rows.rows[0].position[1] = std::numeric_limits<double>::quiet_NaN();
  rows.explained = {};
  CAF_CHECK(latent_csv(rows).ends_with(",BTCUSDT,,bull,1,,,\n"));
}

CAF_TEST(files_hold_picture_and_points) {
  temporary_folder place;
  auto rows = small_rows();
  auto files = write_latent_files(rows, "regimes", place.path().string());
  CAF_REQUIRE(files);
  auto content = [](const std::string& file) {
    std::ifstream in{file, std::ios::binary};
    return std::string{std::istreambuf_iterator<char>{in}, {}};
  };
  CAF_CHECK_EQUAL(content(files->svg), to_svg(picture_of(rows, "regimes")));
  CAF_CHECK(content(files->png) == to_png(picture_of(rows, "regimes")));
  CAF_CHECK_EQUAL(content(files->csv), latent_csv(rows));
  CAF_CHECK_EQUAL(files->csv, (place.path() / "latent.csv").string());
  auto nowhere = write_latent_files(rows, "regimes", "/dev/null/x");
  CAF_REQUIRE(!nowhere);
  CAF_CHECK(nowhere.error().text.find("/dev/null/x/latent.svg")
            != std::string::npos);
}
