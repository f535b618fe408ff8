// What a market does not notice of models that are too slow for it.

#define CAF_SUITE oracle.slow_models

#include "tests/actors/oracle/slow_world.hpp"

using namespace qalpha;
using namespace qalpha::test;

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds usual{4};
constexpr milliseconds ten_times{40};

// What a run leaves behind.
struct outcome {
  std::string hash;
  words facts;
  size_t fills = 0;
  std::vector<std::pair<uint16_t, uint64_t>> beats;

  bool operator==(const outcome&) const = default;
};

outcome outcome_of(slow_world& world) {
  return {world.facts.hash(), world.facts.seen, world.exchange.fills,
          world.heart.beats};
}

// A strategy that asks no model, next to models that are asked.
outcome market_beside(std::optional<timespan> each) {
  slow_world world;
  world.start_node(each.has_value(), false);
  if (each)
    world.pace.each = *each;
  for (int i = 0; i < 6; ++i) {
    world.wish = exposure{i % 2 == 0 ? 5'000 : -5'000};
    world.play_minute(1'000 + i);
  }
  return outcome_of(world);
}

outcome market_after(timespan each, slow_world::late_answers late) {
  slow_world world;
  world.start_node(true, true);
  world.pace.each = each;
  world.late = late;
  for (int i = 0; i < 8; ++i)
    world.play_minute(1'000 + i);
  return outcome_of(world);
}

} // namespace

CAF_TEST(
  market_and_orders_are_the_same_beside_models_that_take_ten_times_as_long) {
  auto without = market_beside(std::nullopt);
  CAF_CHECK(without.fills >= 5u * many);
  CAF_CHECK_EQUAL(without.beats.size(), 6u * 49 * many);
  CAF_CHECK(market_beside(usual) == without);
  CAF_CHECK(market_beside(ten_times) == without);
  CAF_MESSAGE("one that never comes to an end");
  CAF_CHECK(market_beside(std::chrono::hours{1}) == without);
}

CAF_TEST(a_late_answer_is_as_good_as_none) {
  for (timespan each : {timespan{ten_times}, timespan{seconds{2}}}) {
    auto come = market_after(each, slow_world::late_answers::come);
    auto lost = market_after(each, slow_world::late_answers::get_lost);
    CAF_CHECK(come == lost);
  }
  CAF_MESSAGE("and one in time is not");
  CAF_CHECK(market_after(usual, slow_world::late_answers::come).hash
            != market_after(ten_times, slow_world::late_answers::come).hash);
}

CAF_TEST(slowness_raises_one_alarm_and_speed_clears_it) {
  slow_world world;
  world.start_node(true, true);
  auto& late = world.state_of<allocator_state>(world.allocator).machine;
  world.pace.each = usual;
  for (int i = 0; i < 3; ++i)
    world.play_minute();
  CAF_CHECK_EQUAL(late->late(model_role::forecaster), 0u);
  CAF_CHECK_EQUAL(world.alerts("model_late"), 0u);
  world.pace.each = ten_times;
  for (int i = 0; i < 4; ++i)
    world.play_minute();
  CAF_MESSAGE("twenty-five questions fit into the second that there is");
  CAF_CHECK_EQUAL(world.alerts("model_late"), 1u);
  CAF_CHECK_EQUAL(world.alerts("model_in_time"), 0u);
  auto missed = late->late(model_role::forecaster);
  // No bar is left to a model that is stopped out of one in five.
  CAF_CHECK(missed >= 3u * 24 && missed <= 4u * 26);
  CAF_CHECK(world.pace.passed_over >= 3u * 23);
  CAF_REQUIRE_EQUAL(world.guardian_heard.size(), 1u);
  CAF_CHECK_EQUAL(world.guardian_heard[0].in_a_row, 2u);
  world.pace.each = usual;
  world.play_minute();
  world.play_minute();
  CAF_CHECK_EQUAL(world.alerts("model_in_time"), 1u);
  CAF_REQUIRE_EQUAL(world.guardian_heard.size(), 2u);
  CAF_CHECK_EQUAL(world.guardian_heard[1].in_a_row, 0u);
  CAF_CHECK_EQUAL(world.guardian_heard[1].total, missed);
  CAF_CHECK_EQUAL(late->late(model_role::forecaster), missed);
}

CAF_TEST(slow_answers_are_an_alarm_even_if_they_are_in_time) {
  slow_world world;
  world.start_node(true, true);
  world.pace.each = milliseconds{60};
  world.play_minute();
  world.play_minute();
  CAF_CHECK_EQUAL(world.alerts("model_slow"), 1u);
  world.pace.each = usual;
  // The slowest of the last hundred, ten of a thousand.
  for (int i = 0; i < 25; ++i)
    world.play_minute();
  CAF_CHECK_EQUAL(world.alerts("model_slow"), 1u);
  CAF_CHECK_EQUAL(world.alerts("model_well"), 1u);
}

CAF_TEST(a_model_that_is_slower_than_the_market_has_one_question_a_symbol) {
  slow_world world;
  world.start_node(true, true);
  world.pace.each = std::chrono::minutes{3};
  for (int i = 0; i < 10; ++i)
    world.play_minute();
  CAF_MESSAGE("it was asked before each of its naps");
  CAF_CHECK_EQUAL(world.pace.asked, 4u);
  CAF_CHECK(world.most_waiting <= many);
  CAF_CHECK(world.model_state().waiting.size() <= many);
  world.pace.each = usual;
  auto asked = world.pace.asked;
  for (int i = 0; i < 3; ++i)
    world.play_minute();
  CAF_MESSAGE("awake, it has thrown away what nobody waits for");
  CAF_CHECK_EQUAL(world.model_state().waiting.size(), 0u);
  CAF_CHECK(world.pace.asked - asked <= 3u * many);
  CAF_CHECK_EQUAL(world.alerts("model_in_time"), 1u);
}

CAF_TEST(the_guardian_halts_while_models_compute) {
  slow_world world;
  world.start_node(true, true);
  world.play_minute();
  world.pace.each = std::chrono::hours{1};
  world.play_minute();
  CAF_REQUIRE(world.elapsed < world.pace.busy_until);
  CAF_MESSAGE(world.status_of(world.peers.guardian).state
              << static_cast<int>(world.gate.read().mode));
  CAF_REQUIRE(world.gate.read().mode == gate_mode::open);
  world.self->send(world.peers.guardian,
                   operator_command{operator_verb::flatten, "test", ""});
  world.settle();
  CAF_CHECK(world.gate.read().mode != gate_mode::open);
  CAF_CHECK_EQUAL(world.to_notifier.last<state_changed>().source, "operator");
  for (int i = 0; i < 3; ++i)
    world.play_minute();
  CAF_MESSAGE("every executor took the news, so nobody cancelled for it");
  CAF_CHECK_EQUAL(world.exchange.cancelled_all, 0u);
  auto& guard = world.state_of<guardian_state>(world.peers.guardian);
  CAF_CHECK(!guard.machine->current().flatten);
}
