#include "models/neural/torch.hpp"

#include "models/neural/cvae/contrastive_vae.hpp"
#include "models/neural/cvae/load_regimes.hpp"
#include "models/neural/manifest_figures.hpp"
#include "models/neural/weights.hpp"
#include "models/outlook/regimes/regime_map.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace qalpha {

namespace {

// The encoder, and where regimes lie in its latent space.
class cvae_regimes final : public regime_model {
public:
  cvae_regimes(const manifest& about, std::shared_ptr<contrastive_vae> model,
               regime_map map)
    : features_(about.features), scales_(about.scales),
      model_(std::move(model)), map_(std::move(map)),
      latent_(map_.centres.columns) {
    torch::InferenceMode no_gradients;
    model_->eval();
    row_ = torch::empty({1, static_cast<int64_t>(scales_.size())});
  }

  const feature_spec& features() const noexcept override {
    return features_;
  }

  fallible<regime_reading> read(std::span<const double> row) override {
    if (row.size() != scales_.size())
      return fault{"row: expected " + std::to_string(scales_.size())
                   + " values, found " + std::to_string(row.size())};
    auto* to = row_.data_ptr<float>();
    for (size_t i = 0; i < row.size(); ++i) {
      to[i]
        = static_cast<float>((row[i] - scales_[i].mean) / scales_[i].deviation);
      if (!std::isfinite(to[i]))
        return fault{"row: value " + std::to_string(i) + " is not finite"};
    }
    try {
      torch::InferenceMode no_gradients;
      auto mean = model_->encode(row_).mean;
      std::copy_n(mean.data_ptr<float>(), latent_.size(), latent_.begin());
    } catch (const std::exception& e) {
      return fault{std::string{"the model cannot answer: "} + e.what()};
    }
    if (!std::all_of(latent_.begin(), latent_.end(),
                     [](double x) { return std::isfinite(x); }))
      return fault{"the model answers with a value that is not finite"};
    return map_.read(latent_);
  }

private:
  feature_spec features_;
  std::vector<column_scale> scales_;
  std::shared_ptr<contrastive_vae> model_;
  regime_map map_;
  torch::Tensor row_;
  std::vector<double> latent_;
};

} // namespace

fallible<std::unique_ptr<regime_model>> load_regimes(const checkpoint& from) {
  auto plan = check_manifest(from.about, regimes_architecture);
  if (!plan)
    return plan.error();
  auto settings = contrastive_vae_settings_of(from.about, plan->columns.size());
  if (!settings)
    return settings.error();
  auto map = regime_map_of(from, static_cast<size_t>(settings->latent));
  if (!map)
    return map.error();
  auto weights = from.tensors;
  std::erase_if(weights, is_of_map);
  if (auto wrong = check_count(weights, weight_count(*settings)))
    return *wrong;
  try {
    auto model = std::make_shared<contrastive_vae>(*settings);
    if (auto wrong = load_weights(*model, weights))
      return *wrong;
    return std::unique_ptr<regime_model>{std::make_unique<cvae_regimes>(
      from.about, std::move(model), std::move(*map))};
  } catch (const std::exception& e) {
    return fault{std::string{"the model cannot be made: "} + e.what()};
  }
}

} // namespace qalpha
