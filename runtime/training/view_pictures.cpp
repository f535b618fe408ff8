#include "runtime/training/view_pictures.hpp"

#include "runtime/reports/figure_text.hpp"
#include "runtime/reports/forecast_pictures.hpp"
#include "runtime/reports/latent_picture.hpp"
#include "runtime/reports/return_picture.hpp"
#include "runtime/telemetry/time_text.hpp"

namespace qalpha {

namespace {

// What the result of a policy calls its targets and what it achieved.
constexpr auto targets_list = "targets";
constexpr auto achieved_list = "achieved_by_target";
constexpr auto behaviour_figure = "behaviour_mean";

template <class Picture>
event_image image_of(std::string tag, const Picture& x) {
  return {std::move(tag), plot_width, plot_height, to_png(x)};
}

void draw_forecasts(const forecast_view& x, const std::string& when,
                    const std::string& prefix, std::vector<event_image>& to) {
  auto begin = format_utc({x.fan.time_ms * 1'000'000});
  fan_picture fan{when + ": " + x.fan.series + " from " + begin, x.levels,
                  x.fan};
  to.push_back(image_of(prefix + "fan", fan));
  calibration_picture calibration{
    when + ": calibration, " + counted_text(x.targets, "target", "targets"),
    x.levels, x.coverage};
  to.push_back(image_of(prefix + "calibration", calibration));
  importance_picture importance{when + ": importance of variables", x.past,
                                x.known};
  to.push_back(image_of(prefix + "importance", importance));
}

} // namespace

std::vector<event_image> draw_view(const training_view& view,
                                   const std::string& when,
                                   const std::string& prefix) {
  std::vector<event_image> result;
  if (view.latents)
    result.push_back(
      image_of(prefix + "latent_space", picture_of(*view.latents, when)));
  if (view.forecasts)
    draw_forecasts(*view.forecasts, when, prefix, result);
  return result;
}

std::vector<event_image> draw_result(const training_result& result) {
  auto images = draw_view(result.view, "test", "test/");
  auto asked = result.lists.find(targets_list);
  auto achieved = result.lists.find(achieved_list);
  if (asked == result.lists.end() || achieved == result.lists.end())
    return images;
  return_picture returns{"test: mean returns of episodes, after costs",
                         asked->second, achieved->second, std::nullopt};
  auto behaviour = result.figures.find(behaviour_figure);
  if (behaviour != result.figures.end())
    returns.behaviour = behaviour->second;
  images.push_back(image_of("test/returns", returns));
  return images;
}

} // namespace qalpha
