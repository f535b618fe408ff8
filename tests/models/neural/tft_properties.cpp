#define CAF_SUITE neural.tft_properties

#include "models/neural/torch.hpp"

#include "models/neural/tft/quantile_loss.hpp"
#include "tests/models/neural/golden_tensors.hpp"
#include "tests/models/neural/tft_samples.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

namespace {

tft_settings few_settings() {
  return {.static_categories = {3},
          .known_values = 2,
          .observed_categories = {4},
          .observed_values = 2,
          .targets = 1,
          .hidden = 8,
          .heads = 2,
          .lookback = 6,
          .horizon = 5,
          .levels = {0.1, 0.5, 0.9},
          .dropout = 0.3};
}

} // namespace

CAF_TEST(a_step_sees_nothing_that_becomes_known_after_it) {
  auto settings = few_settings();
  temporal_fusion model{settings, 5};
  model.eval();
  torch::NoGradGuard no_gradients;
  auto batch = random_batch(settings, 2, 3);
  auto before = model.forward(batch).quantiles;
  for (int64_t step = 0; step < settings.horizon; ++step) {
    auto changed = batch;
    changed.known_values = batch.known_values.clone();
    changed.known_values.select(1, settings.lookback + step) += 3;
    auto after = model.forward(changed).quantiles;
    CAF_CHECK(
      torch::equal(after.narrow(1, 0, step), before.narrow(1, 0, step)));
    CAF_CHECK(!torch::equal(after.select(1, step), before.select(1, step)));
  }
}

CAF_TEST(a_single_variable_has_all_the_weight) {
  auto settings = few_settings();
  settings.known_values = 1;
  temporal_fusion model{settings, 5};
  auto result = model.forward(random_batch(settings, 2, 3));
  CAF_CHECK(
    torch::equal(result.known_weights, torch::ones({2, settings.horizon, 1})));
  CAF_CHECK(torch::equal(result.static_weights, torch::ones({2, 1})));
}

CAF_TEST(shares_add_up_to_one) {
  auto settings = few_settings();
  temporal_fusion model{settings, 5};
  model.eval();
  auto result = model.forward(random_batch(settings, 3, 3));
  for (const auto& shares : {result.static_weights, result.past_weights,
                             result.known_weights, result.attention}) {
    auto sums = shares.sum(-1);
    CAF_CHECK(largest_difference(sums, torch::ones_like(sums)) < 1e-6);
  }
}

CAF_TEST(dropout_is_for_training_only) {
  auto settings = few_settings();
  temporal_fusion model{settings, 5};
  auto batch = random_batch(settings, 2, 3);
  CAF_CHECK(!torch::equal(model.forward(batch).quantiles,
                          model.forward(batch).quantiles));
  model.eval();
  CAF_CHECK(torch::equal(model.forward(batch).quantiles,
                         model.forward(batch).quantiles));
}

CAF_TEST(a_seed_repeats_weights_and_training) {
  auto settings = few_settings();
  auto batch = random_batch(settings, 4, 3);
  auto targets = torch::ones({4, settings.horizon});
  auto train = [&](uint64_t seed) {
    temporal_fusion model{settings, seed};
    torch::optim::SGD optimiser{model.parameters(), 0.1};
    for (int step = 0; step < 3; ++step) {
      optimiser.zero_grad();
      quantile_loss(model.forward(batch).quantiles, targets, settings.levels)
        .backward();
      optimiser.step();
    }
    model.eval();
    return model.forward(batch).quantiles.detach();
  };
  CAF_CHECK(torch::equal(train(7), train(7)));
  CAF_CHECK(!torch::equal(train(7), train(8)));
}

CAF_TEST(training_learns) {
  auto settings = few_settings();
  settings.dropout = 0;
  temporal_fusion model{settings, 5};
  auto batch = random_batch(settings, 16, 3);
  auto targets = batch.known_values
                   .narrow(1, settings.lookback, settings.horizon)
                   .select(2, 0);
  torch::optim::Adam optimiser{model.parameters(), 0.01};
  auto first = 0.0;
  auto last = 0.0;
  for (int step = 0; step < 60; ++step) {
    optimiser.zero_grad();
    auto loss = quantile_loss(model.forward(batch).quantiles, targets,
                              settings.levels);
    loss.backward();
    optimiser.step();
    last = loss.item<double>();
    if (step == 0)
      first = last;
  }
  CAF_MESSAGE("loss " << first << " -> " << last);
  CAF_CHECK(last < 0.4 * first);
}
