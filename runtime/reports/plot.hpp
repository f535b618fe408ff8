// What all plots have in common: a frame, two axes, colours and a legend.

#pragma once

#include "runtime/reports/canvas.hpp"

#include <string>
#include <string_view>

namespace qalpha {

inline constexpr int plot_width = 960;
inline constexpr int plot_height = 640;

/// Where values are drawn, the legend to the right of it.
inline constexpr double plot_left = 80;
inline constexpr double plot_right = 716;
inline constexpr double plot_top = 70;
inline constexpr double plot_bottom = 580;
inline constexpr double legend_left = plot_right + 24;

/// Colours that are told apart also by those who do not see all of them.
inline constexpr paint plot_ink{0x22, 0x22, 0x22, 1};
inline constexpr paint plot_ground{0xFF, 0xFF, 0xFF, 1};
inline constexpr paint plot_green{0x00, 0x9E, 0x73, 1};
inline constexpr paint plot_orange{0xD5, 0x5E, 0x00, 1};
inline constexpr paint plot_blue{0x00, 0x72, 0xB2, 1};
inline constexpr paint plot_violet{0xCC, 0x79, 0xA7, 1};

/// @returns the same colour, covering less.
constexpr paint faded(paint x, double cover) noexcept {
  x.cover = cover;
  return x;
}

/// Beyond any value that is drawn: differences would overflow.
inline constexpr double farthest_value = 1e12;

/// @returns `false` also for what is not finite.
bool is_drawable(double x) noexcept;

/// Smallest and largest value of those that can be drawn.
class plot_range {
public:
  void add(double x) noexcept;

  double low() const noexcept {
    return low_;
  }

  double high() const noexcept {
    return high_;
  }

private:
  double low_ = 0;
  double high_ = 0;
  bool is_empty_ = true;
};

/// Values, and where they are drawn.
class plot_axis {
public:
  /// Leaves a little room around the values.
  /// @param from where the smallest value is drawn
  plot_axis(const plot_range& values, double from, double to) noexcept;

  double place(double value) const noexcept;

  /// @returns 1, 2 or 5 times a power of ten, four to ten of which make the
  ///          axis.
  double step() const noexcept;

  /// Numbers of the first and last step on the axis.
  double first_step() const noexcept;
  double last_step() const noexcept;

  /// @returns what stands at a step.
  std::string text(double number) const;

private:
  double from_;
  double to_;
  double low_;
  double high_;
};

/// Of points in the frame.
struct plot_axes {
  /// The frame, from left to right and from bottom to top.
  plot_axes(const plot_range& across, const plot_range& up) noexcept
    : across{across, plot_left, plot_right}, up{up, plot_bottom, plot_top} {
    // nop
  }

  canvas_point at(double x, double y) const noexcept {
    return {across.place(x), up.place(y)};
  }

  plot_axis across;
  plot_axis up;
};

/// What a plot says about itself.
struct plot_words {
  std::string_view title;
  std::string_view across;
  std::string_view up;
};

/// Draws ground, words and the lines of the axes.
void draw_frame(canvas& on, const plot_words& words, const plot_axes& axes);

/// The same for rows below each other, whose names stand where the axis that
/// goes up has none.
void draw_frame(canvas& on, const plot_words& words, const plot_axis& across);

/// Draws lines of a legend, one below the other.
class plot_legend {
public:
  explicit plot_legend(canvas& on) : on_(on) {
    // nop
  }

  void add_dot(std::string_view text, const paint& color);
  void add_line(std::string_view text, double width, const paint& color);
  void add_area(std::string_view text, const paint& color);

  /// Adds a text and leaves room before it for what the caller draws.
  /// @returns the middle of that room.
  canvas_point add_text(std::string_view text);

private:
  canvas& on_;
  canvas_point at_{legend_left, plot_top + 12};
};

} // namespace qalpha
