#define CAF_SUITE wavelet_denoise

#include "models/features/wavelet/denoise.hpp"

#include "tests/models/features/wavelet/series.hpp"
#include "tests/models/golden_table.hpp"

#include "models/features/catalogue.hpp"
#include "models/features/wavelet/rolling_median.hpp"
#include "models/features/wavelet/undecimated.hpp"

#include <caf/test/unit_test.hpp>

#include <type_traits>

using namespace qalpha;
using namespace qalpha::test;

namespace {

// A two-sided series is no list of numbers.
static_assert(
  !std::is_convertible_v<two_sided_series, std::span<const double>>);
static_assert(!std::is_convertible_v<two_sided_series, std::vector<double>>);
static_assert(!std::is_convertible_v<two_sided_series, const double*>);

constexpr threshold_rule rules[]
  = {threshold_rule::universal, threshold_rule::sure,
     threshold_rule::sure_shrink, threshold_rule::bayes};

constexpr shrink_function functions[]
  = {shrink_function::soft, shrink_function::hard, shrink_function::garrote,
     shrink_function::firm};

std::vector<double> denoised(const std::vector<double>& x,
                             const denoise_options& options) {
  auto denoiser = wavelet_denoiser::make(options, x.size());
  CAF_REQUIRE(denoiser);
  return denoiser->denoise(x)->with_look_ahead();
}

double mean_square_difference(const std::vector<double>& a,
                              const std::vector<double>& b) {
  double result = 0;
  for (size_t i = 0; i < a.size(); ++i)
    result += (a[i] - b[i]) * (a[i] - b[i]);
  return result / static_cast<double>(a.size());
}

/// @returns the outputs of a feature.
std::vector<std::vector<double>> computed(std::string_view name,
                                          std::vector<double> parameters,
                                          const std::vector<double>& x) {
  auto entry = find_feature(name);
  CAF_REQUIRE(entry != nullptr);
  auto made = entry->make(parameters);
  CAF_REQUIRE(made);
  std::vector<std::vector<double>> result(entry->outputs.size(),
                                          std::vector<double>(x.size()));
  std::vector<double*> out;
  for (auto& column : result)
    out.push_back(column.data());
  const double* in = x.data();
  made->object->update(&in, out.data(), x.size());
  return result;
}

std::string fault_of(std::string_view name, std::vector<double> parameters) {
  auto made = find_feature(name)->make(parameters);
  return made ? "none" : made.error().text;
}

} // namespace

CAF_TEST(noise_goes_and_the_wave_stays) {
  auto clean = wave(2'048, 256);
  auto dirty = clean;
  auto added = noise(1, clean.size(), 0.2);
  for (size_t i = 0; i < dirty.size(); ++i)
    dirty[i] += added[i];
  for (auto rule : rules)
    for (auto function : functions) {
      denoise_options options{.of = *find_wavelet("sym8"), .levels = 5};
      options.rule = rule;
      options.function = function;
      auto result = denoised(dirty, with_usual_noise(options));
      CAF_CHECK(mean_square_difference(result, clean)
                < 0.5 * mean_square_difference(dirty, clean));
    }
}

CAF_TEST(what_has_no_noise_is_returned) {
  for (auto rule : rules)
    for (auto function : functions) {
      denoise_options options;
      options.rule = rule;
      options.function = function;
      std::vector<double> constant(256, 20'000.0);
      for (auto x : denoised(constant, with_usual_noise(options)))
        CAF_CHECK(std::abs(x - 20'000) < 1e-9);
      std::vector<double> nothing(256);
      for (auto x : denoised(nothing, with_usual_noise(options)))
        CAF_CHECK(x == 0);
    }
}

CAF_TEST(the_last_value_alone_is_the_last_of_all) {
  for (auto boundary : {wavelet_boundary::symmetric, wavelet_boundary::smooth,
                        wavelet_boundary::periodization})
    for (auto rule : rules)
      for (size_t size : {255, 256}) {
        denoise_options options{.of = *find_wavelet("sym5")};
        options.rule = rule;
        options.boundary = boundary;
        auto x = noise(2, size);
        auto denoiser = wavelet_denoiser::make(options, size);
        CAF_REQUIRE(denoiser);
        auto all = denoiser->denoise(x)->with_look_ahead();
        CAF_CHECK(denoiser->denoise_last(x) == all.back());
      }
}

CAF_TEST(unit_and_level_of_a_series_do_not_matter) {
  for (auto rule : rules) {
    denoise_options options;
    options.rule = rule;
    options = with_usual_noise(options);
    auto x = noise(3, 512);
    auto before = denoised(x, options);
    for (auto& value : x)
      value = 1'000 + 8 * value;
    auto after = denoised(x, options);
    for (size_t i = 0; i < x.size(); ++i)
      CAF_CHECK(std::abs(after[i] - 1'000 - 8 * before[i]) < 1e-9);
  }
}

CAF_TEST(magnitudes_are_in_order_whatever_they_are) {
  auto infinity_like = std::numeric_limits<double>::max() / 1e3;
  std::vector<std::vector<double>> lists{{},
                                         {3},
                                         {-2, 1},
                                         noise(1, 1'000),
                                         noise(2, 33),
                                         std::vector<double>(100, -1.5),
                                         std::vector<double>(100, 0.0),
                                         {infinity_like, -infinity_like, 1, -2},
                                         {5e-324, -1e-323, 0, 0, -0.0}};
  // One so large that all others are crowded in one bin.
  lists.push_back(noise(4, 2'000));
  lists.back()[77] = -1e12;
  lists.push_back(noise(5, 500));
  for (size_t i = 0; i < 300; ++i)
    lists.back()[i] = 0;
  magnitude_order order;
  for (const auto& list : lists) {
    std::vector<double> expected;
    for (auto x : list)
      expected.push_back(std::abs(x));
    std::sort(expected.begin(), expected.end());
    auto middle = [](const std::vector<double>& x) {
      if (x.empty())
        return 0.0;
      auto half = x.size() / 2;
      return x.size() % 2 == 1 ? x[half] : (x[half - 1] + x[half]) / 2;
    };
    order.look_at(list);
    CAF_CHECK(order.median() == middle(expected));
    auto sorted = order.sorted();
    CAF_CHECK(std::vector<double>(sorted.begin(), sorted.end()) == expected);
    expected.erase(expected.begin(),
                   std::upper_bound(expected.begin(), expected.end(), 0.0));
    CAF_CHECK(order.median(true) == middle(expected));
  }
}

CAF_TEST(the_least_risk_is_found_without_sorting_all) {
  magnitude_order order;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    // Noise with more or less of a signal in it, long and short.
    auto x = noise(seed, 1 + seed * seed % 6'000);
    for (size_t i = 0; i < x.size(); i += 1 + seed % 7)
      x[i] *= static_cast<double>(seed % 13);
    order.look_at(x);
    auto deviation = noise_of(order, noise_estimate::rounded);
    auto fast = sure_threshold(order, deviation);
    CAF_CHECK(fast == sure_threshold(order.sorted(), deviation));
  }
  auto huge = std::numeric_limits<double>::max() / 4;
  for (const auto& x :
       {std::vector{huge, -huge, 1.0}, std::vector{0.0, 0.0, 0.0, 1.0},
        std::vector{1e-300, 2e-300}, std::vector{1.0}})
    for (auto deviation : {1.0, 1e-300, 1e300}) {
      order.look_at(x);
      auto fast = sure_threshold(order, deviation);
      CAF_CHECK(fast == sure_threshold(order.sorted(), deviation));
    }
}

CAF_TEST(the_rolling_median_is_that_of_the_last_values) {
  for (size_t window : {1, 2, 7, 32}) {
    rolling_median rolling{window};
    auto x = noise(6, 300);
    for (size_t i = 0; i < 100; ++i)
      x[i] = std::round(x[i]);
    for (size_t i = 0; i < x.size(); ++i) {
      rolling.take(x[i]);
      auto first = i + 1 < window ? 0 : i + 1 - window;
      std::vector<double> last(x.begin() + static_cast<ptrdiff_t>(first),
                               x.begin() + static_cast<ptrdiff_t>(i + 1));
      std::sort(last.begin(), last.end());
      auto half = last.size() / 2;
      auto middle = last.size() % 2 == 1 ? last[half]
                                         : (last[half - 1] + last[half]) / 2;
      CAF_REQUIRE(rolling.median() == middle);
      CAF_REQUIRE_EQUAL(rolling.full(), i + 1 >= window);
    }
  }
}

CAF_TEST(series_that_cannot_be_denoised_are_named) {
  auto denoiser = wavelet_denoiser::make({}, 256);
  CAF_REQUIRE(denoiser);
  auto x = noise(1, 256);
  x[3] = std::numeric_limits<double>::infinity();
  auto result = denoiser->denoise(x);
  CAF_CHECK(!result
            && result.error().text
                 == "values[3]: expected a finite number, found inf");
  result = denoiser->denoise(std::span{x}.first(200));
  CAF_CHECK(!result
            && result.error().text == "values: expected 256, found 200");
  CAF_CHECK(!wavelet_denoiser::make({.levels = 0}, 256));
  CAF_CHECK_EQUAL(fault_of("wavelet_denoise", {64, 5, 3, 2, 0}),
                  "in a window of 64, level must be 1 to 3 for 64 values and "
                  "db4, was 5");
  CAF_CHECK_EQUAL(fault_of("wavelet_denoise", {8, 1, 55, 2, 0}),
                  "in a window of 8, values: expected at least 202 for coif17, "
                  "found 8");
}

CAF_TEST(denoised_value_and_residual_add_up) {
  std::vector<double> walk;
  double price = 20'000;
  for (auto step : noise(7, 700, 10))
    walk.push_back(price += step);
  for (auto name : {"wavelet_denoise", "haar_denoise"}) {
    std::vector<double> parameters;
    for (const auto& rule : find_feature(name)->parameters)
      parameters.push_back(rule.default_value);
    auto out = computed(name, parameters, walk);
    for (size_t i = 300; i < walk.size(); ++i)
      CAF_CHECK(std::abs(out[0][i] + out[1][i] - walk[i]) < 1e-9);
  }
}

CAF_TEST(coefficients_that_look_back_are_those_of_the_whole_transform) {
  auto x = noise(8, 400);
  for (auto name : {"db1", "db3", "sym4", "coif1"})
    for (size_t level : {1, 2, 4}) {
      auto of = *find_wavelet(name);
      auto index = std::find(wavelet_names.begin(), wavelet_names.end(), name)
                   - wavelet_names.begin();
      auto out
        = computed("wavelet_detail",
                   {static_cast<double>(level), static_cast<double>(index)}, x);
      auto whole = *modwt(x, scaling_filter(of), level,
                          modwt_boundary::periodic);
      auto warm_up = (of.length() - 1) * ((size_t{1} << level) - 1);
      CAF_CHECK(std::isnan(out[0][warm_up - 1]));
      for (auto i = warm_up; i < x.size(); ++i) {
        CAF_CHECK(std::abs(out[0][i] - whole.back().detail[i]) < 1e-12);
        CAF_CHECK(std::abs(out[1][i] - whole.back().smooth[i]) < 1e-12);
      }
    }
}

CAF_TEST(the_smooth_part_of_haar_is_that_of_waveslim) {
  for (const auto& set : golden_sets()) {
    golden_count count{1e-10};
    auto x = golden_table(set + "wavelet/series.csv")["bumps"];
    auto expected
      = golden_table(set + "wavelet/modwt_waveslim.csv")["haar.periodic.s4"];
    x.resize(expected.size());
    auto smooth = computed("haar_denoise", {4, 2, 0}, x)[2];
    for (size_t i = 16; i < x.size(); ++i)
      CAF_CHECK(count.add(smooth[i], expected[i]));
    CAF_MESSAGE("smooth: " << count.text());
  }
}
