#include "runtime/reports/return_picture.hpp"

#include <algorithm>
#include <array>

namespace qalpha {

namespace {

constexpr paint faint_line = faded(plot_ink, 0.5);

struct asked_return {
  double asked;
  double achieved;
};

std::vector<asked_return> drawable(const return_picture& x) {
  std::vector<asked_return> result;
  for (size_t i = 0; i < std::min(x.asked.size(), x.achieved.size()); ++i)
    if (is_drawable(x.asked[i]) && is_drawable(x.achieved[i]))
      result.push_back({x.asked[i], x.achieved[i]});
  return result;
}

} // namespace

void draw(const return_picture& x, canvas& on) {
  auto targets = drawable(x);
  plot_range asked;
  plot_range achieved;
  for (const auto& one : targets) {
    asked.add(one.asked);
    achieved.add(one.asked);
    achieved.add(one.achieved);
  }
  if (x.behaviour)
    achieved.add(*x.behaviour);
  plot_axes axes{asked, achieved};
  draw_frame(on, {x.title, "return asked for", "mean return achieved"}, axes);
  std::array diagonal{axes.at(asked.low(), asked.low()),
                      axes.at(asked.high(), asked.high())};
  on.line(diagonal, 1, faint_line);
  plot_legend legend{on};
  legend.add_line("policy", 2, plot_blue);
  legend.add_line("as asked", 1, faint_line);
  if (x.behaviour && is_drawable(*x.behaviour)) {
    std::array level{axes.at(asked.low(), *x.behaviour),
                     axes.at(asked.high(), *x.behaviour)};
    on.line(level, 1.5, plot_orange);
    legend.add_line("those it learned from", 1.5, plot_orange);
  }
  std::vector<canvas_point> line;
  for (const auto& one : targets)
    line.push_back(axes.at(one.asked, one.achieved));
  on.line(line, 2, plot_blue);
  for (const auto& at : line)
    on.dot(at, 4, plot_blue);
}

} // namespace qalpha
