#include "runtime/reports/latent_picture.hpp"

#include "runtime/reports/figure_text.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace qalpha {

namespace {

// Where rows lie on each other, many of them make a darker place.
constexpr double row_cover = 0.35;
constexpr double row_radius = 2.2;

constexpr double path_width = 1.2;
constexpr paint path_ink = faded(plot_ink, 0.6);

constexpr paint color_of(regime x) noexcept {
  switch (x) {
    case regime::bull:
      return plot_green;
    case regime::bear:
      return plot_orange;
    case regime::sideways:
      return plot_blue;
    default:
      return plot_violet;
  }
}

std::string name_of(regime x) {
  std::string result{to_string(x)};
  std::replace(result.begin(), result.end(), '_', ' ');
  return result;
}

std::string axis_name(int number, double explained) {
  auto result = fmt::format("principal axis {}", number);
  if (explained > 0)
    result += fmt::format(", {:.0f} % of the variance", 100 * explained);
  return result;
}

// An even choice where there are too many.
std::vector<latent_point> some_of(const std::vector<latent_point>& all) {
  auto count = std::min(all.size(), most_latent_points);
  std::vector<latent_point> result;
  for (size_t i = 0; i < count; ++i)
    result.push_back(all[i * all.size() / count]);
  return result;
}

std::vector<latent_point> drawable(std::span<const latent_point> from) {
  std::vector<latent_point> result;
  for (const auto& x : from)
    if (is_drawable(x.position[0]) && is_drawable(x.position[1]))
      result.push_back(x);
  return result;
}

class drawing {
public:
  drawing(const latent_picture& x, canvas& on)
    : rows_(drawable(x.rows)), drawn_(some_of(rows_)),
      path_(drawable(last_of(x.path))), path_end_(x.path_end),
      axes_(range(0), range(1)), on_(on) {
    draw_frame(
      on_,
      {x.title, axis_name(1, x.explained[0]), axis_name(2, x.explained[1])},
      axes_);
  }

  void draw() {
    draw_rows();
    draw_path();
    draw_legend();
  }

private:
  static std::span<const latent_point>
  last_of(std::span<const latent_point> path) {
    return path.last(std::min(path.size(), latent_path_points));
  }

  plot_range range(size_t which) const {
    plot_range result;
    for (const auto* points : {&drawn_, &path_})
      for (const auto& x : *points)
        result.add(x.position[which]);
    return result;
  }

  canvas_point at(const latent_point& x) const noexcept {
    return axes_.at(x.position[0], x.position[1]);
  }

  void draw_rows() {
    for (const auto& row : drawn_)
      on_.dot(at(row), row_radius, faded(color_of(row.kind), row_cover));
  }

  void draw_path() {
    std::vector<canvas_point> line;
    for (const auto& x : path_)
      line.push_back(at(x));
    on_.line(line, path_width, path_ink);
    for (const auto& at : line)
      on_.dot(at, 1.3, plot_ink);
    if (!path_.empty())
      mark_end(at(path_.back()), path_.back().kind);
  }

  void mark_end(canvas_point where, regime kind) {
    on_.dot(where, 9, plot_ink);
    on_.dot(where, 6.5, plot_ground);
    on_.dot(where, 5, color_of(kind));
  }

  void draw_legend() {
    plot_legend legend{on_};
    for (size_t i = 0; i < regime_count; ++i) {
      auto kind = static_cast<regime>(i);
      auto same = [=](const auto& x) { return x.kind == kind; };
      auto count = std::count_if(rows_.begin(), rows_.end(), same);
      auto share = rows_.empty() ? 0.0
                                 : 100.0 * static_cast<double>(count)
                                     / static_cast<double>(rows_.size());
      legend.add_dot(fmt::format("{} {:.0f} %", name_of(kind), share),
                     color_of(kind));
    }
    if (drawn_.size() < rows_.size())
      legend.add_text(fmt::format("{} rows drawn", drawn_.size()));
    if (path_.empty())
      return;
    legend.add_line(fmt::format("last {} rows", path_.size()), path_width,
                    path_ink);
    mark_end(legend.add_text(path_end_), path_.back().kind);
  }

  std::vector<latent_point> rows_;
  std::vector<latent_point> drawn_;
  std::vector<latent_point> path_;
  std::string path_end_;
  plot_axes axes_;
  canvas& on_;
};

} // namespace

latent_picture picture_of(const latent_rows& x, const std::string& model) {
  latent_picture result;
  result.explained = x.explained;
  auto is_of_training = false;
  for (const auto& row : x.rows) {
    latent_point point{row.position, row.kind};
    auto is_train = row.part == sample_part::train;
    is_of_training = is_of_training || is_train;
    if (is_train || row.part == sample_part::unknown)
      result.rows.push_back(point);
    if (row.series != 0 || is_train)
      continue;
    result.path.push_back(point);
    result.path_end = format_utc({row.time_ms * 1'000'000});
  }
  result.title = model + ": " + counted_text(result.rows.size(), "row", "rows")
                 + (is_of_training ? " of the training" : "");
  if (!result.path.empty())
    result.title += ", and the last ones of " + x.series[0];
  return result;
}

void draw(const latent_picture& x, canvas& on) {
  drawing{x, on}.draw();
}

} // namespace qalpha
