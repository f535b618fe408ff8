#define CAF_SUITE neural.tft_forecaster

#include "models/neural/torch.hpp"

#include "models/neural/tft/tft_forecaster.hpp"
#include "models/neural/tft/tft_weights.hpp"
#include "models/neural/weights.hpp"
#include "tests/models/neural/golden_tensors.hpp"
#include "tests/models/neural/tft_samples.hpp"
#include "tests/models/random.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <functional>
#include <limits>

using namespace qalpha;

namespace {

// Columns: log_return, rsi, calendar.{day_sin, day_cos, week_sin, week_cos},
// atr. Known: week_cos, day_sin.
constexpr size_t columns = 7;

manifest sample_manifest() {
  manifest about;
  about.id = "sample";
  about.features.features = {{.feature = "log_return", .name = "return"},
                             {.feature = "rsi", .name = "rsi"},
                             {.feature = "calendar", .name = "calendar"},
                             {.feature = "atr", .name = "atr"}};
  for (size_t i = 0; i < columns; ++i)
    about.scales.push_back(
      {0.1 * static_cast<double>(i), 1.0 + 0.2 * static_cast<double>(i)});
  about.names["series"] = {"BTCUSDT", "ETHUSDT", "SOLUSDT"};
  about.names["known"] = {"calendar.week_cos", "calendar.day_sin"};
  about.lists["target_means"] = {0.001, 0.002, 0.003};
  about.lists["target_deviations"] = {0.01, 0.02, 0.03};
  return about;
}

tft_settings sample_settings() {
  return {.static_categories = {3},
          .known_values = 2,
          .observed_values = 5,
          .hidden = 12,
          .heads = 3,
          .lookback = 9,
          .horizon = 4,
          .levels = {0.1, 0.5, 0.9}};
}

checkpoint sample_checkpoint() {
  temporal_fusion model{sample_settings(), 11};
  auto result = to_checkpoint(model, sample_manifest());
  if (!result)
    CAF_FAIL(result.error().text);
  return *result;
}

struct sample_window {
  std::vector<double> past;
  std::vector<double> known;
};

sample_window random_window(test::dice& roll) {
  auto numbers = [&](size_t size) {
    std::vector<double> result(size);
    for (auto& x : result)
      x = static_cast<double>(roll(-2'000, 2'000)) / 1'000;
    return result;
  };
  return {numbers(9 * columns), numbers(4 * 2)};
}

forecast_window window_of(const sample_window& x, size_t series) {
  return {x.past, x.known, series};
}

/// What the module makes of the window, scaled here once more.
tft_batch batch_of(const sample_window& x, int64_t series) {
  const std::vector<int64_t> past_columns{0, 1, 3, 4, 6, 5, 2};
  auto about = sample_manifest();
  auto scaled = [&](const std::vector<double>& values, int64_t rows,
                    const std::vector<int64_t>& of) {
    auto width = static_cast<int64_t>(of.size());
    auto result = torch::tensor(values, torch::kFloat64).view({rows, width});
    for (int64_t i = 0; i < width; ++i) {
      auto scale
        = about.scales[static_cast<size_t>(of[static_cast<size_t>(i)])];
      result.select(1, i).sub_(scale.mean).div_(scale.deviation);
    }
    return result.to(torch::kFloat32);
  };
  auto past = scaled(x.past, 9, {0, 1, 2, 3, 4, 5, 6})
                .index_select(1, torch::tensor(past_columns));
  auto known = scaled(x.known, 4, {5, 2});
  return {
    .static_codes = torch::tensor({{series}}),
    .known_values = torch::cat({past.narrow(1, 5, 2), known}, 0).unsqueeze(0),
    .observed_values = past.narrow(1, 0, 5).unsqueeze(0)};
}

} // namespace

CAF_TEST(a_forecast_is_scaled_sorted_and_explained) {
  test::dice roll;
  auto saved = sample_checkpoint();
  auto model = load_tft(saved);
  CAF_REQUIRE(model);
  temporal_fusion module{sample_settings(), 1};
  CAF_REQUIRE(!load_weights(module, saved.tensors));
  module.eval();
  torch::NoGradGuard no_gradients;
  for (int64_t series = 0; series < 3; ++series) {
    auto window = random_window(roll);
    auto forecast
      = (*model)->predict(window_of(window, static_cast<size_t>(series)));
    CAF_REQUIRE(forecast);
    auto expected = module.forward(batch_of(window, series));
    auto index = static_cast<size_t>(series);
    auto quantiles
      = std::get<0>(expected.quantiles[0].to(torch::kFloat64).sort(-1))
          * saved.about.lists.at("target_deviations")[index]
        + saved.about.lists.at("target_means")[index];
    CAF_CHECK(
      largest_difference(
        torch::tensor(forecast->quantiles, torch::kFloat64).view({4, 3}),
        quantiles)
      <= 1e-6);
    auto sums = expected.past_weights[0].sum(0);
    sums.narrow(0, 5, 2) += expected.known_weights[0].sum(0);
    auto by_column = torch::empty({static_cast<int64_t>(columns)});
    by_column.index_copy_(0, torch::tensor({0, 1, 3, 4, 6, 5, 2}), sums / 13);
    CAF_CHECK(largest_difference(
                torch::tensor(forecast->importance, torch::kFloat32), by_column)
              <= 1e-5);
  }
}

CAF_TEST(the_shape_is_that_of_the_manifest) {
  auto saved = sample_checkpoint();
  auto model = load_tft(saved);
  CAF_REQUIRE(model);
  const auto& shape = (*model)->shape();
  CAF_CHECK_EQUAL(shape.lookback, 9u);
  CAF_CHECK_EQUAL(shape.horizon, 4u);
  CAF_CHECK(shape.features == saved.about.features);
  CAF_CHECK(shape.known == saved.about.names.at("known"));
  CAF_CHECK(shape.series == saved.about.names.at("series"));
  CAF_CHECK(shape.levels == sample_settings().levels);
}

CAF_TEST(a_window_that_goes_on_gives_the_same_bits_as_one_alone) {
  test::dice roll;
  auto saved = sample_checkpoint();
  auto going_on = load_tft(saved);
  CAF_REQUIRE(going_on);
  auto window = random_window(roll);
  for (int step = 0; step < 30; ++step) {
    auto fresh = static_cast<size_t>(roll(0, 3));
    auto next = random_window(roll);
    std::copy(window.past.begin()
                + static_cast<std::ptrdiff_t>(fresh * columns),
              window.past.end(), window.past.begin());
    std::copy(next.past.end() - static_cast<std::ptrdiff_t>(fresh * columns),
              next.past.end(),
              window.past.end() - static_cast<std::ptrdiff_t>(fresh * columns));
    window.known = next.known;
    auto series = static_cast<size_t>(roll(0, 2));
    auto alone = load_tft(saved);
    auto one = (*going_on)->predict(window_of(window, series));
    auto other = (*alone)->predict(window_of(window, series));
    CAF_REQUIRE(one && other);
    CAF_CHECK(one->quantiles == other->quantiles);
    CAF_CHECK(one->importance == other->importance);
  }
}

CAF_TEST(a_window_that_does_not_fit_gives_no_forecast) {
  test::dice roll;
  auto model = load_tft(sample_checkpoint());
  CAF_REQUIRE(model);
  auto good = random_window(roll);
  auto nan = std::numeric_limits<double>::quiet_NaN();
  auto refuse = [&](const sample_window& x, size_t series,
                    const std::string& begin) {
    auto forecast = (*model)->predict(window_of(x, series));
    CAF_REQUIRE(!forecast);
    CAF_CHECK_EQUAL(forecast.error().text.substr(0, begin.size()), begin);
  };
  refuse(good, 3, "series:");
  auto spoilt = good;
  spoilt.past.pop_back();
  refuse(spoilt, 0, "past:");
  spoilt = good;
  spoilt.past[5] = nan;
  refuse(spoilt, 0, "past:");
  spoilt = good;
  spoilt.known.push_back(0);
  refuse(spoilt, 0, "known:");
  spoilt = good;
  spoilt.known[1] = std::numeric_limits<double>::infinity();
  refuse(spoilt, 0, "known:");
  spoilt = good;
  spoilt.past[5] = 1e300;
  refuse(spoilt, 0, "forecast:");
  CAF_CHECK((*model)->predict(window_of(good, 0)));
}

CAF_TEST(what_does_not_fit_is_named) {
  struct row {
    std::string begin;
    std::function<void(checkpoint&)> spoil;
  };
  auto nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<row> rows{
    {"architecture:", [](auto& x) { x.about.architecture = "other"; }},
    {"schema_hash:", [](auto& x) { x.about.schema_hash = "0"; }},
    {"features[1]",
     [](auto& x) { x.about.features.features[1].feature = "?"; }},
    {"scales:", [](auto& x) { x.about.scales.pop_back(); }},
    {"scales[2]", [](auto& x) { x.about.scales[2].deviation = 0; }},
    {"scales[2]", [=](auto& x) { x.about.scales[2].mean = nan; }},
    {"settings.hidden:", [](auto& x) { x.about.settings.erase("hidden"); }},
    {"settings.hidden:", [](auto& x) { x.about.settings["hidden"] = 12.5; }},
    {"settings.hidden:", [](auto& x) { x.about.settings["hidden"] = 1e9; }},
    {"heads:", [](auto& x) { x.about.settings["heads"] = 5; }},
    {"settings.lookback:",
     [=](auto& x) { x.about.settings["lookback"] = nan; }},
    {"settings.horizon:", [](auto& x) { x.about.settings["horizon"] = 0; }},
    {"dropout:", [](auto& x) { x.about.settings["dropout"] = 1; }},
    {"norm_epsilon:", [](auto& x) { x.about.settings["norm_epsilon"] = 0; }},
    {"lists.levels:", [](auto& x) { x.about.lists.erase("levels"); }},
    {"levels:",
     [](auto& x) {
       x.about.lists["levels"] = {0.9, 0.1, 0.5};
     }},
    {"lists.target_means:",
     [](auto& x) { x.about.lists["target_means"].pop_back(); }},
    {"lists.target_deviations:",
     [](auto& x) { x.about.lists.erase("target_deviations"); }},
    {"lists.target_deviations[1]",
     [](auto& x) { x.about.lists["target_deviations"][1] = -1; }},
    {"names.series:", [](auto& x) { x.about.names.erase("series"); }},
    {"names.series:",
     [](auto& x) {
       x.about.names["series"] = {"A", "B", "A"};
     }},
    {"names.series:", [](auto& x) { x.about.names["series"][0] = ""; }},
    {"names.known:", [](auto& x) { x.about.names["known"].clear(); }},
    {"names.known:", [](auto& x) { x.about.names["known"][0] = "close"; }},
    {"names.known: \"rsi\" needs more",
     [](auto& x) { x.about.names["known"][0] = "rsi"; }},
    {"tensors:", [](auto& x) { x.about.settings["hidden"] = 1'023; }},
    {"tensor \"static_inputs.category_0\"",
     [](auto& x) {
       x.about.names["series"].push_back("XRPUSDT");
       x.about.lists["target_means"].push_back(0);
       x.about.lists["target_deviations"].push_back(1);
     }},
    {"tensor \"quantiles.bias\"",
     [](auto& x) { x.about.lists["levels"] = {0.5}; }},
    {"tensor", [](auto& x) { x.tensors.pop_back(); }},
    {"tensor", [](auto& x) { x.tensors.front().name = "other"; }},
    {"tensor", [](auto& x) { x.tensors.push_back(x.tensors.front()); }},
    {"tensor",
     [](auto& x) {
       x.tensors.push_back({"other", {1}, {0}});
     }},
    {"tensor", [](auto& x) { x.tensors.front().shape.push_back(1); }},
    {"tensor", [](auto& x) { x.tensors.front().values.pop_back(); }},
    {"tensor",
     [=](auto& x) { x.tensors.back().values[0] = static_cast<float>(nan); }},
  };
  auto good = sample_checkpoint();
  for (const auto& [begin, spoil] : rows) {
    auto spoilt = good;
    spoil(spoilt);
    auto model = load_tft(spoilt);
    CAF_REQUIRE(!model);
    CAF_MESSAGE(model.error().text);
    // Whether a quantile layer's bias or weight is seen first is up to
    // LibTorch.
    auto text = model.error().text;
    if (begin.find("quantiles") != std::string::npos)
      CAF_CHECK(text.find("quantiles.") != std::string::npos);
    else
      CAF_CHECK_EQUAL(text.substr(0, begin.size()), begin);
  }
}

CAF_TEST(a_model_that_does_not_fit_its_manifest_is_not_saved) {
  auto settings = sample_settings();
  settings.observed_values = 6;
  temporal_fusion model{settings, 11};
  CAF_CHECK(!to_checkpoint(model, sample_manifest()));
}
