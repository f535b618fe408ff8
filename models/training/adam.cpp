#include "models/neural/torch.hpp"

#include "models/training/adam.hpp"

#include <cmath>

namespace qalpha {

adam::adam(const adam_options& options, const torch::Tensor& weights,
           int64_t decayed)
  : first(torch::zeros_like(weights)), second(torch::zeros_like(weights)),
    options_(options), decayed_(decayed) {
  // nop
}

void adam::step(torch::Tensor weights, const torch::Tensor& gradient,
                double rate, uint64_t step) {
  torch::NoGradGuard no_gradients;
  auto count = static_cast<double>(step);
  weights.narrow(0, 0, decayed_).mul_(1 - rate * options_.weight_decay);
  first.mul_(options_.beta1).add_(gradient, 1 - options_.beta1);
  second.mul_(options_.beta2).addcmul_(gradient, gradient, 1 - options_.beta2);
  // Both means begin at zero and are too small at first.
  auto correction = std::sqrt(1 - std::pow(options_.beta2, count));
  auto size = second.sqrt().div_(correction).add_(options_.epsilon);
  weights.addcdiv_(first, size, -rate / (1 - std::pow(options_.beta1, count)));
}

} // namespace qalpha
