#define CAF_SUITE outlook.k_means

#include "tests/models/outlook/regime_golden.hpp"

#include "models/outlook/regimes/cluster_quality.hpp"
#include "models/outlook/regimes/k_means.hpp"
#include "models/outlook/regimes/matching.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr auto file = "regime/kmeans.json";

} // namespace

CAF_TEST(groups_and_their_quality_are_those_of_scikit_learn) {
  auto golden = golden_json(file);
  auto cloud = golden_cloud();
  for (const auto& entry : golden["cases"].GetArray()) {
    CAF_MESSAGE(entry["init_name"].GetString());
    auto found = lloyd(cloud, golden_points(entry["init"]), {});
    auto labels = golden_labels(entry["labels"]);
    CAF_CHECK(found.labels == labels);
    CAF_CHECK(
      all_close(found.centres.values, golden_points(entry["centers"]).values));
    CAF_CHECK(close_to(found.inertia, entry["inertia"].GetDouble(), 1e-8));
    CAF_CHECK_EQUAL(found.rounds, entry["n_iter"].GetInt());
    CAF_CHECK(
      close_to(silhouette(cloud, labels, 4), entry["silhouette"].GetDouble()));
    CAF_CHECK(close_to(variance_ratio(cloud, labels, 4),
                       entry["calinski_harabasz"].GetDouble()));
    CAF_CHECK(
      close_to(overlap(cloud, labels, 4), entry["davies_bouldin"].GetDouble()));
  }
  auto first = silhouettes(
    cloud, golden_labels(golden["cases"].GetArray()[0]["labels"]), 4);
  first.resize(20);
  CAF_CHECK(all_close(first, golden_row(golden["silhouette_samples_first20"])));
}

CAF_TEST(the_best_of_many_starts_is_the_best_that_scikit_learn_finds) {
  auto golden = golden_json(file);
  auto cloud = golden_cloud();
  for (const auto& entry : golden["elbow"].GetArray()) {
    std::mt19937_64 generator{3};
    k_means_settings settings;
    settings.clusters = entry["k"].GetUint64();
    auto found = k_means(cloud, settings, generator);
    // Of many groups neither is sure to find the very best.
    CAF_CHECK_LESS_OR_EQUAL(found.inertia,
                            entry["inertia"].GetDouble()
                              * (settings.clusters > 4 ? 1.01 : 1 + 1e-8));
  }
}

CAF_TEST(equal_seeds_find_equal_groups) {
  auto cloud = golden_cloud();
  auto run = [&](uint64_t seed) {
    std::mt19937_64 generator{seed};
    return k_means(cloud, {}, generator);
  };
  CAF_CHECK(run(5).centres == run(5).centres);
}

CAF_TEST(no_group_stays_empty) {
  points cloud{1, {0, 1, 2, 10, 11, 12}};
  auto found = lloyd(cloud, {1, {0, 500, 600}}, {});
  for (size_t group = 0; group < 3; ++group)
    CAF_CHECK_GREATER(
      std::count(found.labels.begin(), found.labels.end(), group), 0);
}

CAF_TEST(points_that_are_all_the_same_make_no_trouble) {
  points cloud{2, std::vector<double>(20, 1.5)};
  std::mt19937_64 generator{1};
  auto found = k_means(cloud, {}, generator);
  CAF_CHECK_EQUAL(found.inertia, 0.0);
  CAF_CHECK_EQUAL(found.labels, std::vector<size_t>(10, 0));
}

CAF_TEST(of_equally_near_centres_the_first_counts) {
  points centres{1, {1, -1, 1}};
  CAF_CHECK_EQUAL(nearest(centres, std::vector<double>{0}).index, 0u);
  CAF_CHECK_EQUAL(nearest(centres, std::vector<double>{1}).index, 0u);
}

CAF_TEST(new_points_go_to_the_nearest_centre) {
  auto golden = golden_json(file);
  const auto& predict = golden["predict"];
  auto centres = golden_points(predict["centers"]);
  auto queries = golden_points(predict["queries"]);
  auto labels = golden_labels(predict["labels"]);
  auto distances = golden_points(predict["distances"]);
  for (size_t i = 0; i < queries.size(); ++i) {
    auto found = nearest(centres, queries[i]);
    CAF_CHECK_EQUAL(found.index, labels[i]);
    CAF_CHECK(
      close_to(std::sqrt(found.squared_distance), distances[i][labels[i]]));
  }
}

// -- matching -----------------------------------------------------------------

CAF_TEST(old_centres_find_their_successors) {
  auto golden = golden_json(file);
  const auto& relabel = golden["relabel_hungarian"];
  CAF_CHECK_EQUAL(
    match_centres(golden_points(relabel["old"]), golden_points(relabel["new"])),
    golden_labels(relabel["new_index_for_old"]));
}

CAF_TEST(no_assignment_is_cheaper_than_the_cheapest) {
  std::mt19937_64 generator{17};
  for (size_t size = 1; size <= 6; ++size)
    for (int trial = 0; trial < 20; ++trial) {
      points costs{size, {}};
      for (size_t i = 0; i < size * size; ++i)
        costs.values.push_back(static_cast<double>(generator() % 21) - 10);
      auto cost_of = [&](const std::vector<size_t>& columns) {
        double sum = 0;
        for (size_t i = 0; i < size; ++i)
          sum += costs[i][columns[i]];
        return sum;
      };
      std::vector<size_t> columns(size);
      std::iota(columns.begin(), columns.end(), size_t{0});
      auto least = cost_of(columns);
      while (std::next_permutation(columns.begin(), columns.end()))
        least = std::min(least, cost_of(columns));
      auto found = cheapest_assignment(costs);
      CAF_CHECK_EQUAL(cost_of(found), least);
      CAF_CHECK(
        std::is_permutation(found.begin(), found.end(), columns.begin()));
    }
}

// -- agreement ----------------------------------------------------------------

CAF_TEST(groupings_agree_whatever_their_labels_are_called) {
  std::vector<size_t> a{0, 0, 1, 1, 2, 2};
  std::vector<size_t> renamed{7, 7, 0, 0, 3, 3};
  CAF_CHECK_EQUAL(adjusted_rand_index(a, renamed), 1.0);
}

CAF_TEST(the_agreement_is_that_of_the_textbook) {
  // sklearn.metrics.adjusted_rand_score of the same labels.
  std::vector<size_t> a{0, 0, 1, 1};
  CAF_CHECK(close_to(adjusted_rand_index(a, std::vector<size_t>{0, 0, 1, 2}),
                     0.5714285714285714));
  CAF_CHECK(
    close_to(adjusted_rand_index(a, std::vector<size_t>{0, 1, 0, 1}), -0.5));
  std::vector<size_t> one(4, 0);
  CAF_CHECK_EQUAL(adjusted_rand_index(one, one), 1.0);
  CAF_CHECK_EQUAL(adjusted_rand_index(a, one), 0.0);
}

CAF_TEST(chance_agrees_with_nothing) {
  std::mt19937_64 generator{23};
  std::vector<size_t> a;
  std::vector<size_t> b;
  for (int i = 0; i < 5'000; ++i) {
    a.push_back(generator() % 4);
    b.push_back(generator() % 4);
  }
  CAF_CHECK_LESS(std::abs(adjusted_rand_index(a, b)), 0.01);
}
