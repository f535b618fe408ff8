#include "models/neural/torch.hpp"

#include "models/training/forecast/forecast_task.hpp"

#include "models/neural/tft/quantile_loss.hpp"
#include "models/training/loop_job.hpp"

#include <algorithm>

namespace qalpha {

namespace {

constexpr size_t forecast_batch = 512;

torch::Tensor indexes(const std::vector<int64_t>& x) {
  return torch::tensor(x, torch::kLong);
}

void append(std::vector<double>& to, const torch::Tensor& from) {
  auto row = from.contiguous();
  auto* begin = row.data_ptr<double>();
  to.insert(to.end(), begin, begin + row.numel());
}

} // namespace

forecast_task::forecast_task(const training_set& set, data_parts parts,
                             const training_scales& scales,
                             const tft_settings& settings, uint64_t seed,
                             const torch::Device& device)
  : parts_(std::move(parts)), settings_(settings),
    model_(std::make_shared<temporal_fusion>(settings, seed)) {
  model_->to(device);
  model_->draw_from(at::globalContext().defaultGenerator(device));
  rows_ = scaled_rows(set, scales.columns).to(device);
  auto first = first_rows(set);
  std::vector<int64_t> begins;
  std::vector<int64_t> series;
  std::vector<float> targets;
  for (auto window : set.windows()) {
    auto begin = window.row + 1 - set.spec().lookback;
    begins.push_back(first[window.series] + static_cast<int64_t>(begin));
    series.push_back(static_cast<int64_t>(window.series));
    const auto& scale = scales.targets[window.series];
    for (size_t ahead = 1; ahead <= set.spec().horizon; ++ahead)
      targets.push_back(static_cast<float>(
        (set.target(window, ahead) - scale.mean) / scale.deviation));
  }
  begins_ = indexes(begins).to(device);
  series_ = indexes(series).to(device);
  targets_ = torch::tensor(targets).view({-1, settings.horizon}).to(device);
  std::vector<double> means;
  std::vector<double> deviations;
  for (const auto& scale : scales.targets) {
    means.push_back(scale.mean);
    deviations.push_back(scale.deviation);
  }
  target_means_ = torch::tensor(means, torch::kDouble);
  target_deviations_ = torch::tensor(deviations, torch::kDouble);
  std::vector<int64_t> known;
  std::vector<int64_t> observed;
  for (size_t i = 0; i < set.columns(); ++i) {
    auto is_known = std::count(set.known().begin(), set.known().end(), i) > 0;
    (is_known ? known : observed).push_back(static_cast<int64_t>(i));
  }
  known_ = indexes(known).to(device);
  observed_ = indexes(observed).to(device);
}

torch::Tensor forecast_task::numbers(std::span<const size_t> samples,
                                     const std::vector<size_t>& of) const {
  std::vector<int64_t> result;
  for (auto sample : samples)
    result.push_back(static_cast<int64_t>(of[sample]));
  return indexes(result).to(rows_.device());
}

tft_batch forecast_task::cut(const torch::Tensor& windows) const {
  auto count = windows.size(0);
  auto steps = torch::arange(settings_.steps(), windows.options());
  auto places = begins_.index_select(0, windows).unsqueeze(1) + steps;
  auto rows = rows_.index_select(0, places.flatten())
                .view({count, settings_.steps(), rows_.size(1)});
  tft_batch result;
  result.static_codes = series_.index_select(0, windows).unsqueeze(1);
  result.known_values = rows.index_select(2, known_);
  result.observed_values
    = rows.narrow(1, 0, settings_.lookback).index_select(2, observed_);
  return result;
}

torch::Tensor forecast_task::loss_of(const torch::Tensor& windows) {
  auto quantiles = model_->forward(cut(windows)).quantiles;
  return quantile_loss(quantiles, targets_.index_select(0, windows),
                       settings_.levels);
}

torch::Tensor forecast_task::loss(std::span<const size_t> samples, uint64_t,
                                  double) {
  return loss_of(numbers(samples, parts_.train));
}

torch::Tensor forecast_task::validation_loss(std::span<const size_t> samples) {
  return loss_of(numbers(samples, parts_.validation));
}

torch::Tensor forecast_task::numbers(std::span<const size_t> windows) const {
  return indexes({windows.begin(), windows.end()}).to(rows_.device());
}

torch::Tensor
forecast_task::unscaled_targets(const torch::Tensor& windows) const {
  auto series = series_.index_select(0, windows).to(torch::kCPU);
  auto scaled
    = targets_.index_select(0, windows).to(torch::kCPU, torch::kDouble);
  return scaled * target_deviations_.index_select(0, series).unsqueeze(1)
         + target_means_.index_select(0, series).unsqueeze(1);
}

std::vector<double>
forecast_task::targets(std::span<const size_t> windows) const {
  std::vector<double> result;
  append(result, unscaled_targets(numbers(windows)));
  return result;
}

forecast_task::shares
forecast_task::importances(std::span<const size_t> windows) {
  auto count = rows_.size(1);
  auto past = torch::zeros({count}, torch::kDouble);
  auto known = torch::zeros({known_.size(0)}, torch::kDouble);
  // The model's past is what was observed, and what is known behind it.
  auto columns = torch::cat({observed_, known_}).to(torch::kCPU);
  auto sum = [](const torch::Tensor& weights) {
    return weights.mean(1).sum(0).to(torch::kCPU, torch::kDouble);
  };
  for (size_t i = 0; i < windows.size(); i += forecast_batch) {
    auto size = std::min(forecast_batch, windows.size() - i);
    auto result = model_->forward(cut(numbers(windows.subspan(i, size))));
    past.index_add_(0, columns, sum(result.past_weights));
    known += sum(result.known_weights);
  }
  shares result;
  append(result.past, past / past.sum());
  append(result.known, known / known.sum());
  return result;
}

scored_forecasts forecast_task::forecast(std::span<const size_t> windows) {
  scored_forecasts result;
  result.horizon = static_cast<size_t>(settings_.horizon);
  result.levels = settings_.levels;
  for (size_t i = 0; i < windows.size(); i += forecast_batch) {
    auto size = std::min(forecast_batch, windows.size() - i);
    auto which = numbers(windows.subspan(i, size));
    auto scaled = std::get<0>(model_->forward(cut(which)).quantiles.sort(-1))
                    .to(torch::kCPU, torch::kDouble);
    auto series = series_.index_select(0, which).to(torch::kCPU);
    auto mean = target_means_.index_select(0, series).view({-1, 1, 1});
    auto deviation
      = target_deviations_.index_select(0, series).view({-1, 1, 1});
    append(result.quantiles, scaled * deviation + mean);
    append(result.targets, unscaled_targets(which));
  }
  return result;
}

} // namespace qalpha
