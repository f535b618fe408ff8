#define CAF_SUITE neural.tft_networks

#include "models/neural/torch.hpp"

#include "models/neural/tft/networks_function.hpp"
#include "models/neural/tft/variable_selection.hpp"
#include "tests/models/neural/golden_tensors.hpp"
#include "tests/models/random.hpp"

#include <caf/test/unit_test.hpp>

#include <ATen/CPUGeneratorImpl.h>

using namespace qalpha;

namespace {

/// Networks with all that goes in, random.
struct sample {
  sample(int64_t rows, int64_t variables, int64_t width, double dropout)
    : networks{variables,
               width,
               {1e-3, std::make_shared<dropout_source>(
                        dropout, at::make_generator<at::CPUGeneratorImpl>(3))}},
      values(torch::randn({rows, variables})),
      vectors(torch::randn({variables, width}).requires_grad_()),
      offsets(torch::randn({variables, width}).requires_grad_()),
      score(torch::randn({rows, variables}).requires_grad_()),
      wanted(torch::randn({rows, width})) {
    torch::NoGradGuard no_gradients;
    for (auto& x : networks.parameters())
      x.add_(torch::randn_like(x), 0.3);
  }

  variable_runs runs() const {
    return {{.values = values, .vectors = vectors, .offsets = offsets}};
  }

  /// @returns the result, then the gradients of everything.
  std::vector<torch::Tensor> run(bool composed) {
    auto shares = torch::softmax(score, -1);
    auto result = composed ? networks.compose(runs(), shares)
                           : networks.forward(runs(), shares);
    std::vector<torch::Tensor> inputs{vectors, offsets, score};
    for (const auto& x : networks.parameters())
      inputs.push_back(x);
    auto gradients = torch::autograd::grad({(result * wanted).sum()}, inputs);
    gradients.insert(gradients.begin(), result.detach());
    return gradients;
  }

  variable_networks networks;
  torch::Tensor values;
  torch::Tensor vectors;
  torch::Tensor offsets;
  torch::Tensor score;
  torch::Tensor wanted;
};

double relative_difference(const torch::Tensor& x, const torch::Tensor& y) {
  return largest_difference(x, y) / std::max(1.0, y.abs().max().item<double>());
}

} // namespace

CAF_TEST(results_and_gradients_are_those_of_the_composition) {
  test::dice roll;
  for (auto level : supported_vector_levels()) {
    scoped_vector_level use{level};
    for (int round = 0; round < 8; ++round) {
      torch::manual_seed(static_cast<uint64_t>(roll(0, 1 << 30)));
      sample x{roll(1, 500), roll(1, 5), roll(2, 40), 0};
      auto ours = x.run(false);
      auto theirs = x.run(true);
      for (size_t i = 0; i < ours.size(); ++i)
        CAF_CHECK(relative_difference(ours[i], theirs[i]) <= 1e-4);
    }
  }
}

CAF_TEST(what_is_left_out_is_left_out_of_the_gradient_too) {
  // A step along the gradient changes the result as much as it says, for the
  // same seed.
  torch::manual_seed(5);
  sample x{64, 3, 16, 0.4};
  auto weight = x.networks.named_parameters()["output_weight"];
  auto run = [&] {
    network_tensors all{x.vectors,
                        x.offsets,
                        x.vectors,
                        x.offsets,
                        weight,
                        x.networks.named_parameters()["output_bias"],
                        x.networks.named_parameters()["gate_weight"],
                        x.networks.named_parameters()["gate_bias"],
                        x.networks.named_parameters()["norm_weight"],
                        x.networks.named_parameters()["norm_bias"]};
    auto result = sum_of_networks(x.values, torch::softmax(x.score, -1), all,
                                  1e-3, {77, 1'717'986'918u, 1 / 0.6f});
    return (result * x.wanted).to(torch::kFloat64).sum();
  };
  auto gradient = torch::autograd::grad({run()}, {weight})[0];
  auto step = gradient * (0.02 / gradient.norm());
  torch::NoGradGuard no_gradients;
  weight.add_(step);
  auto above = run().item<double>();
  weight.sub_(step * 2);
  auto below = run().item<double>();
  auto expected = 2 * (gradient * step).sum().item<double>();
  CAF_MESSAGE("expected " << expected << ", found " << above - below);
  CAF_CHECK(std::abs(above - below - expected) <= 0.02 * expected);
}

CAF_TEST(the_wanted_share_is_left_out) {
  for (auto level : supported_vector_levels()) {
    const auto& kernels = training_kernels_of(level);
    std::vector<float> x(160'000, 1);
    kernels.leave_out(x.data(), x.size(), 32, {9, 858'993'459u, 1.25f});
    auto zeros = std::count(x.begin(), x.end(), 0.0f);
    CAF_CHECK(std::abs(static_cast<double>(zeros) - 32'000) < 800);
    CAF_CHECK_EQUAL(std::count(x.begin(), x.end(), 1.25f), 160'000 - zeros);
    auto once = x;
    kernels.leave_out(x.data(), x.size(), 32, {9, 858'993'459u, 1});
    CAF_CHECK(x == once);
    kernels.leave_out(x.data(), x.size(), 32, {10, 858'993'459u, 1});
    CAF_CHECK(x != once);
  }
}
