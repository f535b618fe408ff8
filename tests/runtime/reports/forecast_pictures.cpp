#define CAF_SUITE forecast_pictures

#include "runtime/reports/forecast_pictures.hpp"

#include "tests/runtime/reports/read_picture.hpp"

#include "runtime/reports/return_picture.hpp"

#include <caf/test/unit_test.hpp>

#include <fmt/format.h>

#include <limits>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();

fan_picture sample_fan() {
  fan_picture result;
  result.title = "BTCUSDT";
  result.levels = {0.1, 0.5, 0.9};
  result.fan.past = {-0.02, 0.01, 0};
  result.fan.quantiles = {-0.01, 0, 0.01, -0.02, 0.001, 0.02};
  result.fan.came = {0.005, -0.004};
  return result;
}

importance_picture sample_importance(size_t variables) {
  importance_picture result;
  result.title = "shares";
  for (size_t i = 0; i < variables; ++i)
    result.past.push_back({"past" + std::to_string(i), 0.01 * (i + 1.0)});
  result.known = {{"when", 0.75}, {"where", 0.25}};
  return result;
}

} // namespace

CAF_TEST(a_fan_has_a_band_for_each_pair_of_levels_and_what_came) {
  auto svg = to_svg(sample_fan());
  CAF_CHECK_EQUAL(count(svg, "<polygon "), 1u);
  // The middle and what came, and both in the legend.
  CAF_CHECK_EQUAL(count(svg, "<polyline "), 4u);
  CAF_CHECK_EQUAL(count(svg, "<circle "), 5u);
  for (auto text : {">10 % to 90 %</text>", ">50 %</text>", ">what came</text>",
                    ">bars from the forecast</text>"})
    CAF_CHECK_EQUAL(count(svg, text), 1u);
  CAF_CHECK_GREATER(decode(to_png(sample_fan())).pixels_of({0, 0x72, 0xB2}),
                    50u);
}

CAF_TEST(a_band_lies_between_its_quantiles) {
  auto x = sample_fan();
  plot_range bars;
  bars.add(-3);
  bars.add(2);
  plot_range returns;
  returns.add(-0.02);
  returns.add(0.02);
  plot_axes axes{bars, returns};
  auto png = decode(to_png(x));
  auto color = [&](double bar, double value) {
    auto at = axes.at(bar, value);
    return png.pixel(static_cast<size_t>(at.x), static_cast<size_t>(at.y));
  };
  auto ground = color(-1.5, -0.015);
  CAF_CHECK(color(1.5, 0.013) != ground);
  CAF_CHECK(color(1.5, -0.013) != ground);
  CAF_CHECK(color(1.5, 0.0175) == ground);
  CAF_CHECK(color(0.5, 0.0075) == ground);
}

CAF_TEST(calibration_shows_levels_against_shares) {
  calibration_picture x{"levels", {0.1, 0.5, 0.9}, {0.1, 0.5, nan}};
  auto svg = to_svg(x);
  // Without the one that nobody can draw.
  CAF_CHECK_EQUAL(count(svg, "<circle "), 2u);
  plot_range whole;
  whole.add(0);
  whole.add(1);
  auto at = plot_axes{whole, whole}.at(0.5, 0.5);
  CAF_CHECK_EQUAL(
    count(svg, fmt::format("cx=\"{:.1f}\" cy=\"{:.1f}\"", at.x, at.y)), 1u);
  CAF_CHECK_EQUAL(count(svg, ">within 3 points</text>"), 1u);
}

CAF_TEST(variables_are_sorted_and_the_least_ones_left_out) {
  auto svg = to_svg(sample_importance(30));
  CAF_CHECK_EQUAL(count(svg, ">10 more</text>"), 1u);
  CAF_CHECK_EQUAL(count(svg, ">past9</text>"), 0u);
  CAF_CHECK_EQUAL(count(svg, ">past10</text>"), 1u);
  CAF_CHECK(svg.find(">past29<") < svg.find(">past28<"));
  CAF_CHECK(svg.find(">past10<") < svg.find(">when<"));
  CAF_CHECK(svg.find(">when<") < svg.find(">where<"));
  CAF_CHECK_EQUAL(count(svg, ">75.0 %</text>"), 1u);
  CAF_CHECK_EQUAL(count(to_svg(sample_importance(3)), " more</text>"), 0u);
}

CAF_TEST(returns_are_drawn_beside_what_was_asked) {
  return_picture x{"returns", {-1, 0, 1, nan}, {-0.5, 0.25, 0.5, 1}, 0.125};
  auto svg = to_svg(x);
  CAF_CHECK_EQUAL(count(svg, "<circle "), 3u);
  CAF_CHECK_EQUAL(count(svg, ">those it learned from</text>"), 1u);
  x.behaviour = std::nullopt;
  CAF_CHECK_EQUAL(count(to_svg(x), ">those it learned from</text>"), 0u);
  CAF_CHECK_EQUAL(decode(to_png(x)).width, 960u);
}

CAF_TEST(pictures_of_nothing_are_empty_frames) {
  for (const auto& svg :
       {to_svg(fan_picture{}), to_svg(calibration_picture{}),
        to_svg(importance_picture{}), to_svg(return_picture{})}) {
    CAF_CHECK(svg.ends_with("</svg>\n"));
    CAF_CHECK_EQUAL(count(svg, "\"nan") + count(svg, "inf"), 0u);
  }
  decode(to_png(fan_picture{}));
  decode(to_png(calibration_picture{}));
  decode(to_png(importance_picture{}));
  decode(to_png(return_picture{}));
}

CAF_TEST(values_that_cannot_be_drawn_are_left_out) {
  auto x = sample_fan();
  x.fan.quantiles[3] = nan;
  x.fan.came[1] = std::numeric_limits<double>::infinity();
  x.fan.past[0] = 1e300;
  auto svg = to_svg(x);
  CAF_CHECK_EQUAL(count(svg, "<circle "), 3u);
  CAF_CHECK_EQUAL(count(svg, "nan") + count(svg, "inf"), 0u);
}
