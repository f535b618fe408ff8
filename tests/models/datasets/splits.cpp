#define CAF_SUITE datasets.splits

#include "models/datasets/splits.hpp"

#include "tests/models/golden_files.hpp"

#include <caf/test/unit_test.hpp>

#include <string_view>

using namespace qalpha;
using namespace qalpha::test;

namespace {

std::vector<sample_span> hourly(size_t samples, int64_t horizon) {
  std::vector<sample_span> result;
  for (size_t i = 0; i < samples; ++i) {
    auto at = static_cast<int64_t>(i);
    result.push_back({at, at + horizon});
  }
  return result;
}

std::vector<size_t> list_of(const rapidjson::Value& json) {
  std::vector<size_t> result;
  for (const auto& x : json.GetArray())
    result.push_back(x.GetUint());
  return result;
}

void check(const std::vector<data_split>& ours,
           const rapidjson::Value& golden) {
  auto splits = golden.GetArray();
  CAF_REQUIRE_EQUAL(ours.size(), splits.Size());
  for (rapidjson::SizeType i = 0; i < splits.Size(); ++i) {
    CAF_CHECK_EQUAL(ours[i].train, list_of(splits[i]["spec_train"]));
    CAF_CHECK_EQUAL(ours[i].test, list_of(splits[i]["test"]));
  }
}

} // namespace

CAF_TEST(golden_splits_are_purged_and_embargoed) {
  auto golden = golden_json("backtest/purged_cv.json");
  for (const auto& one : golden["cases"].GetArray()) {
    std::string_view kind = one["kind"].GetString();
    auto spans = hourly(one["n"].GetUint(), one["label_horizon"].GetInt());
    auto folds = one["n_splits"].GetUint();
    if (kind == "combinatorial_purged") {
      auto ours = combinatorial_splits(
        spans, folds, one["n_test_splits"].GetUint(), one["embargo"].GetInt());
      CAF_REQUIRE(ours);
      check(*ours, one["splits"]);
    } else {
      CAF_REQUIRE_EQUAL(kind, "purged_walk_forward");
      auto ours = walk_forward_splits(spans, folds,
                                      one["min_train_splits"].GetUint(),
                                      one["max_train_splits"].GetUint());
      CAF_REQUIRE(ours);
      check(*ours, one["splits"]);
    }
  }
}

CAF_TEST(parts_follow_each_other_with_the_embargo_between) {
  auto spans = hourly(200, 4);
  auto parts = part_samples(spans, {0.2, 0.2, 10});
  CAF_REQUIRE(parts);
  CAF_CHECK_EQUAL(parts->test.front(), 160u);
  CAF_CHECK_EQUAL(parts->test.back(), 199u);
  CAF_CHECK_EQUAL(parts->validation.front(), 120u);
  CAF_CHECK_EQUAL(parts->validation.back(), 160u - 10 - 4 - 1);
  CAF_CHECK_EQUAL(parts->train.back(), 120u - 10 - 4 - 1);
}

CAF_TEST(an_empty_part_is_a_fault) {
  CAF_CHECK(!part_samples(hourly(3, 1), {}));
  CAF_CHECK(!part_samples(hourly(100, 90), {}));
  CAF_CHECK(!walk_forward_splits(hourly(100, 90), 5, 1, 5));
  CAF_CHECK(!walk_forward_splits(hourly(100, 1), 5, 0, 5));
  CAF_CHECK(!walk_forward_splits(hourly(4, 1), 5, 1, 5));
  CAF_CHECK(!combinatorial_splits(hourly(100, 1), 5, 5, 0));
}

CAF_TEST(an_even_choice_keeps_order_and_begins_with_the_first) {
  std::vector<size_t> all{3, 5, 7, 9, 11, 13};
  CAF_CHECK_EQUAL(even_choice(all, 3), (std::vector<size_t>{3, 7, 11}));
  CAF_CHECK_EQUAL(even_choice(all, 4), (std::vector<size_t>{3, 5, 9, 11}));
  CAF_CHECK_EQUAL(even_choice(all, 9), all);
  CAF_CHECK(even_choice(all, 0).empty());
  CAF_CHECK(even_choice({}, 3).empty());
}
