#include "models/neural/torch.hpp"

#include "models/neural/cvae/to_checkpoint.hpp"

#include "models/neural/cvae/load_regimes.hpp"
#include "models/neural/weights.hpp"

#include <algorithm>

namespace qalpha {

namespace {

// At a time, so that many rows need little memory.
constexpr int64_t rows_at_a_time = 4'096;

} // namespace

points latents_of(contrastive_vae& model, const torch::Tensor& rows) {
  torch::NoGradGuard no_gradients;
  auto trained = model.is_training();
  model.eval();
  points result{static_cast<size_t>(model.settings().latent), {}};
  for (int64_t first = 0; first < rows.size(0); first += rows_at_a_time) {
    auto last = std::min(first + rows_at_a_time, rows.size(0));
    auto means = model.encode(rows.slice(0, first, last))
                   .mean.to(torch::kCPU, torch::kFloat64)
                   .contiguous();
    const auto* values = means.data_ptr<double>();
    result.add({values, static_cast<size_t>(means.numel())});
  }
  model.train(trained);
  return result;
}

checkpoint to_checkpoint(const contrastive_vae& model, const regime_map& map,
                         manifest about) {
  about.architecture = regimes_architecture;
  put(model.settings(), about);
  checkpoint result{std::move(about), to_tensors(model)};
  put(map, result);
  return result;
}

} // namespace qalpha
