#define CAF_SUITE cli_features

#include "runtime/cli/features_table.hpp"

#include "tests/models/random.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>

using namespace qalpha;

namespace {

std::vector<bar> random_bars(test::dice& roll, size_t count) {
  std::vector<bar> result(count);
  for (auto& x : result) {
    x.close = {roll(1'000'000'000, 2'000'000'000)};
    x.high = {x.close.ticks + roll(0, 1'000'000)};
    x.low = {x.close.ticks - roll(0, 1'000'000)};
  }
  return result;
}

std::vector<std::optional<double>> column(std::string_view spec,
                                          std::span<const bar> bars) {
  auto choices = parse_features(spec);
  CAF_REQUIRE(choices);
  auto& choice = choices->front();
  return choice.feature->compute(bars, choice.length);
}

bool near(double a, double b) {
  return std::abs(a - b) <= 1e-12 * std::abs(b);
}

} // namespace

CAF_TEST(features_equal_their_definitions) {
  test::dice roll;
  auto bars = random_bars(roll, 300);
  for (size_t n : {1u, 2u, 7u, 300u}) {
    auto suffix = ":" + std::to_string(n);
    auto sma = column("sma" + suffix, bars);
    auto high = column("highest" + suffix, bars);
    auto low = column("lowest" + suffix, bars);
    for (size_t i = 0; i < bars.size(); ++i) {
      CAF_REQUIRE_EQUAL(sma[i].has_value(), i + 1 >= n);
      if (!sma[i])
        continue;
      double sum = 0;
      int64_t top = 0;
      int64_t bottom = INT64_MAX;
      for (size_t k = i + 1 - n; k <= i; ++k) {
        sum += static_cast<double>(bars[k].close.ticks) / 1e8;
        top = std::max(top, bars[k].high.ticks);
        bottom = std::min(bottom, bars[k].low.ticks);
      }
      CAF_CHECK(near(*sma[i], sum / static_cast<double>(n)));
      CAF_CHECK(*high[i] == static_cast<double>(top) / 1e8);
      CAF_CHECK(*low[i] == static_cast<double>(bottom) / 1e8);
    }
  }
}

CAF_TEST(the_exponential_mean_is_seeded_with_the_simple_one) {
  std::vector<bar> bars(4);
  for (size_t i = 0; i < bars.size(); ++i)
    bars[i].close = {static_cast<int64_t>(i + 1) * 100'000'000};
  auto values = column("ema:3", bars);
  CAF_CHECK(!values[1]);
  CAF_CHECK(near(*values[2], 2.0));
  CAF_CHECK(near(*values[3], 3.0));
}

CAF_TEST(no_feature_sees_the_future) {
  test::dice roll;
  auto bars = random_bars(roll, 120);
  for (const auto& feature : bar_features()) {
    auto whole = feature.compute(bars, 5);
    for (size_t cut = 0; cut <= bars.size(); cut += 7) {
      auto part = feature.compute(std::span{bars}.first(cut), 5);
      for (size_t i = 0; i < cut; ++i)
        CAF_REQUIRE(part[i] == whole[i]);
    }
  }
}

CAF_TEST(wrong_specifications_are_faults) {
  for (auto text : {"", "sma", "sma:", "sma:0", "sma:-1", "sma:1.5", "sma:x",
                    "sma:99999999", "smaa:5", "sma:5,", ",sma:5"})
    CAF_CHECK(!parse_features(text));
  auto guess = parse_features("smaa:5");
  CAF_CHECK(guess.error().text.find("did you mean sma?") != std::string::npos);
  CAF_CHECK_EQUAL((*parse_features("sma:5,returns:1"))[1].column(),
                  "returns_1");
}
