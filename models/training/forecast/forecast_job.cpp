#include "models/neural/torch.hpp"

#include "models/neural/tft/tft_weights.hpp"
#include "models/training/forecast/forecast_plan.hpp"
#include "models/training/forecast/forecast_task.hpp"
#include "models/training/loop_job.hpp"

#include <numeric>

namespace qalpha {

namespace {

double mean_of(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0)
         / static_cast<double>(x.size());
}

/// Windows of a part that a picture in its midst is made of.
constexpr size_t most_view_windows = 1'024;

/// What pictures need of the data.
struct forecast_scene {
  /// All columns, and those known beforehand.
  std::vector<std::string> columns;
  std::vector<std::string> known;
  /// Of the last windows of two parts.
  forecast_fan validation;
  forecast_fan test;
};

forecast_scene make_scene(const training_set& set, const data_parts& parts) {
  forecast_scene result;
  for (const auto& column : set.plan().columns)
    result.columns.push_back(column.name);
  result.known = set.known_names();
  if (!parts.validation.empty())
    result.validation = make_fan(set, set.windows()[parts.validation.back()]);
  result.test = make_fan(set, set.windows()[parts.test.back()]);
  return result;
}

std::vector<variable_share> name_shares(const std::vector<std::string>& names,
                                        const std::vector<double>& shares) {
  std::vector<variable_share> result;
  for (size_t i = 0; i < names.size(); ++i)
    result.push_back({names[i], shares[i]});
  return result;
}

class forecast_job final : public loop_job {
public:
  forecast_job(std::unique_ptr<forecast_task> task, const forecast_plan& plan,
               manifest about, forecast_scene scene,
               std::shared_ptr<all_reduce> together)
    : forecast_job(task.get(), std::move(task), plan, std::move(about),
                   std::move(scene), std::move(together)) {
    // nop
  }

protected:
  std::optional<fault> evaluate(training_result& into) override {
    const auto& parts = forecasts_.parts();
    auto test = forecasts_.forecast(parts.test);
    auto past = forecasts_.targets(parts.train);
    auto loss = mean_pinball(test);
    auto naive = mean_pinball(naive_forecasts(test, past));
    auto model = to_checkpoint(forecasts_.network(), about_);
    if (!model)
      return model.error();
    into.model = std::move(*model);
    into.lists["correlation_by_distance"] = correlation_by_distance(test);
    into.lists["levels"] = test.levels;
    into.lists["coverage"] = coverage_by_level(test);
    into.figures = {
      {"test_correlation", mean_of(into.lists["correlation_by_distance"])},
      {"test_loss", loss},
      {"naive_loss", naive},
      {"skill", 1 - loss / naive},
      {"validation_loss", loop_.best_loss()},
      {"test_windows", static_cast<double>(test.size())},
      {"train_windows", static_cast<double>(parts.train.size())},
    };
    into.view.forecasts = view_of(test, parts.test, scene_.test);
    return std::nullopt;
  }

  fallible<training_view> look() override {
    training_view result;
    auto some = even_choice(forecasts_.parts().validation, most_view_windows);
    if (!some.empty())
      result.forecasts = view_of(forecasts_.forecast(some),
                                 forecasts_.parts().validation,
                                 scene_.validation);
    return result;
  }

private:
  forecast_job(forecast_task* forecasts, std::unique_ptr<forecast_task> task,
               const forecast_plan& plan, manifest about, forecast_scene scene,
               std::shared_ptr<all_reduce> together)
    : loop_job(std::move(task), plan.training, std::move(together)),
      forecasts_(*forecasts), about_(std::move(about)),
      scene_(std::move(scene)) {
    // nop
  }

  /// @param scored forecasts of the part, or of some windows of it
  /// @param fan of the last window of the part
  forecast_view view_of(const scored_forecasts& scored,
                        std::span<const size_t> part, const forecast_fan& fan) {
    forecast_view result;
    result.levels = scored.levels;
    result.coverage = coverage_by_level(scored);
    result.targets = scored.targets.size();
    result.fan = fan;
    result.fan.quantiles = forecasts_.forecast(part.last(1)).quantiles;
    auto shares = forecasts_.importances(even_choice(part, most_view_windows));
    result.past = name_shares(scene_.columns, shares.past);
    result.known = name_shares(scene_.known, shares.known);
    return result;
  }

  forecast_task& forecasts_;
  manifest about_;
  forecast_scene scene_;
};

} // namespace

fallible<std::unique_ptr<training_job>>
make_forecast_job(const forecast_plan& plan,
                  std::span<const market_rows> history,
                  std::shared_ptr<all_reduce> together) {
  if (auto problem = check(plan.training))
    return *problem;
  auto device = device_of(plan.training);
  if (!device)
    return device.error();
  auto set = training_set::make(plan.windows, history);
  if (!set)
    return set.error();
  if (set->known().empty())
    return fault{"features: expected one that only needs the time, such as "
                 "calendar, found none"};
  auto parts = part_samples(set->spans(), plan.parts);
  if (!parts)
    return parts.error();
  auto settings = plan.model;
  auto whole = [](size_t x) { return static_cast<int64_t>(x); };
  settings.static_categories = {whole(set->series().size())};
  settings.known_values = whole(set->known().size());
  settings.observed_values = whole(set->columns() - set->known().size());
  settings.lookback = whole(plan.windows.lookback);
  settings.horizon = whole(plan.windows.horizon);
  if (auto problem = find_problem(settings))
    return *problem;
  auto scales = fit_scales(*set, parts->train);
  manifest about;
  about.id = "tft";
  about.names["known"] = set->known_names();
  describe(*set, scales.columns, plan.training.seed, about);
  describe_tft(about, settings);
  for (const auto& scale : scales.targets) {
    about.lists["target_means"].push_back(scale.mean);
    about.lists["target_deviations"].push_back(scale.deviation);
  }
  auto scene = make_scene(*set, *parts);
  auto task = std::make_unique<forecast_task>(
    *set, std::move(*parts), scales, settings, plan.training.seed, *device);
  return std::unique_ptr<training_job>{
    std::make_unique<forecast_job>(std::move(task), plan, std::move(about),
                                   std::move(scene), std::move(together))};
}

} // namespace qalpha
