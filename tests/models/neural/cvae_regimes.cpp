#define CAF_SUITE neural.cvae_regimes

#include "models/neural/torch.hpp"

#include "models/neural/cvae/contrastive_vae.hpp"
#include "models/neural/cvae/load_regimes.hpp"
#include "models/neural/cvae/to_checkpoint.hpp"
#include "models/neural/weights.hpp"
#include "models/outlook/regimes/regime_map.hpp"

#include "tests/models/neural/golden_tensors.hpp"
#include "tests/models/neural/sample_features.hpp"
#include "tests/models/random.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <limits>

using namespace qalpha;
using namespace std::string_literals;

namespace {

constexpr int64_t columns = 10;

contrastive_vae_settings golden_settings() {
  contrastive_vae_settings result;
  result.columns = columns;
  result.hidden = {16, 8};
  result.latent = 4;
  result.projection = 6;
  return result;
}

regime_map sample_map() {
  regime_map result;
  result.centres = {4, {1, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0}};
  result.spread = 0.5;
  result.reach = 2;
  result.axes.origin = {0.1, 0.2, 0.3, 0.4};
  result.axes.axes = {4, {1, 0, 0, 0, 0, 1, 0, 0}};
  return result;
}

const std::map<std::string, torch::Tensor>& golden() {
  static auto result = golden_tensors("cvae");
  return result;
}

std::shared_ptr<contrastive_vae> golden_model() {
  auto result = std::make_shared<contrastive_vae>(golden_settings());
  CAF_REQUIRE(!load_weights(*result, golden_values(golden(), "w.")));
  return result;
}

checkpoint sample_checkpoint() {
  return to_checkpoint(*golden_model(), sample_map(),
                       sample_manifest("", columns));
}

std::string reason(const checkpoint& x) {
  auto result = load_regimes(x);
  return result ? "none"s : result.error().text;
}

// A row of the golden inputs as the pipeline would have given it.
std::vector<double> golden_input(const checkpoint& of, int64_t row) {
  std::vector<double> result;
  for (int64_t i = 0; i < columns; ++i) {
    const auto& scale = of.about.scales[static_cast<size_t>(i)];
    result.push_back(golden().at("in.x1")[row][i].item<double>()
                       * scale.deviation
                     + scale.mean);
  }
  return result;
}

} // namespace

CAF_TEST(a_row_is_scaled_encoded_and_read_off_the_map) {
  auto from = sample_checkpoint();
  auto model = load_regimes(from);
  CAF_REQUIRE(model);
  CAF_CHECK((*model)->features() == from.about.features);
  for (int64_t row = 0; row < 7; ++row) {
    auto mean = golden().at("eval.mu1")[row].to(torch::kFloat64).contiguous();
    auto wanted = sample_map().read({mean.data_ptr<double>(), 4});
    auto reading = (*model)->read(golden_input(from, row));
    CAF_REQUIRE(reading);
    for (size_t i = 0; i < regime_count; ++i)
      CAF_CHECK_LESS(
        std::abs(reading->probabilities[i] - wanted.probabilities[i]), 1e-4);
    CAF_CHECK_LESS(std::abs(reading->novelty - wanted.novelty), 1e-5);
    CAF_CHECK_LESS(std::abs(reading->position[0] - wanted.position[0]), 1e-5);
    CAF_CHECK_LESS(std::abs(reading->position[1] - wanted.position[1]), 1e-5);
  }
}

CAF_TEST(latents_are_those_of_inference_and_leave_the_mode_as_it_was) {
  auto model = golden_model();
  model->train();
  auto rows = golden().at("in.x1").repeat({700, 1});
  auto latents = latents_of(*model, rows);
  CAF_CHECK(model->is_training());
  CAF_REQUIRE_EQUAL(latents.size(), 4'900u);
  auto wanted = golden().at("eval.mu1");
  double apart = 0;
  for (size_t i = 0; i < latents.size(); ++i)
    for (size_t j = 0; j < 4; ++j)
      apart = std::max(
        apart,
        std::abs(latents[i][j]
                 - wanted[static_cast<int64_t>(i % 7)][static_cast<int64_t>(j)]
                     .item<double>()));
  CAF_CHECK_LESS(apart, 1e-5);
}

CAF_TEST(a_row_that_does_not_fit_is_refused) {
  auto from = sample_checkpoint();
  auto model = load_regimes(from);
  CAF_REQUIRE(model);
  auto reason = [&](const std::vector<double>& row) {
    auto result = (*model)->read(row);
    return result ? "none"s : result.error().text;
  };
  auto row = golden_input(from, 0);
  CAF_CHECK_EQUAL(reason(row), "none"s);
  row[3] = std::numeric_limits<double>::quiet_NaN();
  CAF_CHECK_EQUAL(reason(row), "row: value 3 is not finite"s);
  row[3] = 1e300;
  CAF_CHECK_EQUAL(reason(row), "row: value 3 is not finite"s);
  row.pop_back();
  CAF_CHECK_EQUAL(reason(row), "row: expected 10 values, found 9"s);
  CAF_CHECK_EQUAL(reason({}), "row: expected 10 values, found 0"s);
}

CAF_TEST(checkpoints_of_regimes_that_do_not_fit_are_refused) {
  CAF_CHECK_EQUAL(reason(sample_checkpoint()), "none"s);
  auto bad = sample_checkpoint();
  bad.about.architecture = "decision-transformer";
  CAF_CHECK(reason(bad).starts_with("architecture: expected "));
  bad = sample_checkpoint();
  bad.about.schema_hash.clear();
  CAF_CHECK(reason(bad).starts_with("schema_hash: "));
  bad = sample_checkpoint();
  bad.about.lists["hidden"] = {4'096, 4'096, 4'096};
  CAF_CHECK(reason(bad).starts_with("tensors: expected "));
  bad = sample_checkpoint();
  bad.tensors.erase(bad.tensors.begin());
  CAF_CHECK(reason(bad).starts_with("tensors: expected "));
  bad = sample_checkpoint();
  bad.tensors.front().name = "else";
  CAF_CHECK(reason(bad).ends_with("is missing"));
  bad = sample_checkpoint();
  bad.about.names.clear();
  CAF_CHECK_EQUAL(reason(bad), "names.regimes: missing"s);
}

CAF_TEST(no_damage_to_regimes_is_worse_than_a_refusal) {
  test::dice dice;
  for (int i = 0; i < 60; ++i) {
    auto bad = sample_checkpoint();
    auto setting = bad.about.settings.begin();
    std::advance(setting,
                 dice(0, static_cast<int64_t>(bad.about.settings.size()) - 1));
    constexpr std::array<double, 7> values{-1, 0, 0.5, 1e18, NAN, INFINITY, 3};
    if (dice.chance(70))
      setting->second = values[static_cast<size_t>(dice(0, 6))];
    auto& tensor = bad.tensors[static_cast<size_t>(
      dice(0, static_cast<int64_t>(bad.tensors.size()) - 1))];
    if (dice.chance(30))
      tensor.shape = {-1, dice(0, 1) == 0 ? int64_t{1} << 62 : 0};
    if (dice.chance(30))
      tensor.values.resize(static_cast<size_t>(dice(0, 3)));
    // A variance below zero makes the batch norm answer with no number.
    for (auto& x : bad.tensors)
      if (dice.chance(20) && x.name.ends_with("running_var"))
        for (auto& value : x.values)
          value = -value;
    auto model = load_regimes(bad);
    if (!model)
      continue;
    auto reading = (*model)->read(golden_input(bad, 0));
    if (reading)
      for (auto p : reading->probabilities)
        CAF_CHECK(std::isfinite(p));
  }
}
