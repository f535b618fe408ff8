#define CAF_SUITE outlook.regime_map

#include "tests/models/outlook/regime_golden.hpp"

#include "models/outlook/regimes/cluster_quality.hpp"
#include "models/outlook/regimes/regime_map.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <numeric>
#include <random>

using namespace qalpha;
using namespace qalpha::test;
using namespace std::string_literals;

namespace {

// Rows around four corners; each corner has its kind of market.
struct sample {
  explicit sample(size_t rows) {
    std::mt19937_64 generator{9};
    std::normal_distribution<double> noise{0, 0.2};
    for (size_t i = 0; i < rows; ++i) {
      auto kind = static_cast<regime>(i % regime_count);
      auto x = kind == regime::bull || kind == regime::bear ? 2.0 : -2.0;
      auto y = kind == regime::bull || kind == regime::sideways ? 2.0 : -2.0;
      latents.add(std::vector<double>{x + noise(generator),
                                      y + noise(generator), noise(generator)});
      kinds.push_back(kind);
      statistics.push_back(statistics_of(kind));
    }
  }

  static window_statistics statistics_of(regime kind) {
    switch (kind) {
      case regime::bull:
        return {0.001, 0.02};
      case regime::bear:
        return {-0.001, 0.03};
      case regime::sideways:
        return {0.0, 0.01};
      default:
        // Its return is the highest of all: volatility is what names it.
        return {0.005, 0.09};
    }
  }

  points latents{3, {}};
  std::vector<regime> kinds;
  std::vector<window_statistics> statistics;
};

regime_fit fitted() {
  sample x{400};
  return *fit_regimes(x.latents, x.statistics, 1);
}

checkpoint stored() {
  checkpoint result;
  put(fitted().map, result);
  return result;
}

std::string reason(const checkpoint& x) {
  auto result = regime_map_of(x, 3);
  return result ? "none"s : result.error().text;
}

} // namespace

CAF_TEST(groups_are_named_by_what_the_market_did) {
  std::array<window_statistics, regime_count> groups{
    window_statistics{0.0, 0.01}, {-0.002, 0.02}, {0.004, 0.08}, {0.003, 0.03}};
  auto group_of = name_groups(groups);
  CAF_CHECK_EQUAL(group_of[static_cast<size_t>(regime::bull)], 3u);
  CAF_CHECK_EQUAL(group_of[static_cast<size_t>(regime::bear)], 1u);
  CAF_CHECK_EQUAL(group_of[static_cast<size_t>(regime::sideways)], 0u);
  CAF_CHECK_EQUAL(group_of[static_cast<size_t>(regime::high_volatility)], 2u);
}

CAF_TEST(regimes_of_a_market_are_found_and_named) {
  sample x{400};
  auto fit = fit_regimes(x.latents, x.statistics, 1);
  CAF_REQUIRE(fit);
  CAF_CHECK(fit->labels == x.kinds);
  CAF_CHECK_EQUAL(
    std::accumulate(fit->members.begin(), fit->members.end(), size_t{0}), 400u);
  CAF_CHECK_GREATER(fit->silhouette, 0.8);
  CAF_CHECK_GREATER(fit->variance_ratio, 100.0);
  CAF_CHECK_LESS(fit->overlap, 0.5);
  for (size_t i = 0; i < x.kinds.size(); ++i) {
    auto reading = fit->map.read(x.latents[i]);
    CAF_CHECK_GREATER(reading.probabilities[static_cast<size_t>(x.kinds[i])],
                      0.99);
    CAF_CHECK(close_to(std::accumulate(reading.probabilities.begin(),
                                       reading.probabilities.end(), 0.0),
                       1.0));
  }
}

CAF_TEST(names_do_not_depend_on_the_seed) {
  sample x{400};
  for (uint64_t seed = 0; seed < 10; ++seed) {
    auto fit = fit_regimes(x.latents, x.statistics, seed);
    CAF_REQUIRE(fit);
    CAF_CHECK(fit->labels == x.kinds);
  }
}

CAF_TEST(one_row_in_two_hundred_is_new) {
  sample x{2'000};
  auto fit = fit_regimes(x.latents, x.statistics, 1);
  CAF_REQUIRE(fit);
  size_t beyond = 0;
  for (size_t i = 0; i < x.latents.size(); ++i)
    if (fit->map.read(x.latents[i]).novelty > 1)
      ++beyond;
  CAF_CHECK_EQUAL(beyond, 10u);
  CAF_CHECK_GREATER(fit->map.read(std::vector<double>{50, 50, 50}).novelty,
                    10.0);
}

CAF_TEST(a_point_far_from_everything_still_has_probabilities) {
  auto reading = fitted().map.read(std::vector<double>{1e6, -1e6, 0});
  for (auto p : reading.probabilities)
    CAF_CHECK(std::isfinite(p));
}

CAF_TEST(probabilities_are_those_of_the_golden_vectors) {
  auto golden = golden_json("regime/kmeans.json");
  const auto& predict = golden["predict"];
  regime_map map;
  map.centres = golden_points(predict["centers"]);
  map.axes.origin.assign(5, 0);
  map.axes.axes = {5, std::vector<double>(10, 0)};
  auto queries = golden_points(predict["queries"]);
  auto wanted = golden_points(predict["softmax_neg_half_sq_distance"]);
  for (size_t i = 0; i < queries.size(); ++i)
    CAF_CHECK(all_close(map.read(queries[i]).probabilities, wanted[i], 1e-12));
}

CAF_TEST(rows_that_tell_nothing_are_refused) {
  sample x{400};
  auto reason = [&] {
    auto fit = fit_regimes(x.latents, x.statistics, 1);
    return fit ? "none"s : fit.error().text;
  };
  CAF_CHECK_EQUAL(reason(), "none"s);
  x.latents.values[7] = std::numeric_limits<double>::quiet_NaN();
  CAF_CHECK_EQUAL(reason(), "latents: hold a value that is not finite"s);
  x = sample{400};
  x.statistics[7].volatility = std::numeric_limits<double>::infinity();
  CAF_CHECK_EQUAL(reason(), "statistics: hold a value that is not finite"s);
  x = sample{400};
  x.statistics.pop_back();
  CAF_CHECK_EQUAL(reason(),
                  "statistics: expected 400 rows as latents have, found 399"s);
  x = sample{7};
  CAF_CHECK_EQUAL(reason(), "latents: expected at least 8 rows, found 7"s);
  x = sample{400};
  std::fill(x.latents.values.begin(), x.latents.values.end(), 1.0);
  CAF_CHECK_EQUAL(reason(), "latents: do not fall into 4 groups"s);
}

CAF_TEST(a_map_found_anew_keeps_the_names_of_the_old_one) {
  auto before = fitted().map;
  auto now = before;
  // The names turn in a circle.
  std::rotate(now.centres.values.begin(), now.centres.values.begin() + 3,
              now.centres.values.end());
  CAF_CHECK(!(now.centres == before.centres));
  keep_names(now, before);
  CAF_CHECK(now.centres == before.centres);
}

// -- checkpoints --------------------------------------------------------------

CAF_TEST(a_map_comes_back_from_a_checkpoint) {
  auto map = fitted().map;
  auto back = regime_map_of(stored(), 3);
  CAF_REQUIRE(back);
  CAF_CHECK(all_close(back->centres.values, map.centres.values, 1e-6));
  CAF_CHECK(all_close(back->axes.axes.values, map.axes.axes.values, 1e-6));
  CAF_CHECK_EQUAL(back->spread, map.spread);
  CAF_CHECK_EQUAL(back->reach, map.reach);
  checkpoint again;
  put(*back, again);
  put(*back, again);
  CAF_CHECK(*regime_map_of(again, 3) == *back);
}

CAF_TEST(rows_of_a_stored_map_go_by_their_names) {
  auto mixed = stored();
  std::swap(mixed.about.names["regimes"][0], mixed.about.names["regimes"][2]);
  auto& centres = mixed.tensors[0].values;
  std::swap_ranges(centres.begin(), centres.begin() + 3, centres.begin() + 6);
  CAF_CHECK(*regime_map_of(mixed, 3) == *regime_map_of(stored(), 3));
}

CAF_TEST(a_map_that_does_not_fit_is_refused) {
  CAF_CHECK_EQUAL(reason(stored()), "none"s);
  auto bad = stored();
  bad.tensors.pop_back();
  CAF_CHECK(reason(bad).starts_with("tensors: expected "));
  bad = stored();
  bad.tensors[2].name = "regimes.more";
  CAF_CHECK_EQUAL(reason(bad), "tensor \"regimes.axes\" is missing"s);
  bad = stored();
  bad.tensors[0].shape = {3, 4};
  CAF_CHECK_EQUAL(reason(bad),
                  "tensor \"regimes.centres\": expected shape [4, 3]"s);
  bad = stored();
  bad.tensors[1].values[1] = std::numeric_limits<float>::quiet_NaN();
  CAF_CHECK_EQUAL(
    reason(bad),
    "tensor \"regimes.origin\": holds a value that is not finite"s);
  bad = stored();
  bad.about.names["regimes"][0] = "bear";
  CAF_CHECK_EQUAL(reason(bad),
                  "names.regimes: expected each of the 4 regimes once"s);
  bad = stored();
  bad.about.settings["regime_reach"] = 0;
  CAF_CHECK_EQUAL(reason(bad),
                  "settings.regime_reach: expected 1e-12 to 1e12"s);
}
