// A variational autoencoder (Kingma and Welling 2014) whose latent space is
// also told which windows look alike (NT-Xent, Chen et al. 2020).

#pragma once

#include "models/neural/torch.hpp"

#include "models/neural/cvae/settings.hpp"

namespace qalpha {

/// Where rows lie in the latent space: normal distributions; [B, latent].
struct latent_distribution {
  torch::Tensor mean;
  torch::Tensor log_variance;
};

/// All that the model makes of rows.
struct vae_result {
  latent_distribution latent;
  /// Drawn from the distribution; [B, latent].
  torch::Tensor sample;
  /// The rows again, from the sample; [B, columns].
  torch::Tensor rows;
  /// What views are compared by, from the mean; [B, projection].
  torch::Tensor projection;
};

/// Encoder, decoder and the head that views are compared by.
///
/// Its first weights come from LibTorch's generator: seed that one before.
class contrastive_vae final : public torch::nn::Module {
public:
  /// @pre `!check(settings)`
  explicit contrastive_vae(const contrastive_vae_settings& settings);

  const contrastive_vae_settings& settings() const noexcept {
    return settings_;
  }

  /// @param rows scaled; [B, columns]
  latent_distribution encode(const torch::Tensor& rows);

  torch::Tensor decode(const torch::Tensor& sample);

  torch::Tensor project(const torch::Tensor& mean);

  /// @param noise standard normal; [B, latent]
  vae_result forward(const torch::Tensor& rows, const torch::Tensor& noise);

private:
  torch::Tensor pass(torch::nn::Sequential layers, torch::Tensor x);

  contrastive_vae_settings settings_;
  torch::nn::Sequential encoder_;
  torch::nn::Linear mean_{nullptr};
  torch::nn::Linear log_variance_{nullptr};
  torch::nn::Sequential decoder_;
  torch::nn::Sequential projection_;
};

/// @returns how far the distributions are from the standard normal one: summed
///          over the latent columns, mean over the batch, not negative.
torch::Tensor divergence(const latent_distribution& latent);

/// Pulls the two views of a row together and all other rows apart.
/// @param first,second projections of the two views; [B, projection]
/// @param temperature positive; the smaller, the more the nearest rows count
/// @returns the mean over all 2 B rows; 0 of a single row.
torch::Tensor contrast(const torch::Tensor& first, const torch::Tensor& second,
                       double temperature);

/// What the parts of the loss count.
struct vae_loss_weights {
  double divergence = 1;
  double contrast = 0.1;
  double temperature = 0.5;
};

struct vae_loss {
  torch::Tensor total;
  /// Mean squared error over rows and columns.
  torch::Tensor reconstruction;
  torch::Tensor divergence;
  torch::Tensor contrast;
};

/// @param first,second two views of the same rows
/// @param first_result,second_result what the model made of them
vae_loss loss_of(const torch::Tensor& first, const vae_result& first_result,
                 const torch::Tensor& second, const vae_result& second_result,
                 const vae_loss_weights& weights);

/// @returns how many latent columns say something: their means vary over the
///          rows by more than 0.01. None do once the posterior has collapsed.
int64_t active_columns(const torch::Tensor& means);

} // namespace qalpha
