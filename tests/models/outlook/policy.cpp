#define CAF_SUITE outlook.policy

#include "models/outlook/policy.hpp"

#include "tests/models/outlook/play.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct asked_action {
  std::vector<double> returns_to_go;
  std::vector<double> states;
  std::vector<double> positions;
  size_t step;
  std::vector<policy_action> actions;
};

// Takes the positions of a list, one after another, and the rest of an action.
struct script {
  std::vector<double> positions;
  policy_action rest{.size = 1};
  std::vector<asked_action> asked;
};

class policy_puppet final : public policy_model {
public:
  policy_puppet(policy_model_shape shape, script& lines)
    : shape_(std::move(shape)), lines_(&lines) {
    // nop
  }

  const policy_model_shape& shape() const noexcept override {
    return shape_;
  }

  fallible<policy_action> act(const policy_context& now) override {
    std::vector<double> positions;
    for (auto& x : now.actions)
      positions.push_back(x.position);
    lines_->asked.push_back(
      {{now.returns_to_go.begin(), now.returns_to_go.end()},
       {now.states.begin(), now.states.end()},
       std::move(positions),
       now.step,
       {now.actions.begin(), now.actions.end()}});
    auto index = lines_->asked.size() - 1;
    if (index >= lines_->positions.size())
      return fault{"no more lines"};
    auto result = lines_->rest;
    result.position = lines_->positions[index];
    return result;
  }

private:
  policy_model_shape shape_;
  script* lines_;
};

struct fixture {
  universe instruments = instruments_of(1);
  policy_model_shape shape{
    .features = {minute, {{"sma", "x", {}, {{"period", 1}}}}},
    .context = 3,
    .episode = 100,
    .target_return = 0.5,
    .cost = 0.01};
  script lines;
  heard_advice out;

  policy make() {
    auto made = policy::make(std::make_unique<policy_puppet>(shape, lines),
                             sources_of(shape.features, instruments));
    CAF_REQUIRE(made);
    return std::move(*made);
  }
};

bool close_to(double x, double y) {
  return std::abs(x - y) < 1e-12;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(policy_tests, fixture)

CAF_TEST(what_is_wanted_falls_by_what_was_earned_after_costs) {
  lines.positions = {1, -1, -1};
  auto aut = make();
  aut.step(closed_at(1, 100), out);
  aut.step(closed_at(2, 110), out);
  aut.step(closed_at(3, 99), out);
  CAF_REQUIRE_EQUAL(out.advices.size(), 3u);
  auto& last = lines.asked.back();
  CAF_REQUIRE_EQUAL(last.returns_to_go.size(), 3u);
  CAF_CHECK(close_to(last.returns_to_go[0], 0.5));
  CAF_MESSAGE("long over +10 %, for which one was bought");
  CAF_CHECK(close_to(last.returns_to_go[1], 0.5 - 0.1 + 0.01));
  CAF_MESSAGE("short over -10 %, for which two were sold");
  CAF_CHECK(close_to(last.returns_to_go[2], 0.5 - 0.1 + 0.01 - 0.1 + 0.02));
  CAF_CHECK(last.positions == (std::vector<double>{1, -1}));
  CAF_CHECK_EQUAL(last.step, 2u);
}

CAF_TEST(whole_actions_are_played_told_and_remembered) {
  lines.positions = {1, 1, 1, -1};
  lines.rest = {.size = 0.5, .stop = 0.1, .take_profit = 0.2};
  auto aut = make();
  auto step = [&](int64_t minutes, int64_t open, int64_t high, int64_t low,
                  int64_t close) {
    auto fact = closed_at(minutes, close);
    fact.value.open.ticks = open;
    fact.value.high.ticks = high;
    fact.value.low.ticks = low;
    aut.step(fact, out);
  };
  step(1, 100, 100, 100, 100);
  CAF_CHECK(
    (out.advices.back()
     == policy_advised{{0}, bar_at(1, 100).close_time, 1, 0.5, 0.1, 0.2}));
  CAF_MESSAGE("half a position meets its stop at 90, for which a half was "
              "bought and sold");
  step(2, 100, 105, 85, 95);
  auto left = 0.5 + 0.05 + 0.01;
  CAF_CHECK(close_to(lines.asked.back().returns_to_go.back(), left));
  CAF_MESSAGE("and is not held while it is wanted");
  step(3, 95, 190, 95, 190);
  CAF_CHECK(close_to(lines.asked.back().returns_to_go.back(), left));
  auto& seen = lines.asked.back().actions;
  CAF_REQUIRE_EQUAL(seen.size(), 2u);
  CAF_CHECK_EQUAL(seen[1].size, 0.5);
  CAF_CHECK_EQUAL(seen[1].stop, 0.1);
  CAF_CHECK_EQUAL(seen[1].take_profit, 0.2);
}

CAF_TEST(a_position_outlasts_its_episode) {
  shape.episode = 2;
  lines.positions = {1, 1, 1, 1};
  auto aut = make();
  for (int64_t i = 1; i <= 4; ++i)
    aut.step(closed_at(i, 100), out);
  CAF_MESSAGE("nothing was bought for the second one");
  CAF_CHECK(close_to(lines.asked.back().returns_to_go.back(), 0.5));
}

CAF_TEST(the_context_is_bounded_and_keeps_its_accounts) {
  lines.positions = {1, 1, 0, 0, 1};
  auto aut = make();
  for (int64_t i = 1; i <= 5; ++i)
    aut.step(closed_at(i, 100), out);
  auto& last = lines.asked.back();
  CAF_REQUIRE_EQUAL(last.returns_to_go.size(), 3u);
  CAF_REQUIRE_EQUAL(last.states.size(), 3u);
  CAF_CHECK(last.positions == (std::vector<double>{0, 0}));
  CAF_MESSAGE("one bought and sold again");
  CAF_CHECK(close_to(last.returns_to_go.back(), 0.52));
  CAF_CHECK_EQUAL(last.step, 4u);
}

CAF_TEST(a_new_episode_wants_the_target_again) {
  shape.episode = 2;
  lines.positions = {1, 1, 1};
  auto aut = make();
  for (int64_t i = 1; i <= 3; ++i)
    aut.step(closed_at(i, 100 * i), out);
  auto& last = lines.asked.back();
  CAF_CHECK(last.returns_to_go == std::vector<double>{0.5});
  CAF_CHECK(last.positions.empty());
  CAF_CHECK_EQUAL(last.step, 0u);
}

CAF_TEST(a_failing_model_is_silent_and_begins_anew) {
  lines.positions = {1};
  auto aut = make();
  aut.step(closed_at(1, 100), out);
  aut.step(closed_at(2, 100), out);
  CAF_REQUIRE_EQUAL(out.silences.size(), 1u);
  CAF_CHECK(out.silences[0].why == silence::failed);
  CAF_CHECK(out.silences[0].who == model_role::policy);
  lines.positions = {1, 1, 1};
  aut.step(closed_at(3, 100), out);
  CAF_CHECK_EQUAL(lines.asked.back().step, 0u);
}

CAF_TEST(a_gap_ends_the_episode) {
  lines.positions = {1, 1, 1};
  shape.features = {minute, {{"sma", "x", {}, {{"period", 2}}}}};
  auto aut = make();
  for (int64_t i : {1, 2, 3, 7, 8})
    aut.step(closed_at(i, 100), out);
  CAF_REQUIRE_EQUAL(out.silences.size(), 2u);
  CAF_CHECK(out.silences[0].why == silence::warming_up);
  CAF_CHECK(out.silences[1].why == silence::dirty);
  CAF_CHECK_EQUAL(lines.asked.back().step, 0u);
  CAF_CHECK_EQUAL(out.advices.size(), 3u);
}

CAF_TEST(warmed_up_policy_advises_the_same) {
  lines.positions = {0.5, -0.5, 0.25, 1};
  auto whole = make();
  for (int64_t i = 1; i <= 4; ++i)
    whole.step(closed_at(i, 100 + i), out);
  auto expected = lines.asked.back();
  lines.asked.clear();
  auto late = make();
  late.warm_up({0}, {bar_at(1, 101), bar_at(2, 102), bar_at(3, 103)});
  heard_advice after;
  late.step(closed_at(4, 104), after);
  CAF_REQUIRE_EQUAL(after.advices.size(), 1u);
  CAF_CHECK(after.advices[0] == out.advices.back());
  CAF_CHECK(lines.asked.back().returns_to_go == expected.returns_to_go);
  CAF_CHECK(lines.asked.back().positions == expected.positions);
}

CAF_TEST(an_episode_ends_with_a_bar_that_was_passed_over) {
  lines.positions = {1, 1, 1, 1};
  auto aut = make();
  aut.step(closed_at(1, 100), out);
  aut.step(closed_at(2, 110), out);
  aut.pass_over(closed_at(3, 120));
  CAF_CHECK_EQUAL(lines.asked.size(), 2u);
  aut.step(closed_at(4, 130), out);
  CAF_REQUIRE_EQUAL(lines.asked.size(), 3u);
  CAF_CHECK_EQUAL(lines.asked[2].step, 0u);
  CAF_CHECK((lines.asked[2].states == std::vector<double>{130}));
  CAF_CHECK((lines.asked[2].returns_to_go == std::vector<double>{0.5}));
  CAF_CHECK_EQUAL(out.advices.size(), 3u);
}

CAF_TEST_FIXTURE_SCOPE_END()
