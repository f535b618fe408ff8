#define CAF_SUITE execution.quantile_kelly

#include "models/execution/quantile_kelly.hpp"

#include "tests/models/golden_files.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

std::vector<double> numbers(const rapidjson::Value& list) {
  std::vector<double> result;
  for (auto& x : list.GetArray())
    result.push_back(x.GetDouble());
  return result;
}

} // namespace

CAF_TEST(kelly_of_quantiles_equals_golden_values) {
  auto golden = golden_json("execution/sizing.json");
  for (const auto& run : golden["kelly_from_quantiles"].GetArray()) {
    auto found = quantile_kelly(
      numbers(run["quantile_levels"]), numbers(run["quantile_values"]),
      {.round_trip_cost = run["round_trip_cost"].GetDouble()});
    auto share = run["kelly_log_optimal"].GetDouble();
    CAF_CHECK(std::abs(found.share - share) <= 1e-6 * (1 + std::abs(share)));
    CAF_CHECK(std::abs(found.growth - run["growth_at_opt"].GetDouble()) < 1e-9);
    CAF_CHECK(std::abs(found.mean - run["mean"].GetDouble()) < 1e-12);
  }
}

CAF_TEST(an_edge_below_the_cost_is_not_worth_a_position) {
  std::vector levels{0.1, 0.5, 0.9};
  std::vector returns{-0.01, 0.0005, 0.011};
  CAF_CHECK(quantile_kelly(levels, returns, {.round_trip_cost = 0}).share > 0);
  CAF_CHECK_EQUAL(
    quantile_kelly(levels, returns, {.round_trip_cost = 0.01}).share, 0);
}

CAF_TEST(shares_that_could_ruin_are_not_taken) {
  std::vector levels{0.1, 0.5, 0.9};
  std::vector falls{-0.9, 0.5, 0.9};
  auto share = quantile_kelly(levels, falls, {.cap = 50}).share;
  CAF_CHECK(share > 0 && share < 1 / 0.9);
  std::vector rises{-0.9, -0.5, 0.9};
  share = quantile_kelly(levels, rises, {.cap = 50}).share;
  CAF_CHECK(share < 0 && share > -1 / 0.9);
}
