#define CAF_SUITE datasets.trajectories

#include "models/datasets/trajectories.hpp"

#include "tests/models/datasets/waves.hpp"

#include "models/training/returns.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>

using namespace qalpha;
using namespace qalpha::test;

namespace {

training_set set_of(const market_rows& rows) {
  window_spec spec;
  spec.features.interval = std::chrono::hours{1};
  spec.features.features = {{"log_return", "r", {}, {}},
                            {"sma", "mean", {}, {{"period", 5}}}};
  spec.max_unusable = 0.5;
  auto result = training_set::make(spec, std::vector{rows});
  CAF_REQUIRE(result);
  return std::move(*result);
}

trajectory_settings short_episodes() {
  trajectory_settings result;
  result.episode = 10;
  result.players = 20;
  return result;
}

} // namespace

CAF_TEST(episodes_do_not_overlap_and_keep_off_gaps) {
  auto rows = walk_rows("A", 200, 1);
  for (auto& values : rows.columns)
    if (!values.empty())
      values.erase(values.begin() + 90);
  auto set = set_of(rows);
  auto settings = short_episodes();
  auto places = cut_episodes(set, settings);
  CAF_CHECK(places.size() > 10u);
  for (size_t i = 0; i < places.size(); ++i) {
    auto first = places[i].first;
    CAF_CHECK(first >= settings.behaviours.lookback);
    CAF_CHECK(i == 0 || first >= places[i - 1].first + 10);
    // Row 90 is the first one behind the gap.
    CAF_CHECK(first + 9 + 4 < 90 || first >= 90 + 8);
  }
  auto spans = spans_of(set, places, settings);
  CAF_CHECK_EQUAL(spans[0].end - spans[0].begin, (9 + 4) * 3'600'000);
}

CAF_TEST(rewards_are_net_of_costs_and_add_up_to_returns_to_go) {
  std::vector<double> closes{100, 110, 99, 99};
  std::vector<double> positions{1, -0.5, 0};
  auto rewards = rewards_of(positions, closes, 0, 0.01);
  CAF_CHECK(std::abs(rewards[0] - (0.1 - 0.01)) < 1e-12);
  CAF_CHECK(std::abs(rewards[1] - (0.05 - 0.015)) < 1e-12);
  CAF_CHECK(std::abs(rewards[2] - -0.005) < 1e-12);
  auto set = set_of(walk_rows("A", 200, 1));
  auto settings = short_episodes();
  for (const auto& one :
       play_episodes(set, cut_episodes(set, settings), settings, 1)) {
    double sum = 0;
    for (auto reward : one.rewards)
      sum += reward;
    CAF_CHECK(std::abs(one.total() - sum) < 1e-12);
    CAF_CHECK(one.returns_to_go.back() == one.rewards.back());
  }
}

CAF_TEST(only_the_oracle_knows_what_comes) {
  auto rows = walk_rows("A", 200, 3);
  auto settings = short_episodes();
  settings.players = 60;
  auto set = set_of(rows);
  auto places = cut_episodes(set, settings);
  auto last = places[3];
  auto& closes = rows.columns[market_column_index("close")];
  auto now = closes[last.first + 4];
  for (auto i = last.first + 5; i < closes.size(); ++i)
    closes[i] = now * now / closes[i];
  for (auto name : {"high", "low"})
    for (auto i = last.first + 5; i < closes.size(); ++i)
      rows.columns[market_column_index(name)][i] = closes[i]
                                                   * (*name == 'h' ? 1.1 : 0.9);
  auto changed = set_of(rows);
  auto before = play_episodes(set, {last}, settings, 7);
  auto after = play_episodes(changed, {last}, settings, 7);
  bool oracle_differs = false;
  for (size_t i = 0; i < before.size(); ++i) {
    CAF_REQUIRE(before[i].who == after[i].who);
    auto same = std::equal(before[i].positions.begin(),
                           before[i].positions.begin() + 5,
                           after[i].positions.begin());
    if (before[i].who == behaviour::oracle)
      oracle_differs |= !same;
    else
      CAF_CHECK(same);
  }
  CAF_CHECK(oracle_differs);
  for (size_t row = last.first; row < last.first + 5; ++row) {
    auto x = set.row(0, row);
    auto y = changed.row(0, row);
    CAF_CHECK(std::equal(x.begin(), x.end(), y.begin()));
  }
}

CAF_TEST(policies_play_as_often_as_their_shares_say) {
  behaviour_settings settings;
  seeded_random random{1, 2};
  std::array<double, behaviour_count> counts{};
  for (int i = 0; i < 20'000; ++i)
    counts[static_cast<size_t>(draw_behaviour(settings, random))] += 1.0
                                                                     / 20'000;
  for (size_t i = 0; i < behaviour_count; ++i)
    CAF_CHECK(std::abs(counts[i] - settings.shares[i]) < 0.015);
}

CAF_TEST(episodes_are_the_same_for_a_seed_whatever_else_is_played) {
  auto set = set_of(walk_rows("A", 300, 1));
  auto settings = short_episodes();
  auto places = cut_episodes(set, settings);
  auto all = play_episodes(set, places, settings, 5);
  auto late = play_episodes(set, {places[4]}, settings, 5);
  for (size_t i = 0; i < late.size(); ++i)
    CAF_CHECK(late[i].positions == all[4 * 20 + i].positions);
  CAF_CHECK(return_quantile(all, 0.8) > return_quantile(all, 0.5));
}

CAF_TEST(settings_that_cannot_be_are_faults) {
  trajectory_settings settings;
  CAF_CHECK(!check(settings));
  settings.behaviours.shares = {0.2, 0.2, 0.2, 0.2, 0.2};
  auto problem = check(settings);
  CAF_REQUIRE(problem);
  CAF_CHECK(problem->text.find("shares.oracle") == 0);
  settings = {};
  settings.behaviours.shares[0] = 0.5;
  CAF_CHECK(check(settings));
}
