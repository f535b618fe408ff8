#define CAF_SUITE training.schedule

#include "tests/models/golden_files.hpp"

#include "models/training/returns.hpp"
#include "models/training/schedule.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr auto file = "models/decision_transformer/rtg_and_schedules.json";

std::vector<double> numbers(const rapidjson::Value& list) {
  std::vector<double> result;
  for (const auto& x : list.GetArray())
    result.push_back(x.GetDouble());
  return result;
}

bool all_close(std::span<const double> a, std::span<const double> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return close_to(x, y, 1e-12); });
}

} // namespace

CAF_TEST(returns_to_go_are_those_of_the_published_code) {
  auto golden = golden_json(file);
  for (const auto& entry : golden["rtg"].GetArray())
    CAF_CHECK(all_close(
      returns_to_go(numbers(entry["rewards"]), entry["gamma"].GetDouble()),
      numbers(entry["rtg"])));
}

CAF_TEST(returns_of_some_steps_end_with_the_episode) {
  std::vector<double> rewards{1, 2, 4, 8};
  CAF_CHECK(all_close(multi_step_returns(rewards, 1), rewards));
  CAF_CHECK(all_close(multi_step_returns(rewards, 2, 0.5),
                      std::vector<double>{2, 4, 8, 8}));
  CAF_CHECK(all_close(multi_step_returns(rewards, 20), returns_to_go(rewards)));
  CAF_CHECK(multi_step_returns({}, 5).empty());
}

CAF_TEST(schedules_are_those_of_the_published_code) {
  auto golden = golden_json(file);
  schedule_lengths lengths{golden["warmup"].GetInt64(),
                           golden["total"].GetInt64()};
  auto rate = golden["base_lr"].GetDouble();
  auto cosine = numbers(golden["hf_cosine_lr_by_step"]);
  auto constant = numbers(golden["kzl_gym_linear_warmup"]);
  auto floored = numbers(golden["mingpt_token_mult"]);
  for (size_t i = 0; i < cosine.size(); ++i) {
    auto step = static_cast<int64_t>(i);
    // Beyond the end the published cosine would rise again.
    if (step <= lengths.total)
      CAF_CHECK(
        close_to(rate * warm_up_and_cosine(step, lengths), cosine[i], 1e-12));
    CAF_CHECK(
      close_to(warm_up_and_constant(step, lengths), constant[i], 1e-12));
    CAF_CHECK(
      close_to(warm_up_and_floored_cosine(step, lengths), floored[i], 1e-12));
  }
  CAF_CHECK_EQUAL(warm_up_and_cosine(lengths.total + 5, lengths), 0.0);
}

CAF_TEST(a_schedule_without_a_rise_begins_at_one) {
  CAF_CHECK_EQUAL(warm_up_and_cosine(0, {0, 10}), 1.0);
  CAF_CHECK_EQUAL(warm_up_and_constant(0, {0, 10}), 1.0);
  CAF_CHECK_EQUAL(warm_up_and_cosine(0, {0, 0}), 0.0);
}
