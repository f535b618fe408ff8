#include "runtime/reports/latent_picture.hpp"

#include "runtime/reports/png_canvas.hpp"
#include "runtime/reports/svg_canvas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

namespace qalpha {

namespace {

constexpr int width = 960;
constexpr int height = 640;
// The plot, its legend to the right of it.
constexpr double left = 80;
constexpr double right = 740;
constexpr double top = 50;
constexpr double bottom = 580;

constexpr paint ink{0x22, 0x22, 0x22, 1};
constexpr paint faint{0x22, 0x22, 0x22, 0.15};
constexpr paint ground{0xFF, 0xFF, 0xFF, 1};
constexpr paint plot_ground{0xF7, 0xF7, 0xF5, 1};
constexpr paint path_ink{0x22, 0x22, 0x22, 0.6};

// Told apart also by those who do not see all colours.
constexpr paint color_of(regime x, double cover) noexcept {
  switch (x) {
    case regime::bull:
      return {0x00, 0x9E, 0x73, cover};
    case regime::bear:
      return {0xD5, 0x5E, 0x00, cover};
    case regime::sideways:
      return {0x00, 0x72, 0xB2, cover};
    default:
      return {0xCC, 0x79, 0xA7, cover};
  }
}

std::string name_of(regime x) {
  std::string result{to_string(x)};
  std::replace(result.begin(), result.end(), '_', ' ');
  return result;
}

// Beyond any latent space, differences would overflow.
constexpr double farthest = 1e12;

std::vector<latent_point> drawable(std::span<const latent_point> from) {
  std::vector<latent_point> result;
  for (const auto& x : from)
    if (std::abs(x.position[0]) <= farthest
        && std::abs(x.position[1]) <= farthest)
      result.push_back(x);
  return result;
}

// One axis: values and where they are drawn.
struct axis {
  axis(const std::vector<latent_point>& a, const std::vector<latent_point>& b,
       size_t which, double from, double to)
    : from(from), to(to) {
    auto begin = true;
    for (const auto* points : {&a, &b})
      for (const auto& x : *points) {
        auto value = x.position[which];
        low = begin ? value : std::min(low, value);
        high = begin ? value : std::max(high, value);
        begin = false;
      }
    auto spare = 0.05 * (high - low);
    // All in one place, or so near that numbers cannot tell.
    if (!(spare > 1e-9 * (1 + std::abs(high))))
      spare = 0.5 * (1 + std::abs(high));
    low -= spare;
    high += spare;
  }

  double place(double value) const noexcept {
    return from + (to - from) * ((value - low) / (high - low));
  }

  // A step of 1, 2 or 5 times a power of ten, four to ten of them.
  double step() const noexcept {
    auto rough = (high - low) / 8;
    auto power = std::pow(10, std::floor(std::log10(rough)));
    for (auto factor : {1, 2, 5})
      if (factor * power >= rough)
        return factor * power;
    return 10 * power;
  }

  double from;
  double to;
  double low = 0;
  double high = 0;
};

std::string tick_text(double value, double step) {
  auto decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step))));
  if (decimals > 6 || std::abs(value) >= 1e7)
    return fmt::format("{:.1e}", value);
  // No zero with a sign.
  return fmt::format("{:.{}f}", std::abs(value) < step / 2 ? 0.0 : value,
                     decimals);
}

class drawing {
public:
  drawing(const latent_picture& x, canvas& on)
    : title_(x.title), rows_(drawable(x.rows)), on_(on) {
    auto skipped = x.path.size() - std::min(x.path.size(), latent_path_points);
    path_ = drawable(std::span{x.path}.subspan(skipped));
    axes_ = {axis{rows_, path_, 0, left, right},
             axis{rows_, path_, 1, bottom, top}};
  }

  void draw() {
    on_.rectangle({0, 0}, width, height, ground);
    on_.rectangle({left, top}, right - left, bottom - top, plot_ground);
    on_.text({left, top - 18}, title_, text_place::from, ink);
    draw_grid();
    draw_rows();
    draw_path();
    draw_legend();
  }

private:
  canvas_point at(const latent_point& x) const noexcept {
    return {axes_[0].place(x.position[0]), axes_[1].place(x.position[1])};
  }

  void draw_grid() {
    const auto& [across, up] = axes_;
    auto first = [](const axis& x) { return std::ceil(x.low / x.step()); };
    for (auto i = first(across); i * across.step() <= across.high; ++i) {
      auto x = across.place(i * across.step());
      on_.rectangle({x - 0.5, top}, 1, bottom - top, faint);
      on_.text({x, bottom + 20}, tick_text(i * across.step(), across.step()),
               text_place::around, ink);
    }
    for (auto i = first(up); i * up.step() <= up.high; ++i) {
      auto y = up.place(i * up.step());
      on_.rectangle({left, y - 0.5}, right - left, 1, faint);
      on_.text({left - 8, y + 5}, tick_text(i * up.step(), up.step()),
               text_place::up_to, ink);
    }
    on_.text({(left + right) / 2, bottom + 45}, "axis 1", text_place::around,
             ink);
    on_.text({left + 8, top + 18}, "axis 2", text_place::from, ink);
  }

  void draw_rows() {
    auto drawn = std::min(rows_.size(), most_latent_points);
    for (size_t i = 0; i < drawn; ++i) {
      const auto& row = rows_[i * rows_.size() / drawn];
      on_.dot(at(row), 3, color_of(row.kind, 0.45));
    }
  }

  void draw_path() {
    std::vector<canvas_point> line;
    for (const auto& x : path_)
      line.push_back(at(x));
    on_.line(line, 1.5, path_ink);
    for (const auto& x : path_)
      on_.dot(at(x), 2, ink);
    if (!path_.empty())
      mark_end(at(path_.back()), path_.back().kind);
  }

  void mark_end(canvas_point where, regime kind) {
    on_.dot(where, 9, ink);
    on_.dot(where, 6.5, ground);
    on_.dot(where, 5, color_of(kind, 1));
  }

  void draw_legend() {
    canvas_point where{right + 24, top + 12};
    for (size_t i = 0; i < regime_count; ++i, where.y += 26) {
      auto kind = static_cast<regime>(i);
      auto same = [=](const auto& x) { return x.kind == kind; };
      auto count = std::count_if(rows_.begin(), rows_.end(), same);
      auto share = rows_.empty() ? 0.0
                                 : 100.0 * static_cast<double>(count)
                                     / static_cast<double>(rows_.size());
      on_.dot(where, 6, color_of(kind, 1));
      on_.text({where.x + 14, where.y + 5},
               fmt::format("{} {:.0f} %", name_of(kind), share),
               text_place::from, ink);
    }
    if (path_.empty())
      return;
    where.y += 14;
    std::array<canvas_point, 2> piece{canvas_point{where.x - 8, where.y},
                                      {where.x + 8, where.y}};
    on_.line(piece, 1.5, path_ink);
    on_.text({where.x + 14, where.y + 5}, fmt::format("last {}", path_.size()),
             text_place::from, ink);
    where.y += 30;
    mark_end(where, path_.back().kind);
    on_.text({where.x + 14, where.y + 5}, "now", text_place::from, ink);
  }

  std::string title_;
  std::vector<latent_point> rows_;
  std::vector<latent_point> path_;
  std::array<axis, 2> axes_{axis{{}, {}, 0, 0, 1}, axis{{}, {}, 0, 0, 1}};
  canvas& on_;
};

} // namespace

std::string to_svg(const latent_picture& x) {
  svg_canvas on{width, height, x.title};
  drawing{x, on}.draw();
  return on.document();
}

std::string to_png(const latent_picture& x) {
  png_canvas on{width, height};
  drawing{x, on}.draw();
  return on.file();
}

} // namespace qalpha
