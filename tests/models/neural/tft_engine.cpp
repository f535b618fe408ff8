#define CAF_SUITE neural.tft_engine

#include "models/neural/torch.hpp"

#include "models/neural/tft/tft_engine.hpp"
#include "models/neural/weights.hpp"
#include "tests/models/neural/golden_tensors.hpp"
#include "tests/models/neural/tft_golden.hpp"
#include "tests/models/neural/tft_samples.hpp"
#include "tests/models/random.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

namespace {

constexpr double tolerance = 1e-5;

/// @returns the columns of all tensors beside each other; those that are not
///          defined have none.
torch::Tensor beside(const std::vector<torch::Tensor>& tensors) {
  std::vector<torch::Tensor> parts;
  for (const auto& x : tensors)
    if (x.defined())
      parts.push_back(x.to(torch::kFloat32));
  return torch::cat(parts, -1).contiguous();
}

std::span<const float> values_of(const torch::Tensor& x) {
  return {x.data_ptr<float>(), static_cast<size_t>(x.numel())};
}

torch::Tensor first_columns(matrix_view x, int64_t rows, int64_t columns) {
  auto stride = static_cast<int64_t>(x.stride);
  return torch::from_blob(x.values, {rows, stride}).narrow(1, 0, columns);
}

torch::Tensor widened(const torch::Tensor& x) {
  return x.defined() ? x.to(torch::kFloat64) : x;
}

/// What the model gives in double precision.
tft_result exact_result(const tft_settings& settings,
                        const std::vector<tensor_values>& tensors,
                        tft_batch batch) {
  temporal_fusion exact{settings, 0};
  CAF_REQUIRE(!load_weights(exact, tensors));
  exact.eval();
  exact.to(torch::kFloat64);
  for (auto* x : {&batch.static_values, &batch.known_values,
                  &batch.observed_values, &batch.targets})
    *x = widened(*x);
  return exact.forward(batch);
}

/// Compares all windows of a batch. Where weights are such that the module
/// itself is off by more than the tolerance, so may the engine be.
void check_same(temporal_fusion& model, const tft_batch& batch) {
  torch::NoGradGuard no_gradients;
  model.eval();
  const auto& settings = model.settings();
  auto tensors = to_tensors(model);
  auto exact = exact_result(settings, tensors, batch);
  tft_engine engine{settings, tensors};
  auto expected = model.forward(batch);
  auto limit = std::max(
    tolerance, 5 * largest_difference(expected.quantiles, exact.quantiles));
  auto statics = beside({batch.static_codes, batch.static_values});
  auto observed = beside({batch.observed_codes, batch.observed_values});
  auto known = beside({batch.known_codes, batch.known_values});
  auto past
    = beside({observed, known.narrow(1, 0, settings.lookback), batch.targets});
  auto future = known.narrow(1, settings.lookback, settings.horizon);
  for (int64_t row = 0; row < statics.size(0); ++row) {
    auto series = engine.read_series(values_of(statics[row]));
    auto answer = engine.forward(series, values_of(past[row].contiguous()),
                                 values_of(future[row].contiguous()));
    auto quantiles = torch::from_blob(
      const_cast<float*>(answer.quantiles.data()),
      {settings.horizon, static_cast<int64_t>(settings.levels.size())});
    auto off = largest_difference(quantiles, exact.quantiles[row]);
    auto past_off
      = largest_difference(first_columns(answer.past_shares, settings.lookback,
                                         settings.past_variables()),
                           expected.past_weights[row]);
    auto known_off
      = largest_difference(first_columns(answer.known_shares, settings.horizon,
                                         settings.known_variables()),
                           expected.known_weights[row]);
    CAF_MESSAGE("off by " << off * 1e6 << "e-6, " << past_off * 1e6 << "e-6, "
                          << known_off * 1e6 << "e-6");
    CAF_CHECK(off <= limit);
    CAF_CHECK(past_off <= tolerance);
    CAF_CHECK(known_off <= tolerance);
  }
}

/// Weights as training leaves them: no bias at zero, no scale at one.
void stir(temporal_fusion& model) {
  torch::NoGradGuard no_gradients;
  for (auto& x : model.parameters())
    x.add_(torch::randn_like(x), 0.1);
}

tft_settings random_settings(test::dice& roll) {
  tft_settings result;
  auto categories = [&](int64_t most) {
    std::vector<int64_t> classes(static_cast<size_t>(roll(0, most)));
    for (auto& count : classes)
      count = roll(1, 9);
    return classes;
  };
  result.static_categories = categories(2);
  result.static_categories.push_back(roll(1, 5));
  result.static_values = roll(0, 2);
  result.known_categories = categories(2);
  result.known_values = roll(1, 20);
  result.observed_categories = categories(2);
  result.observed_values = roll(0, 5);
  result.targets = roll(0, 2);
  result.heads = roll(1, 4);
  result.hidden = result.heads * roll(2, 12);
  result.lookback = roll(1, 70);
  result.horizon = roll(1, 20);
  return result;
}

} // namespace

CAF_TEST(forecasts_are_those_of_the_reference) {
  for (auto level : supported_vector_levels()) {
    scoped_vector_level use{level};
    for (const auto* name : {"small", "no_observed_cat"}) {
      auto golden = load_tft_golden(name);
      check_same(*golden.model, golden.batch);
    }
  }
}

CAF_TEST(forecasts_are_those_of_the_module_whatever_the_sizes) {
  test::dice roll;
  for (int round = 0; round < 12; ++round) {
    auto settings = random_settings(roll);
    temporal_fusion model{settings, static_cast<uint64_t>(roll(0, 1 << 30))};
    stir(model);
    for (auto level : supported_vector_levels()) {
      scoped_vector_level use{level};
      check_same(model, random_batch(settings, 2, 3));
    }
  }
}
