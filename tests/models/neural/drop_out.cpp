#define CAF_SUITE neural.drop_out

#include "models/neural/torch.hpp"

#include "models/neural/drop_out.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>

using namespace qalpha;

CAF_TEST(a_share_of_the_values_is_dropped_and_the_rest_scaled_up) {
  torch::manual_seed(3);
  for (auto probability : {0.1, 0.5, 0.9}) {
    auto x = torch::ones({257, 1'001});
    auto y = drop_out(x, probability, true);
    auto dropped = (y == 0).to(torch::kFloat64).mean().item<double>();
    CAF_CHECK_LESS(std::abs(dropped - probability), 0.01);
    CAF_CHECK_LESS(std::abs(y.mean().item<double>() - 1), 0.03);
    CAF_CHECK_LESS(std::abs(y.max().item<double>() * (1 - probability) - 1),
                   1e-3);
  }
}

CAF_TEST(neighbours_are_dropped_independently) {
  torch::manual_seed(4);
  auto y = drop_out(torch::ones({400'000}), 0.5, true) > 0;
  auto kept = y.to(torch::kFloat64) - 0.5;
  for (int64_t apart = 1; apart <= 5; ++apart) {
    auto product = kept.slice(0, apart) * kept.slice(0, 0, -apart);
    CAF_CHECK_LESS(std::abs(product.mean().item<double>()) * 4, 0.01);
  }
}

CAF_TEST(nothing_is_dropped_outside_of_training) {
  auto x = torch::rand({5, 7});
  CAF_CHECK(torch::equal(drop_out(x, 0.5, false), x));
  CAF_CHECK(torch::equal(drop_out(x, 0, true), x));
}

CAF_TEST(gradients_pass_where_values_were_kept) {
  torch::manual_seed(5);
  auto x = torch::ones({64}).requires_grad_();
  auto y = drop_out(x, 0.25, true);
  y.sum().backward();
  CAF_CHECK(torch::equal(x.grad(), y.detach()));
}

CAF_TEST(equal_seeds_drop_the_same) {
  auto x = torch::ones({1'000});
  torch::manual_seed(6);
  auto first = drop_out(x, 0.3, true);
  torch::manual_seed(6);
  CAF_CHECK(torch::equal(first, drop_out(x, 0.3, true)));
}
