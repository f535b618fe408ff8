#define CAF_SUITE wavelet_transform

#include "tests/models/features/wavelet/series.hpp"

#include "models/features/wavelet/choice.hpp"
#include "models/features/wavelet/transform.hpp"
#include "models/features/wavelet/undecimated.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr wavelet_boundary boundaries[]
  = {wavelet_boundary::symmetric,    wavelet_boundary::antisymmetric,
     wavelet_boundary::reflect,      wavelet_boundary::antireflect,
     wavelet_boundary::smooth,       wavelet_boundary::periodic,
     wavelet_boundary::constant,     wavelet_boundary::zero,
     wavelet_boundary::periodization};

double energy_of(const std::vector<double>& x) {
  double result = 0;
  for (auto value : x)
    result += value * value;
  return result;
}

double largest_difference(const std::vector<double>& a,
                          const std::vector<double>& b) {
  CAF_REQUIRE_EQUAL(a.size(), b.size());
  double result = 0;
  for (size_t i = 0; i < a.size(); ++i)
    result = std::max(result, std::abs(a[i] - b[i]));
  return result;
}

std::string fault_of(const fallible<wavelet_coefficients>& x) {
  return x ? "none" : x.error().text;
}

} // namespace

CAF_TEST(what_is_taken_apart_can_be_put_together) {
  double worst = 0;
  for (size_t i = 0; i < wavelet_names.size(); ++i)
    for (auto boundary : boundaries)
      for (size_t size : {230, 501}) {
        auto of = wavelet_at(i);
        auto levels = highest_wavelet_level(size, of);
        auto x = noise(i, size);
        auto parts = wavelet_decompose(x, of, boundary, levels);
        CAF_REQUIRE(parts);
        auto back = wavelet_reconstruct(*parts, of, boundary);
        CAF_REQUIRE(back);
        worst = std::max(worst, largest_difference(*back, x));
      }
  CAF_MESSAGE("worst error " << worst);
  // The published taps of the longest coiflets have so many digits.
  CAF_CHECK(worst < 1e-6);
}

CAF_TEST(the_energy_stays_the_same) {
  for (size_t i = 0; i < wavelet_names.size(); ++i) {
    auto of = wavelet_at(i);
    auto x = noise(i, 1'024);
    auto parts = wavelet_decompose(x, of, wavelet_boundary::periodization,
                                   highest_wavelet_level(x.size(), of));
    CAF_REQUIRE(parts);
    double energy = 0;
    for (const auto& band : parts->bands)
      energy += energy_of(band);
    CAF_CHECK(std::abs(energy / energy_of(x) - 1) < 1e-6);
    auto levels = modwt(x, scaling_filter(of), 3, modwt_boundary::periodic);
    CAF_REQUIRE(levels);
    energy = energy_of(levels->back().smooth);
    for (const auto& level : *levels)
      energy += energy_of(level.detail);
    CAF_CHECK(std::abs(energy / energy_of(x) - 1) < 1e-6);
  }
}

CAF_TEST(the_processor_does_not_change_a_bit) {
  for (size_t i = 0; i < wavelet_names.size(); ++i) {
    wavelet_taps taps{wavelet_at(i)};
    for (size_t count : {1, 7, 8, 9, 31, 64}) {
      auto even = noise(1, count + taps.half);
      auto odd = noise(2, count + taps.half);
      auto run = [&](vector_level level, size_t offset) {
        std::vector<double> result(4 * count);
        wavelet_analysis(taps, &even[offset], &odd[offset], count, &result[0],
                         &result[count], level);
        wavelet_synthesis(taps, &even[offset], &odd[offset], count,
                          &result[2 * count], level);
        return result;
      };
      for (auto level : supported_vector_levels())
        for (size_t offset : {0, 1})
          CAF_CHECK(run(vector_level::plain, offset) == run(level, offset));
    }
  }
}

CAF_TEST(any_part_can_be_joined_alone) {
  for (auto boundary : boundaries) {
    wavelet_step step{*find_wavelet("db4"), boundary};
    for (size_t size : {40, 41}) {
      auto x = noise(3, size);
      auto count = step.coefficients(size);
      std::vector<double> low(count);
      std::vector<double> high(count);
      step.split(x, low.data(), high.data());
      std::vector<double> whole(size);
      step.join(low.data(), high.data(), count, 0, size, whole.data());
      for (size_t first = 0; first < size; ++first)
        for (auto end = first; end <= size; ++end) {
          std::vector<double> part(size, 77.0);
          step.join(low.data(), high.data(), count, first, end, part.data());
          for (size_t i = 0; i < size; ++i)
            if (part[i] != (i >= first && i < end ? whole[i] : 77.0))
              CAF_FAIL(first << " to " << end << ", " << i);
        }
    }
  }
}

CAF_TEST(series_shorter_than_the_filter_are_extended_again_and_again) {
  for (auto boundary : boundaries)
    for (size_t size = 2; size < 12; ++size) {
      wavelet_step step{*find_wavelet("coif5"), boundary};
      auto x = noise(size, size);
      auto count = step.coefficients(size);
      std::vector<double> low(count);
      std::vector<double> high(count);
      step.split(x, low.data(), high.data());
      std::vector<double> back(size);
      step.join(low.data(), high.data(), count, 0, size, back.data());
      CAF_CHECK(largest_difference(back, x) < 1e-6);
    }
}

CAF_TEST(what_cannot_be_transformed_is_named) {
  auto db4 = *find_wavelet("db4");
  auto decompose = [&](size_t size, size_t levels) {
    return fault_of(wavelet_decompose(noise(1, size), db4,
                                      wavelet_boundary::symmetric, levels));
  };
  CAF_CHECK_EQUAL(decompose(13, 1),
                  "values: expected at least 14 for db4, found 13");
  CAF_CHECK_EQUAL(decompose(0, 1),
                  "values: expected at least 14 for db4, found 0");
  CAF_CHECK_EQUAL(decompose(14, 0),
                  "level must be 1 to 1 for 14 values and db4, was 0");
  CAF_CHECK_EQUAL(decompose(100, 4),
                  "level must be 1 to 3 for 100 values and db4, was 4");
  auto swt = stationary_transform(noise(1, 12), db4, 3);
  CAF_CHECK(
    !swt && swt.error().text == "values: expected a multiple of 8, found 12");
  CAF_CHECK(!modwt({}, scaling_filter(db4), 1, modwt_boundary::periodic));
  CAF_CHECK(
    !modwt(noise(1, 9), scaling_filter(db4), 0, modwt_boundary::periodic));
  wavelet_coefficients wrong{100, {noise(1, 5), noise(1, 6)}};
  auto back = wavelet_reconstruct(wrong, db4, wavelet_boundary::symmetric);
  CAF_CHECK(!back
            && back.error().text
                 == "bands[0]: expected 53 coefficients, found 5");
  wrong.bands.clear();
  CAF_CHECK(!wavelet_reconstruct(wrong, db4, wavelet_boundary::symmetric));
  CAF_CHECK(!find_wavelet("db21"));
}

CAF_TEST(the_wavelet_is_chosen_for_energy_in_few_details) {
  // Steps are what the shortest is made of.
  std::vector<double> steps(256);
  for (size_t i = 0; i < steps.size(); ++i)
    steps[i] = static_cast<double>(i / 64 % 2);
  auto candidates = usual_wavelets();
  CAF_CHECK_EQUAL(candidates.size(), 11u);
  auto ranked = rank_wavelets(steps, candidates);
  CAF_REQUIRE(ranked);
  for (size_t i = 1; i < ranked->size(); ++i)
    CAF_CHECK((*ranked)[i - 1].ratio >= (*ranked)[i].ratio);
  // Without any detail all are alike: the shortest is first.
  auto alike
    = rank_wavelets(std::vector<double>(256, 3.0),
                    std::array{*find_wavelet("db8"), *find_wavelet("db1")});
  CAF_REQUIRE(alike);
  CAF_CHECK_EQUAL(alike->front().of.name, "db1");
  steps[9] = std::nan("");
  auto wrong = rank_wavelets(steps, candidates);
  CAF_CHECK(!wrong
            && wrong.error().text
                 == "values[9]: expected a finite number, found nan");
}

CAF_TEST(levels_are_chosen_within_the_window) {
  auto db1 = *find_wavelet("db1");
  CAF_CHECK_EQUAL(usual_wavelet_level(1'000'000, db1), 5u);
  CAF_CHECK_EQUAL(usual_wavelet_level(64, db1), 3u);
  CAF_CHECK_EQUAL(usual_wavelet_level(2, db1), 1u);
  std::vector<double> walk;
  double x = 0;
  for (auto step : noise(5, 4'096))
    walk.push_back(x += step);
  CAF_CHECK(*wavelet_level_by_energy(walk, db1, 64) == 4);
  CAF_CHECK(*wavelet_level_by_energy(walk, db1, 4) == 1);
  CAF_CHECK(!wavelet_level_by_energy({}, db1, 64));
}
