#define CAF_SUITE model_health

#include "models/outlook/model_health.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/test/unit_test.hpp>

using namespace qalpha;

namespace {

model_health healthy() {
  model_health x;
  x.time = {1'700'000'000'000'000'000};
  x.id = "tft-btc";
  x.version = 2;
  x.is_approved = true;
  x.has_schema = true;
  x.trained_at = x.time - std::chrono::hours{240};
  x.drift.value = 0.1;
  x.drifted_column = "fast";
  x.coverage.value = 0.8;
  x.disagreement.value = 0.29;
  x.answer_ms.value = 50;
  x.answers = 1000;
  x.passed_over = 3;
  x.silent_bars = 1;
  return x;
}

template <class Change>
std::vector<model_finding> after(Change change, model_limits limits = {}) {
  auto x = healthy();
  change(x);
  return judge(x, limits);
}

/// @returns whether there is exactly that problem with that text.
bool finds(const std::vector<model_finding>& all, model_problem problem,
           const std::string& text) {
  if (all == std::vector<model_finding>{{problem, text}})
    return true;
  for (const auto& x : all)
    CAF_MESSAGE(to_string(x.problem) << ": " << x.text);
  return false;
}

} // namespace

CAF_TEST(a_healthy_model_and_one_that_is_not_known_yet_have_no_problem) {
  CAF_CHECK(judge(healthy()).empty());
  CAF_CHECK(after([](auto& x) {
              x.drift = x.coverage = x.disagreement = x.answer_ms = {};
            }).empty());
}

CAF_TEST(each_limit_is_its_own_problem) {
  using p = model_problem;
  CAF_CHECK(finds(after([](auto& x) { x.is_approved = false; }),
                  p::not_approved, "tft-btc 2 is not what was approved"));
  CAF_CHECK(finds(after([](auto& x) { x.has_schema = false; }), p::wrong_schema,
                  "tft-btc 2 reads features that this program does not "
                  "compute"));
  CAF_CHECK(finds(after([](auto& x) { x.was_not_finite = true; }),
                  p::not_finite,
                  "tft-btc 2 answered with a value that is not finite"));
  CAF_CHECK(finds(after([](auto& x) { x.silent_bars = 2; }), p::silent,
                  "tft-btc 2 gave no answer for 2 bars, the limit is 2"));
  CAF_CHECK(finds(after([](auto& x) { x.answer_ms.value = 50.1; }), p::slow,
                  "tft-btc 2 takes 50.1 ms (99 of 100 answers), the limit is "
                  "50 ms"));
  CAF_CHECK(finds(after([](auto& x) { x.drift.value = 0.25; }), p::drifted,
                  "tft-btc 2 sees another market than in training: stability "
                  "index of fast 0.25, the limit is 0.25"));
  CAF_CHECK(finds(after([](auto& x) { x.coverage.value = 0.59; }),
                  p::uncalibrated,
                  "tft-btc 2 is right about its band of 80 % in 59.0 % of "
                  "cases, 60 to 95 % are allowed"));
  CAF_CHECK(finds(after([](auto& x) {
                    x.disagreement.value = 0.5;
                    x.disagreeing_in_a_row = 3;
                  }),
                  p::disagreeing,
                  "tft-btc 2 has disagreed for 3 decisions, by 0.50"));
  CAF_CHECK(finds(after([](auto&) {}, {.age = std::chrono::hours{239}}), p::old,
                  "tft-btc 2 was trained 10 days ago, the limit is 9"));
}

CAF_TEST(limits_are_inside_or_outside_as_documented) {
  CAF_CHECK(after([](auto& x) { x.coverage.value = 0.60; }).empty());
  CAF_CHECK(after([](auto& x) { x.coverage.value = 0.95; }).empty());
  CAF_CHECK_EQUAL(after([](auto& x) { x.coverage.value = 0.96; }).size(), 1u);
  CAF_CHECK(after([](auto&) {}, {.age = std::chrono::hours{240}}).empty());
}

CAF_TEST(the_worst_comes_first_and_some_need_a_person) {
  auto all = after([](auto& x) {
    x.drift.value = 1;
    x.is_approved = false;
  });
  CAF_REQUIRE_EQUAL(all.size(), 2u);
  CAF_CHECK(needs_person(all[0].problem));
  CAF_CHECK(!needs_person(all[1].problem));
  CAF_CHECK_EQUAL(to_string(model_problem::old), "old");
  CAF_CHECK_EQUAL(to_string(model_problem::slow), "slow");
}

CAF_TEST(a_report_travels_whole_and_absent_stays_absent) {
  caf::actor_system_config config;
  caf::actor_system system{config};
  auto sent = healthy();
  sent.coverage = {};
  std::vector<char> bytes;
  caf::binary_serializer sink{system, bytes};
  CAF_REQUIRE(!sink(sent));
  model_health got;
  got.coverage.value = 1;
  caf::binary_deserializer source{system, bytes};
  CAF_REQUIRE(!source(got));
  CAF_CHECK(got == sent);
}
