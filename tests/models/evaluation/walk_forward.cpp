#define CAF_SUITE walk_forward

#include "models/evaluation/walk_forward.hpp"

#include <caf/test/unit_test.hpp>

#include <string>

using namespace qalpha;
using std::chrono::days;

namespace {

constexpr utc_time at(int64_t day) {
  return utc_time{} + timespan{days{day}};
}

} // namespace

CAF_TEST(tests_follow_each_other_and_trainings_end_before_the_embargo) {
  auto folds = plan_folds(
    at(100), at(430),
    {.first_training = days{200}, .test = days{30}, .embargo = days{5}});
  CAF_REQUIRE(folds);
  CAF_REQUIRE_EQUAL(folds->size(), 4u);
  for (size_t i = 0; i < folds->size(); ++i) {
    auto& fold = (*folds)[i];
    CAF_CHECK(fold.train_from == at(100));
    CAF_CHECK(fold.test_from - fold.train_until == days{5});
    CAF_CHECK(fold.test_from
              == (i == 0 ? at(305) : (*folds)[i - 1].test_until));
  }
  CAF_MESSAGE("the last test takes what is left");
  CAF_CHECK(folds->back().test_until == at(430));
}

CAF_TEST(a_rest_of_half_a_test_is_a_test) {
  walk_forward_lengths lengths{.first_training = days{100}, .test = days{30}};
  CAF_CHECK_EQUAL(plan_folds(at(0), at(144), lengths)->size(), 1u);
  CAF_CHECK_EQUAL(plan_folds(at(0), at(145), lengths)->size(), 2u);
}

CAF_TEST(a_training_is_no_longer_than_asked_for) {
  auto folds = plan_folds(at(0), at(200),
                          {.first_training = days{100},
                           .test = days{20},
                           .longest_training = days{110}});
  CAF_REQUIRE_EQUAL(folds->size(), 5u);
  CAF_CHECK(folds->front().train_from == at(0));
  CAF_CHECK(folds->back().train_from == at(70));
  CAF_CHECK(folds->back().train_until == at(180));
}

CAF_TEST(impossible_lengths_say_why) {
  auto why = [](int64_t until, const walk_forward_lengths& lengths) {
    auto folds = plan_folds(at(0), at(until), lengths);
    return folds ? std::string{"planned"} : folds.error().text;
  };
  CAF_CHECK_EQUAL(why(129, {.first_training = days{100}, .test = days{30}}),
                  "walk forward: expected a history of at least 130 days, "
                  "found 129 days");
  CAF_CHECK_EQUAL(why(5'000, {.first_training = days{1}, .test = days{1}}),
                  "walk forward: expected at most 1000 tests, found 4999");
  CAF_CHECK(why(100, {}) != "planned");
  CAF_CHECK(
    why(100, {.first_training = days{9}, .test = days{9}, .embargo = days{-1}})
    != "planned");
}
