#include "models/neural/torch.hpp"

#include "models/outlook/regimes/cluster_quality.hpp"
#include "models/outlook/regimes/regime_map.hpp"
#include "models/outlook/regimes/regime_tracker.hpp"
#include "models/training/loop_job.hpp"
#include "models/training/regimes/regime_plan.hpp"
#include "models/training/regimes/regime_rows.hpp"
#include "models/training/regimes/regime_task.hpp"

namespace qalpha {

namespace {

/// All that the job needs beside the loop.
struct regime_data {
  regime_plan plan;
  training_set set;
  /// Of the rows of the first series, or none.
  std::vector<regime> truth;
  manifest about;
};

/// Rows of the training part that a picture in its midst is made of.
constexpr size_t most_view_rows = 4'000;

class regime_job final : public loop_job {
public:
  regime_job(std::unique_ptr<regime_task> task,
             std::unique_ptr<regime_data> data,
             std::shared_ptr<all_reduce> together)
    : regime_job(task.get(), std::move(task), std::move(data),
                 std::move(together)) {
    // nop
  }

protected:
  std::optional<fault> evaluate(training_result& into) override {
    const auto& parts = regimes_.parts();
    auto latents = regimes_.latents(parts.train);
    auto fit = fit_on(parts.train, latents);
    if (!fit)
      return fit.error();
    into.model.about = data_->about;
    put(fit->map, into.model);
    into.figures = {
      {"silhouette", fit->silhouette},
      {"variance_ratio", fit->variance_ratio},
      {"overlap", fit->overlap},
      {"validation_loss", loop_.best_loss()},
      {"explained_1", fit->map.axes.explained(0)},
      {"explained_2", fit->map.axes.explained(1)},
      {"train_rows", static_cast<double>(parts.train.size())},
      {"test_rows", static_cast<double>(parts.test.size())},
    };
    for (size_t i = 0; i < regime_count; ++i)
      into.lists["train_shares"].push_back(
        static_cast<double>(fit->members[i])
        / static_cast<double>(parts.train.size()));
    auto& rows
      = into.view.latents.emplace(make_latent_rows(data_->set, fit->map));
    add_rows(data_->set, parts.train, latents, fit->map, sample_part::train,
             rows);
    add(parts.validation, fit->map, sample_part::validation, rows);
    add(parts.test, fit->map, sample_part::test, rows);
    try_on_test(fit->map, into);
    return std::nullopt;
  }

  fallible<training_view> look() override {
    const auto& parts = regimes_.parts();
    auto some = even_choice(parts.train, most_view_rows);
    auto latents = regimes_.latents(some);
    auto fit = fit_on(some, latents);
    if (!fit)
      return fit.error();
    training_view result;
    auto& rows = result.latents.emplace(make_latent_rows(data_->set, fit->map));
    add_rows(data_->set, some, latents, fit->map, sample_part::train, rows);
    add(parts.validation, fit->map, sample_part::validation, rows);
    return result;
  }

private:
  regime_job(regime_task* regimes, std::unique_ptr<regime_task> task,
             std::unique_ptr<regime_data> data,
             std::shared_ptr<all_reduce> together)
    : loop_job(std::move(task), data->plan.training, std::move(together)),
      regimes_(*regimes), data_(std::move(data)) {
    // nop
  }

  fallible<regime_fit> fit_on(std::span<const size_t> windows,
                              const points& latents) const {
    return fit_regimes(
      latents, statistics_of(data_->set, windows, data_->plan.naming_bars),
      data_->plan.training.seed);
  }

  void add(std::span<const size_t> windows, const regime_map& map,
           sample_part part, latent_rows& to) {
    add_rows(data_->set, windows, regimes_.latents(windows), map, part, to);
  }

  void try_on_test(const regime_map& map, training_result& into) {
    const auto& test = regimes_.parts().test;
    auto latents = regimes_.latents(test);
    regime_tracker tracker;
    std::vector<size_t> read;
    std::vector<size_t> tracked;
    std::vector<size_t> truth;
    double novel = 0;
    for (size_t i = 0; i < test.size(); ++i) {
      auto window = data_->set.windows()[test[i]];
      auto reading = map.read(latents[i]);
      auto time = data_->set.series()[window.series].times[window.row];
      tracker.add(static_cast<int64_t>(time), reading);
      novel += reading.novelty > 1 ? 1 : 0;
      if (window.series != 0 || data_->truth.empty())
        continue;
      read.push_back(static_cast<size_t>(most_probable(reading)));
      tracked.push_back(static_cast<size_t>(*tracker.current()));
      truth.push_back(static_cast<size_t>(data_->truth[window.row]));
    }
    into.figures["novel_share"] = novel / static_cast<double>(test.size());
    if (truth.empty())
      return;
    double right = 0;
    for (size_t i = 0; i < truth.size(); ++i)
      right += read[i] == truth[i] ? 1 : 0;
    into.figures["adjusted_rand_index"] = adjusted_rand_index(read, truth);
    into.figures["adjusted_rand_index_tracked"] = adjusted_rand_index(tracked,
                                                                      truth);
    into.figures["named_right"] = right / static_cast<double>(truth.size());
  }

  regime_task& regimes_;
  std::unique_ptr<regime_data> data_;
};

std::optional<fault> check(const regime_plan& plan) {
  if (auto problem = check(plan.training))
    return problem;
  if (plan.windows.lookback != 1 || plan.windows.horizon != 0)
    return fault{"windows: expected a lookback of 1 and no horizon"};
  if (plan.naming_bars < 2)
    return fault{"naming_bars: expected at least 2"};
  if (!(plan.divergence >= 0) || !(plan.contrast >= 0)
      || !(plan.temperature > 0) || !(plan.divergence_rise >= 0))
    return fault{"divergence, contrast, temperature: expected weights that are "
                 "not negative and a positive temperature"};
  return std::nullopt;
}

} // namespace

fallible<std::unique_ptr<training_job>>
make_regime_job(const regime_plan& plan, std::span<const market_rows> history,
                std::span<const regime> truth,
                std::shared_ptr<all_reduce> together) {
  if (auto problem = check(plan))
    return *problem;
  auto device = device_of(plan.training);
  if (!device)
    return device.error();
  auto set = training_set::make(plan.windows, history);
  if (!set)
    return set.error();
  if (!truth.empty() && truth.size() != set->series()[0].times.size())
    return fault{"truth: expected one regime a row"};
  auto parts = part_samples(set->spans(), plan.parts);
  if (!parts)
    return parts.error();
  auto data = std::make_unique<regime_data>(
    regime_data{plan, std::move(*set), {truth.begin(), truth.end()}, {}});
  auto& model = data->plan.model;
  model.columns = static_cast<int64_t>(data->set.columns());
  if (auto problem = check(model))
    return *problem;
  auto scales = fit_scales(data->set, parts->train);
  data->about.id = "regime";
  data->about.architecture = "contrastive-vae";
  describe(data->set, scales.columns, plan.training.seed, data->about);
  put(model, data->about);
  auto rows = scaled_rows(data->set, scales.columns).to(*device);
  auto task = std::make_unique<regime_task>(data->plan, data->set,
                                            std::move(*parts), rows);
  return std::unique_ptr<training_job>{std::make_unique<regime_job>(
    std::move(task), std::move(data), std::move(together))};
}

} // namespace qalpha
