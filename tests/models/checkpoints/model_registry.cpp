#define CAF_SUITE model_registry

#include "models/checkpoints/model_registry.hpp"

#include "models/checkpoints/sha256.hpp"

#include <caf/test/unit_test.hpp>

#include <random>

using namespace qalpha;

namespace {

constexpr auto forecaster = model_role::forecaster;
constexpr auto policy = model_role::policy;

model_version version_of(const std::string& id, uint32_t version) {
  return {id, version, sha256_of(id + std::to_string(version))};
}

decision_note note(int64_t at_ms = 1) {
  return {at_ms, "ann", "looks \"good\""};
}

std::string fault_of(const std::string& text) {
  auto result = model_registry::read(text);
  return result ? "none" : result.error().text;
}

template <class T>
std::string fault_of(const fallible<T>& x) {
  return x ? "none" : x.error().text;
}

model_registry some_history() {
  model_registry result;
  CAF_REQUIRE(result.promote(forecaster, version_of("a", 1), note(1)));
  CAF_REQUIRE(result.promote(policy, version_of("p", 1), note(2)));
  CAF_REQUIRE(result.promote(forecaster, version_of("a", 2), note(3)));
  CAF_REQUIRE(result.promote(forecaster, version_of("b", 1), note(4)));
  return result;
}

} // namespace

CAF_TEST(one_version_is_live_in_each_role) {
  auto registry = some_history();
  CAF_CHECK(registry.live(forecaster) == version_of("b", 1));
  CAF_CHECK(registry.live(policy) == version_of("p", 1));
  CAF_CHECK(!registry.live(model_role::regimes));
  CAF_CHECK(registry.state_of("b", 1) == model_state::live);
  CAF_CHECK(registry.state_of("a", 2) == model_state::retired);
  CAF_CHECK(registry.state_of("a", 3) == model_state::candidate);
  CAF_CHECK_EQUAL(
    fault_of(registry.promote(forecaster, version_of("b", 1), note())),
    "b 1 is the live forecaster already");
}

CAF_TEST(a_rollback_leads_to_what_was_live_before) {
  auto registry = some_history();
  CAF_CHECK(*registry.roll_back(forecaster, note(5)) == version_of("a", 2));
  CAF_CHECK(registry.live(forecaster) == version_of("a", 2));
  CAF_CHECK(registry.state_of("b", 1) == model_state::retired);
  CAF_MESSAGE("what was rolled back is not what a second one leads to");
  CAF_REQUIRE(registry.promote(forecaster, version_of("c", 7), note(6)));
  CAF_CHECK(*registry.roll_back(forecaster, note(7)) == version_of("a", 2));
  CAF_CHECK(*registry.roll_back(forecaster, note(8)) == version_of("a", 1));
  CAF_CHECK_EQUAL(fault_of(registry.roll_back(forecaster, note(9))),
                  "no forecaster was live before the present one");
  CAF_CHECK_EQUAL(fault_of(registry.roll_back(model_role::regimes, note())),
                  "no regimes was live before the present one");
  CAF_CHECK_EQUAL(registry.history().size(), 8u);
}

CAF_TEST(a_registry_reads_back_with_who_when_and_why) {
  auto registry = some_history();
  CAF_REQUIRE(registry.roll_back(forecaster, note(5)));
  auto again = model_registry::read(registry.text());
  CAF_REQUIRE(again);
  CAF_CHECK(again->history() == registry.history());
  CAF_CHECK(again->live(forecaster) == registry.live(forecaster));
  CAF_CHECK_EQUAL(again->text(), registry.text());
  CAF_CHECK(again->history().back().note == note(5));
  auto empty = model_registry::read(model_registry{}.text());
  CAF_REQUIRE(empty);
  CAF_CHECK(empty->history().empty());
}

CAF_TEST(a_text_that_contradicts_itself_is_refused) {
  auto registry = some_history();
  CAF_REQUIRE(registry.roll_back(forecaster, note(5)));
  auto with = [&](const std::string& from, const std::string& to) {
    auto text = registry.text();
    auto at = text.rfind(from);
    CAF_REQUIRE(at != text.npos);
    return fault_of(text.replace(at, from.size(), to));
  };
  CAF_CHECK_EQUAL(with("\"format\": 1", "\"format\": 2"),
                  "format: expected a whole number from 1 to 1, found the "
                  "number 2");
  CAF_CHECK_EQUAL(with("forecaster", "forcaster"),
                  "changes[4].role: \"forcaster\" is not known, did you mean "
                  "\"forecaster\"?");
  CAF_CHECK_EQUAL(with("\"id\": \"a\"", "\"id\": \"c\""),
                  "changes[4]: the forecaster before the live one is not c 2");
  CAF_CHECK_EQUAL(with("forecaster", "policy"),
                  "changes[4]: the policy before the live one is not a 2");
  CAF_CHECK_EQUAL(with("\"id\": \"a\"", "\"id\": \"../a\""),
                  "changes[4]: id: expected 1 to 64 lower case letters, digits "
                  "and dashes, found \"../a\"");
  CAF_CHECK_EQUAL(with("\"who\"", "\"wo\""),
                  "changes[4]: key \"wo\" is not known, did you mean \"who\"?");
  CAF_CHECK_EQUAL(with("\"ann\"", "\"\""),
                  "changes[4]: who: expected a name of at most 64 bytes, found "
                  "\"\"");
}

CAF_TEST(notes_are_one_clean_line) {
  model_registry registry;
  auto refused = [&](const decision_note& x) {
    return !registry.promote(forecaster, version_of("a", 1), x);
  };
  CAF_CHECK(refused({-1, "ann", ""}));
  CAF_CHECK(refused({1, "", ""}));
  CAF_CHECK(refused({1, std::string(65, 'a'), ""}));
  CAF_CHECK(refused({1, "ann", "a\nb"}));
  CAF_CHECK(refused({1, "ann", std::string(201, 'a')}));
  CAF_CHECK(registry.history().empty());
  CAF_CHECK(!refused({1, "ann", ""}));
}

CAF_TEST(the_history_is_bounded_and_a_rollback_still_has_room) {
  model_registry registry;
  for (size_t i = 0; i < model_registry::most_changes; ++i)
    CAF_REQUIRE(registry.promote(
      forecaster, version_of("a", static_cast<uint32_t>(i + 1)), note()));
  CAF_CHECK(!registry.promote(forecaster, version_of("b", 1), note()));
  CAF_CHECK(registry.roll_back(forecaster, note()));
  auto text = registry.text();
  CAF_CHECK(text.size() < largest_registry);
  CAF_CHECK(model_registry::read(text));
}

CAF_TEST(any_sequence_of_decisions_reads_back) {
  std::mt19937_64 dice{11};
  model_registry registry;
  for (int i = 0; i < 300; ++i) {
    auto role = static_cast<model_role>(dice() % model_role_count);
    if (dice() % 3 == 0)
      (void)registry.roll_back(role, note(i));
    else
      (void)registry.promote(
        role, version_of("m", static_cast<uint32_t>(1 + dice() % 4)), note(i));
    auto again = model_registry::read(registry.text());
    CAF_REQUIRE(again);
    for (auto each : {forecaster, model_role::regimes, policy}) {
      CAF_REQUIRE(again->live(each) == registry.live(each));
      CAF_REQUIRE(again->before(each) == registry.before(each));
    }
  }
}
