#include "models/neural/torch.hpp"

#include "models/training/regimes/regime_task.hpp"

#include "models/training/loop_job.hpp"

#include <algorithm>

namespace qalpha {

namespace {

constexpr size_t latent_batch = 4'096;

/// A fixed seed, so that validation losses of all epochs compare.
constexpr uint64_t validation_seed = 20'011;

at::Generator seeded(const torch::Device& device, uint64_t seed) {
  auto result = at::globalContext().defaultGenerator(device).clone();
  result.set_current_seed(seed);
  return result;
}

} // namespace

regime_task::regime_task(const regime_plan& plan, const training_set& set,
                         data_parts parts, torch::Tensor rows)
  : plan_(plan), parts_(std::move(parts)), rows_(std::move(rows)) {
  torch::manual_seed(plan.training.seed);
  model_ = std::make_shared<contrastive_vae>(plan.model);
  model_->to(rows_.device());
  auto first = first_rows(set);
  std::vector<int64_t> places;
  std::vector<bool> usable(static_cast<size_t>(rows_.size(0)));
  for (auto window : set.windows()) {
    places.push_back(first[window.series] + static_cast<int64_t>(window.row));
    usable[static_cast<size_t>(places.back())] = true;
  }
  std::vector<int64_t> firsts(usable.size());
  auto interval = static_cast<double>(set.plan().interval.count());
  for (size_t series = 0; series < first.size(); ++series) {
    const auto& times = set.series()[series].times;
    auto begin = static_cast<size_t>(first[series]);
    for (size_t i = 0; i < times.size(); ++i) {
      auto here = begin + i;
      auto follows = i > 0 && usable[here - 1]
                     && times[i] - times[i - 1] == interval;
      firsts[here] = follows ? firsts[here - 1] : static_cast<int64_t>(here);
    }
  }
  places_ = torch::tensor(places, torch::kLong).to(rows_.device());
  firsts_ = torch::tensor(firsts, torch::kLong).to(rows_.device());
}

torch::Tensor regime_task::rows_of(std::span<const size_t> samples,
                                   const std::vector<size_t>& of) const {
  std::vector<int64_t> windows;
  for (auto sample : samples)
    windows.push_back(static_cast<int64_t>(of[sample]));
  return places_.index_select(
    0, torch::tensor(windows, torch::kLong).to(places_.device()));
}

torch::Tensor regime_task::loss_of(const torch::Tensor& rows, uint64_t seed,
                                   double divergence) {
  auto generator = seeded(rows_.device(), seed);
  auto firsts = firsts_.index_select(0, rows);
  auto first = make_views(rows_, rows, firsts, {}, generator);
  auto second = make_views(rows_, rows, firsts, {}, generator);
  auto noise = [&] {
    return torch::randn({rows.size(0), plan_.model.latent}, generator,
                        rows_.options());
  };
  auto first_result = model_->forward(first, noise());
  auto second_result = model_->forward(second, noise());
  return qalpha::loss_of(first, first_result, second, second_result,
                         {divergence, plan_.contrast, plan_.temperature})
    .total;
}

torch::Tensor regime_task::loss(std::span<const size_t> samples, uint64_t seed,
                                double progress) {
  auto risen = plan_.divergence_rise > 0
                 ? std::min(1.0, progress / plan_.divergence_rise)
                 : 1;
  return loss_of(rows_of(samples, parts_.train), seed,
                 plan_.divergence * risen);
}

torch::Tensor regime_task::validation_loss(std::span<const size_t> samples) {
  return loss_of(rows_of(samples, parts_.validation), validation_seed,
                 plan_.divergence);
}

points regime_task::latents(std::span<const size_t> windows) {
  points result{static_cast<size_t>(plan_.model.latent), {}};
  std::vector<size_t> all{windows.begin(), windows.end()};
  std::vector<size_t> numbers(windows.size());
  for (size_t i = 0; i < numbers.size(); ++i)
    numbers[i] = i;
  for (size_t i = 0; i < all.size(); i += latent_batch) {
    auto part = std::span{numbers}.subspan(
      i, std::min(latent_batch, numbers.size() - i));
    auto means = model_->encode(rows_.index_select(0, rows_of(part, all)))
                   .mean.to(torch::kCPU, torch::kDouble)
                   .contiguous();
    auto* begin = means.data_ptr<double>();
    result.values.insert(result.values.end(), begin, begin + means.numel());
  }
  return result;
}

} // namespace qalpha
