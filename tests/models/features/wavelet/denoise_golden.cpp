#define CAF_SUITE wavelet_denoise_golden

#include "tests/models/golden_table.hpp"

#include "models/features/feature.hpp"
#include "models/features/wavelet/denoise.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

std::vector<std::string> parts_of(const std::string& text, char between) {
  std::istringstream in{text};
  std::vector<std::string> result;
  std::string part;
  while (std::getline(in, part, between))
    result.push_back(part);
  return result;
}

shrink_function function_of(const std::string& name) {
  auto at = std::find(shrink_function_names.begin(),
                      shrink_function_names.end(), name);
  CAF_REQUIRE(at != shrink_function_names.end());
  return static_cast<shrink_function>(at - shrink_function_names.begin());
}

/// @returns the levels in "L4" or "J4"; those of scikit-image for "LNone".
size_t levels_of(const std::string& text, size_t size, const wavelet& of) {
  if (text == "LNone")
    return std::max<size_t>(highest_wavelet_level(size, of), 4) - 3;
  return std::stoul(text.substr(1));
}

/// @returns what a column such as "bumps.sk_BayesShrink_soft_db4_L4" is made
///          by, so far as it is by our options.
denoise_options options_of(const std::vector<std::string>& words, size_t size) {
  denoise_options result;
  auto count = words.size();
  result.of = *find_wavelet(words[count - 2]);
  result.levels = levels_of(words[count - 1], size, result.of);
  result.function = function_of(words[2]);
  if (words[0] == "sk") {
    result.rule = words[1] == "BayesShrink" ? threshold_rule::bayes
                                            : threshold_rule::universal;
    result.estimate = noise_estimate::exact;
  } else if (words[1] == "universal" || words[1] == "visushrink") {
    result.rule = threshold_rule::universal;
  }
  result = with_usual_noise(result);
  if (words[0] == "wavelib")
    result.noise_of_each_level = words[3] == "all";
  return result;
}

/// The threshold of wavelib is that of as many values as there are
/// coefficients.
std::vector<double> visu_of_wavelib(const std::vector<double>& x,
                                    const denoise_options& options) {
  auto parts = *wavelet_decompose(x, options.of, options.boundary,
                                  options.levels);
  size_t all = 0;
  for (const auto& band : parts.bands)
    all += band.size();
  magnitude_order order;
  order.look_at(parts.bands.back());
  auto finest = noise_of(order, options.estimate);
  for (size_t i = 1; i < parts.bands.size(); ++i) {
    order.look_at(parts.bands[i]);
    auto noise = options.noise_of_each_level ? noise_of(order, options.estimate)
                                             : finest;
    shrink(parts.bands[i], options.function, universal_threshold(noise, all));
  }
  return *wavelet_reconstruct(parts, options.of, options.boundary);
}

std::vector<double> denoised(const std::vector<double>& x,
                             const std::string& how) {
  auto words = parts_of(how, '_');
  auto options = options_of(words, x.size());
  if (words[1] == "visushrink")
    return visu_of_wavelib(x, options);
  auto denoiser = wavelet_denoiser::make(options, x.size());
  CAF_REQUIRE(denoiser);
  return denoiser->denoise(x)->with_look_ahead();
}

} // namespace

CAF_TEST(functions_are_those_of_pywavelets) {
  for (const auto& set : golden_sets()) {
    golden_count count{1e-12};
    auto table = golden_table(set + "wavelet/threshold_functions.csv");
    for (auto name : {"soft", "hard", "garrote"}) {
      auto details = table["x"];
      shrink(details, function_of(name), 1);
      CAF_CHECK(count.add_all(details, table[name]));
    }
    std::vector<double> firm;
    for (auto x : table["x"])
      firm.push_back(firm_shrink(x, 1, 2));
    CAF_CHECK(count.add_all(firm, table["firm_1_2"]));
    CAF_MESSAGE("functions: " << count.text());
  }
}

CAF_TEST(thresholds_are_those_of_the_libraries) {
  for (const auto& set : golden_sets()) {
    golden_count count{1e-9};
    auto table = golden_table(set + "wavelet/series.csv");
    auto golden = golden_json(set + "wavelet/thresholds.json");
    for (const auto& x : golden["cases"].GetArray()) {
      auto series = table[x["series"].GetString()];
      series.resize(x["n"].GetUint());
      auto parts
        = wavelet_decompose(series, *find_wavelet(x["wavelet"].GetString()),
                            wavelet_boundary::symmetric, x["level"].GetUint());
      CAF_REQUIRE(parts);
      magnitude_order order;
      auto check = [&](double is, const rapidjson::Value& value) {
        auto expected = value.GetDouble();
        CAF_CHECK(
          count.add(std::abs(is - expected) / (1 + std::abs(expected))));
      };
      order.look_at(parts->bands.back());
      auto exact = noise_of(order, noise_estimate::exact);
      auto rounded = noise_of(order, noise_estimate::rounded);
      check(exact, x["sigma_skimage"]);
      check(rounded, x["sigma_mad_0p6745"]);
      check(universal_threshold(exact, series.size()), x["universal"]);
      for (const auto& level : x["levels"].GetArray()) {
        const auto& details
          = parts->bands[parts->bands.size() - level["level"].GetUint()];
        CAF_CHECK_EQUAL(details.size(), level["n"].GetUint());
        order.look_at(details);
        auto noise = noise_of(order, noise_estimate::rounded);
        check(noise, level["sigma_level_mad"]);
        check(bayes_threshold(details, exact), level["bayes_thresh"]);
        check(sure_threshold(order.sorted(), noise) / noise,
              level["sure_rigrsure_unit_sigma"]);
        check(sure_shrink_threshold(details, order, noise),
              level["hybrid_thresh"]);
      }
    }
    CAF_CHECK(!count.nothing());
    CAF_MESSAGE("thresholds: " << count.text());
  }
}

CAF_TEST(series_are_denoised_as_the_libraries_do) {
  for (const auto& set : golden_sets()) {
    golden_count count{1e-10};
    auto table = golden_table(set + "wavelet/denoised.csv");
    auto series = golden_table(set + "wavelet/series.csv");
    for (const auto& [name, column] : table) {
      auto dot = name.find('.');
      if (dot == name.npos)
        continue;
      auto expected = without_empty_end(column);
      auto x = series[name.substr(0, dot)];
      x.resize(expected.size());
      if (!count.add_all(denoised(x, name.substr(dot + 1)), expected))
        CAF_ERROR(name);
    }
    CAF_CHECK(!count.nothing());
    CAF_MESSAGE("denoised: " << count.text());
  }
}

CAF_TEST(the_last_of_a_window_is_that_of_scikit_image) {
  for (const auto& set : golden_sets()) {
    golden_count count{1e-10};
    auto table = golden_table(set + "wavelet/causal.csv");
    auto series = golden_table(set + "wavelet/series.csv");
    for (const auto& [name, column] : table) {
      auto dot = name.find('.');
      if (dot == name.npos)
        continue;
      // causal_BayesShrink_db4_W64_L3
      auto words = parts_of(name.substr(dot + 1), '_');
      auto options = options_of({"sk", words[1], "soft", words[2], words[4]},
                                0);
      auto window = std::stoul(words[3].substr(1));
      auto denoiser = wavelet_denoiser::make(options, window);
      CAF_REQUIRE(denoiser);
      const auto& x = series[name.substr(0, dot)];
      auto expected = without_empty_end(column);
      std::vector ours(window - 1, undefined);
      for (auto i = window; i <= expected.size(); ++i)
        ours.push_back(
          denoiser->denoise_last(std::span{x}.subspan(i - window, window)));
      if (!count.add_all(ours, expected))
        CAF_ERROR(name);
    }
    CAF_CHECK(!count.nothing());
    CAF_MESSAGE("last of a window: " << count.text());
  }
}
