#include "models/neural/torch.hpp"

#include "models/neural/blas_speed.hpp"

#include <algorithm>
#include <chrono>

namespace qalpha {

double measure_blas_gflops() {
  constexpr int64_t size = 256;
  constexpr int rounds = 8;
  torch::InferenceMode no_gradients;
  auto a = torch::ones({size, size});
  auto b = torch::ones({size, size});
  auto product = torch::empty({size, size});
  double best = 0;
  for (int i = 0; i < rounds; ++i) {
    auto begin = std::chrono::steady_clock::now();
    torch::mm_out(product, a, b);
    auto end = std::chrono::steady_clock::now();
    auto seconds = std::chrono::duration<double>(end - begin).count();
    best = std::max(best, 2e-9 * size * size * size / seconds);
  }
  return best;
}

} // namespace qalpha
