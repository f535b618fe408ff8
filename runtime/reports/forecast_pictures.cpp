#include "runtime/reports/forecast_pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace qalpha {

namespace {

constexpr paint band = faded(plot_blue, 0.2);
constexpr paint shade = faded(plot_ink, 0.08);
constexpr paint faint_line = faded(plot_ink, 0.5);

std::string percent(double share) {
  return fmt::format("{:g} %", 100 * share);
}

class fan_drawing {
public:
  fan_drawing(const fan_picture& x, canvas& on)
    : x_(x), axes_(bars(), returns()), on_(on) {
    draw_frame(on_, {x_.title, "bars from the forecast", "log return"}, axes_);
  }

  void draw() {
    auto levels = x_.levels.size();
    for (size_t i = 0; i < levels / 2; ++i)
      draw_band(i, levels - 1 - i);
    if (levels % 2 == 1)
      draw_line(along(levels / 2), 2, plot_blue);
    std::vector<canvas_point> path;
    for (size_t i = 0; i < x_.fan.past.size(); ++i)
      add(path, -static_cast<double>(x_.fan.past.size() - 1 - i),
          x_.fan.past[i]);
    for (size_t i = 0; i < x_.fan.came.size(); ++i)
      add(path, static_cast<double>(i + 1), x_.fan.came[i]);
    draw_line(path, 1.5, plot_ink);
    for (const auto& at : path)
      on_.dot(at, 2, plot_ink);
    draw_legend();
  }

private:
  size_t horizon() const noexcept {
    return x_.levels.empty() ? 0 : x_.fan.quantiles.size() / x_.levels.size();
  }

  plot_range bars() const {
    plot_range result;
    result.add(-static_cast<double>(x_.fan.past.size()));
    result.add(static_cast<double>(std::max(horizon(), x_.fan.came.size())));
    return result;
  }

  plot_range returns() const {
    plot_range result;
    for (const auto* values : {&x_.fan.past, &x_.fan.quantiles, &x_.fan.came})
      for (auto value : *values)
        result.add(value);
    return result;
  }

  void add(std::vector<canvas_point>& to, double bar, double value) const {
    if (is_drawable(value))
      to.push_back(axes_.at(bar, value));
  }

  // All quantiles begin at the close of the forecast.
  std::vector<canvas_point> along(size_t level) const {
    std::vector<canvas_point> result{axes_.at(0, 0)};
    for (size_t i = 0; i < horizon(); ++i)
      add(result, static_cast<double>(i + 1),
          x_.fan.quantiles[i * x_.levels.size() + level]);
    return result;
  }

  void draw_band(size_t low, size_t high) {
    auto outline = along(low);
    auto back = along(high);
    outline.insert(outline.end(), back.rbegin(), back.rend());
    on_.area(outline, band);
  }

  void draw_line(const std::vector<canvas_point>& through, double width,
                 const paint& stroke) {
    on_.line(through, width, stroke);
  }

  void draw_legend() {
    plot_legend legend{on_};
    auto levels = x_.levels.size();
    // As dark as the bands that lie on each other there.
    auto light = 1.0;
    for (size_t i = 0; i < levels / 2; ++i) {
      light *= 1 - band.cover;
      legend.add_area(percent(x_.levels[i]) + " to "
                        + percent(x_.levels[levels - 1 - i]),
                      faded(plot_blue, 1 - light));
    }
    if (levels % 2 == 1)
      legend.add_line(percent(x_.levels[levels / 2]), 2, plot_blue);
    legend.add_line("what came", 1.5, plot_ink);
  }

  const fan_picture& x_;
  plot_axes axes_;
  canvas& on_;
};

plot_range shares() {
  plot_range result;
  result.add(0);
  result.add(1);
  return result;
}

struct share_bar {
  variable_share what;
  bool is_past;
};

// Those of the past first, the largest first.
std::vector<share_bar> bars_of(const importance_picture& x) {
  std::vector<share_bar> result;
  for (const auto& one : x.past)
    if (is_drawable(one.share))
      result.push_back({one, true});
  for (const auto& one : x.known)
    if (is_drawable(one.share))
      result.push_back({one, false});
  auto larger = [](const share_bar& a, const share_bar& b) {
    return a.what.share > b.what.share;
  };
  std::stable_sort(result.begin(), result.end(), larger);
  result.resize(std::min(result.size(), most_variables_drawn));
  std::stable_partition(result.begin(), result.end(),
                        [](const share_bar& one) { return one.is_past; });
  return result;
}

} // namespace

void draw(const fan_picture& x, canvas& on) {
  fan_drawing{x, on}.draw();
}

void draw(const calibration_picture& x, canvas& on) {
  plot_axes axes{shares(), shares()};
  draw_frame(on, {x.title, "level of the quantile", "share at or below it"},
             axes);
  constexpr auto far = calibration_tolerance;
  std::array outline{axes.at(0, far),     axes.at(1 - far, 1), axes.at(1, 1),
                     axes.at(1, 1 - far), axes.at(far, 0),     axes.at(0, 0)};
  on.area(outline, shade);
  std::array diagonal{axes.at(0, 0), axes.at(1, 1)};
  on.line(diagonal, 1, faint_line);
  std::vector<canvas_point> line;
  for (size_t i = 0; i < std::min(x.levels.size(), x.coverage.size()); ++i)
    if (is_drawable(x.levels[i]) && is_drawable(x.coverage[i]))
      line.push_back(axes.at(x.levels[i], x.coverage[i]));
  on.line(line, 1.5, plot_blue);
  for (const auto& at : line)
    on.dot(at, 4, plot_blue);
  plot_legend legend{on};
  legend.add_line("forecasts", 1.5, plot_blue);
  legend.add_line("as they should be", 1, faint_line);
  legend.add_area("within 3 points", shade);
}

void draw(const importance_picture& x, canvas& on) {
  auto bars = bars_of(x);
  plot_range range;
  range.add(0);
  for (const auto& one : bars)
    range.add(one.what.share);
  plot_axis across{range, plot_left, plot_right};
  draw_frame(on, {x.title, "share", ""}, across);
  constexpr auto height = (plot_bottom - plot_top) / most_variables_drawn;
  auto color = [](const share_bar& one) {
    return faded(one.is_past ? plot_blue : plot_green, 0.4);
  };
  auto y = plot_top;
  for (const auto& one : bars) {
    auto begin = across.place(0);
    auto end = across.place(one.what.share);
    on.rectangle({begin, y + 3}, end - begin, height - 6, color(one));
    on.text({begin + 6, y + height / 2 + 5}, one.what.name, text_place::from,
            plot_ink);
    on.text({plot_left - 8, y + height / 2 + 5},
            fmt::format("{:.1f} %", 100 * one.what.share), text_place::up_to,
            plot_ink);
    y += height;
  }
  plot_legend legend{on};
  legend.add_area("of the past", color({{}, true}));
  legend.add_area("known ahead", color({{}, false}));
  auto all = x.past.size() + x.known.size();
  if (bars.size() < all)
    legend.add_text(fmt::format("{} more", all - bars.size()));
}

} // namespace qalpha
