#include "models/neural/torch.hpp"

#include "models/neural/cvae/contrastive_vae.hpp"

#include <limits>

namespace qalpha {

namespace {

// Keeps exp() of it a number.
constexpr double largest_log_variance = 10;

constexpr double active_variance = 0.01;

void add_layer(torch::nn::Sequential& to, int64_t in, int64_t out) {
  to->push_back(torch::nn::Linear(in, out));
  to->push_back(torch::nn::BatchNorm1d(
    torch::nn::BatchNorm1dOptions(out).eps(1e-5).momentum(0.1)));
  to->push_back(torch::nn::ReLU());
}

} // namespace

contrastive_vae::contrastive_vae(const contrastive_vae_settings& settings)
  : settings_(settings) {
  auto width = settings.columns;
  for (auto next : settings.hidden) {
    add_layer(encoder_, width, next);
    width = next;
  }
  register_module("encoder", encoder_);
  mean_ = register_module("fc_mu", torch::nn::Linear(width, settings.latent));
  log_variance_ = register_module("fc_logvar",
                                  torch::nn::Linear(width, settings.latent));
  width = settings.latent;
  for (auto next = settings.hidden.rbegin(); next != settings.hidden.rend();
       ++next) {
    add_layer(decoder_, width, *next);
    width = *next;
  }
  decoder_->push_back(torch::nn::Linear(width, settings.columns));
  register_module("decoder", decoder_);
  projection_->push_back(torch::nn::Linear(settings.latent, settings.latent));
  projection_->push_back(torch::nn::ReLU());
  projection_->push_back(
    torch::nn::Linear(settings.latent, settings.projection));
  register_module("projection_head", projection_);
}

// Dropout follows each ReLU. It has no place in the list of layers, whose
// numbers are the names of weights.
torch::Tensor contrastive_vae::pass(torch::nn::Sequential layers,
                                    torch::Tensor x) {
  size_t index = 0;
  for (auto& layer : *layers) {
    x = layer.forward(x);
    if (index++ % 3 == 2 && settings_.dropout > 0)
      x = torch::dropout(x, settings_.dropout, is_training());
  }
  return x;
}

latent_distribution contrastive_vae::encode(const torch::Tensor& rows) {
  auto x = pass(encoder_, rows);
  return {mean_(x),
          log_variance_(x).clamp(-largest_log_variance, largest_log_variance)};
}

torch::Tensor contrastive_vae::decode(const torch::Tensor& sample) {
  return pass(decoder_, sample);
}

torch::Tensor contrastive_vae::project(const torch::Tensor& mean) {
  return projection_->forward(mean);
}

vae_result contrastive_vae::forward(const torch::Tensor& rows,
                                    const torch::Tensor& noise) {
  vae_result result;
  result.latent = encode(rows);
  const auto& [mean, log_variance] = result.latent;
  result.sample = mean + noise * (0.5 * log_variance).exp();
  result.rows = decode(result.sample);
  result.projection = project(mean);
  return result;
}

torch::Tensor divergence(const latent_distribution& latent) {
  const auto& [mean, log_variance] = latent;
  auto each = 1 + log_variance - mean.square() - log_variance.exp();
  return -0.5 * each.sum(1).mean();
}

torch::Tensor contrast(const torch::Tensor& first, const torch::Tensor& second,
                       double temperature) {
  namespace functional = torch::nn::functional;
  auto rows = first.size(0);
  auto all = functional::normalize(
    torch::cat({first, second}),
    functional::NormalizeFuncOptions().p(2).dim(1).eps(1e-12));
  auto likeness = all.mm(all.t()) / temperature;
  auto itself = torch::eye(
    2 * rows, torch::TensorOptions(torch::kBool).device(first.device()));
  auto others = likeness.masked_fill(itself,
                                     -std::numeric_limits<float>::infinity());
  auto same = likeness.diagonal(rows);
  return others.logsumexp(1).mean() - same.mean();
}

vae_loss loss_of(const torch::Tensor& first, const vae_result& first_result,
                 const torch::Tensor& second, const vae_result& second_result,
                 const vae_loss_weights& weights) {
  vae_loss result;
  result.reconstruction = 0.5
                          * (torch::mse_loss(first_result.rows, first)
                             + torch::mse_loss(second_result.rows, second));
  result.divergence
    = 0.5
      * (divergence(first_result.latent) + divergence(second_result.latent));
  result.contrast = contrast(first_result.projection, second_result.projection,
                             weights.temperature);
  result.total = result.reconstruction + weights.divergence * result.divergence
                 + weights.contrast * result.contrast;
  return result;
}

int64_t active_columns(const torch::Tensor& means) {
  auto variances = means.var(0, /*unbiased=*/false);
  return (variances > active_variance).sum().item<int64_t>();
}

} // namespace qalpha
