#include "models/neural/torch.hpp"

#include "models/neural/blas_speed.hpp"

namespace qalpha {

int64_t multiply_matrices() {
  constexpr int64_t size = 256;
  torch::InferenceMode no_gradients;
  auto ones = torch::ones({size, size});
  auto product = torch::mm(ones, ones);
  return 2 * size * size * product.size(0);
}

} // namespace qalpha
