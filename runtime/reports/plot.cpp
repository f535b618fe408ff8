#include "runtime/reports/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace qalpha {

namespace {

constexpr paint frame_ground{0xF7, 0xF7, 0xF5, 1};
constexpr paint faint = faded(plot_ink, 0.15);

void draw_ground(canvas& on, const plot_words& words) {
  on.rectangle({0, 0}, plot_width, plot_height, plot_ground);
  on.rectangle({plot_left, plot_top}, plot_right - plot_left,
               plot_bottom - plot_top, frame_ground);
  on.text({plot_left, 30}, words.title, text_place::from, plot_ink);
  on.text({plot_left, plot_top - 10}, words.up, text_place::from, plot_ink);
  on.text({(plot_left + plot_right) / 2, plot_bottom + 45}, words.across,
          text_place::around, plot_ink);
}

void draw_across(canvas& on, const plot_axis& axis) {
  for (auto i = axis.first_step(); i <= axis.last_step(); ++i) {
    auto x = axis.place(i * axis.step());
    on.rectangle({x - 0.5, plot_top}, 1, plot_bottom - plot_top, faint);
    on.text({x, plot_bottom + 20}, axis.text(i), text_place::around, plot_ink);
  }
}

void draw_up(canvas& on, const plot_axis& axis) {
  for (auto i = axis.first_step(); i <= axis.last_step(); ++i) {
    auto y = axis.place(i * axis.step());
    on.rectangle({plot_left, y - 0.5}, plot_right - plot_left, 1, faint);
    on.text({plot_left - 8, y + 5}, axis.text(i), text_place::up_to, plot_ink);
  }
}

} // namespace

bool is_drawable(double x) noexcept {
  return std::abs(x) <= farthest_value;
}

void plot_range::add(double x) noexcept {
  if (!is_drawable(x))
    return;
  low_ = is_empty_ ? x : std::min(low_, x);
  high_ = is_empty_ ? x : std::max(high_, x);
  is_empty_ = false;
}

plot_axis::plot_axis(const plot_range& values, double from, double to) noexcept
  : from_(from), to_(to), low_(values.low()), high_(values.high()) {
  auto spare = 0.05 * (high_ - low_);
  // All in one place, or so near that numbers cannot tell.
  if (!(spare > 1e-9 * std::max(std::abs(low_), std::abs(high_))))
    spare = 0.5 * (1 + std::abs(high_));
  low_ -= spare;
  high_ += spare;
}

double plot_axis::place(double value) const noexcept {
  return from_ + (to_ - from_) * ((value - low_) / (high_ - low_));
}

double plot_axis::step() const noexcept {
  auto rough = (high_ - low_) / 8;
  auto power = std::pow(10, std::floor(std::log10(rough)));
  for (auto factor : {1, 2, 5})
    if (factor * power >= rough)
      return factor * power;
  return 10 * power;
}

double plot_axis::first_step() const noexcept {
  return std::ceil(low_ / step());
}

double plot_axis::last_step() const noexcept {
  return std::floor(high_ / step());
}

std::string plot_axis::text(double number) const {
  auto size = step();
  auto decimals = std::max(0, static_cast<int>(-std::floor(std::log10(size))));
  auto value = number * size;
  if (decimals > 6 || std::abs(value) >= 1e7)
    return fmt::format("{:.1e}", value);
  // No zero with a sign.
  return fmt::format("{:.{}f}", number == 0 ? 0.0 : value, decimals);
}

void draw_frame(canvas& on, const plot_words& words, const plot_axes& axes) {
  draw_ground(on, words);
  draw_across(on, axes.across);
  draw_up(on, axes.up);
}

void draw_frame(canvas& on, const plot_words& words, const plot_axis& across) {
  draw_ground(on, words);
  draw_across(on, across);
}

void plot_legend::add_dot(std::string_view text, const paint& color) {
  on_.dot(add_text(text), 6, color);
}

void plot_legend::add_line(std::string_view text, double width,
                           const paint& color) {
  auto at = add_text(text);
  std::array<canvas_point, 2> piece{canvas_point{at.x - 8, at.y},
                                    {at.x + 8, at.y}};
  on_.line(piece, width, color);
}

void plot_legend::add_area(std::string_view text, const paint& color) {
  auto at = add_text(text);
  on_.rectangle({at.x - 8, at.y - 7}, 16, 14, color);
}

canvas_point plot_legend::add_text(std::string_view text) {
  auto result = at_;
  on_.text({at_.x + 16, at_.y + 5}, text, text_place::from, plot_ink);
  at_.y += 26;
  return result;
}

} // namespace qalpha
