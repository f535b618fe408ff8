#define CAF_SUITE random_walk

#include "runtime/study/random_walk.hpp"

#include "models/outlook/linear_forecast.hpp"
#include "tests/runtime/study/made_up.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

CAF_TEST(a_random_walk_has_sound_bars_without_a_memory) {
  auto market = random_walk_market({.bars = 20'000, .seed = 3});
  auto& bars = market.bars.front();
  CAF_REQUIRE_EQUAL(bars.size(), 20'000u);
  auto squares = 0.0;
  auto products = 0.0;
  auto last = 0.0;
  for (size_t i = 0; i < bars.size(); ++i) {
    CAF_REQUIRE(broken_rule(bars[i]) == nullptr);
    if (i > 0)
      CAF_REQUIRE(bars[i].open_time == bars[i - 1].close_time);
    auto now = std::log(static_cast<double>(bars[i].close.ticks)
                        / static_cast<double>(bars[i].open.ticks));
    squares += now * now / 20'000;
    products += now * last / 20'000;
    last = now;
  }
  CAF_CHECK(std::abs(std::sqrt(squares) - 0.005) < 5e-4);
  CAF_CHECK(std::abs(products / squares) < 0.03);
}

CAF_TEST(seeds_make_different_markets_and_the_same_ones_again) {
  auto closes = [](uint64_t seed) {
    return random_walk_market({.bars = 100, .seed = seed}).bars.front();
  };
  CAF_CHECK(closes(1) == closes(1));
  CAF_CHECK(closes(1) != closes(2));
}

CAF_TEST(a_study_finds_nothing_where_nothing_is) {
  auto maker = make_linear_forecasts(
    {.features = {std::chrono::hours{1},
                  {{"log_return", "last", {}, {{"period", 1}}},
                   {"rsi", "", {}, {{"period", 14}}}}},
     .horizon = 2,
     .levels = {levels.begin(), levels.end()}});
  CAF_REQUIRE(maker);
  auto told = 0;
  auto findings = study_random_walks(8, {.bars = 24 * 240}, settings_of_study(),
                                     **maker, [&](auto&) { ++told; });
  CAF_REQUIRE(findings);
  CAF_CHECK_EQUAL(findings->size(), 8u);
  CAF_CHECK_EQUAL(told, 8);
  for (auto& one : *findings) {
    CAF_CHECK(one.trades > 0);
    CAF_CHECK(std::abs(*one.correlation.value) < 4 * *one.correlation.error);
  }
  CAF_CHECK(significant_share(*findings) == 0);
}

CAF_TEST(the_share_counts_significant_findings_only) {
  std::vector<random_walk_finding> findings(4);
  CAF_CHECK(significant_share({}) == 0);
  findings[1].significant = true;
  CAF_CHECK(significant_share(findings) == 0.25);
}
