#define CAF_SUITE outlook.model_loading

#include "runtime/outlook/model_loading.hpp"

#include "tests/runtime/outlook/model_store.hpp"
#include "tests/runtime/outlook/puppet_loaders.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr auto hour = std::chrono::hours{1};
constexpr auto day = std::chrono::hours{24};
constexpr utc_time trained{1'700'000'000'000'000'000};

fallible<std::unique_ptr<quantile_model>> load_none(const checkpoint&) {
  return fault{"tensor decoder.bias: expected 3 values, found 1"};
}

fallible<std::unique_ptr<quantile_model>> load_odd(const checkpoint& from) {
  quantile_model_shape shape{.features = from.about.features,
                             .known = {"weather"},
                             .lookback = 1,
                             .horizon = 1,
                             .levels = {0.5},
                             .series = {}};
  return std::unique_ptr<quantile_model>{
    std::make_unique<quantile_puppet>(shape, quantile_forecast{}, asked)};
}

struct fixture : model_store {
  universe instruments = instruments_of(1);
  chosen_models chosen;
  model_loaders loaders{load_puppet, nullptr, nullptr};
  heard out;

  fixture() {
    asked.clear();
    chosen[0] = std::make_shared<stored_checkpoint>(*store.load("plain", 1));
  }

  fallible<model_set> load(std::optional<timespan> max_age = std::nullopt) {
    return load_model_set(
      chosen, loaders,
      {.instruments = instruments,
       .sources
       = [](const feature_plan& plan,
            const instrument& rules) { return stream_features(plan, rules); },
       .answer_within = std::chrono::milliseconds{700},
       .max_age = max_age});
  }

  bar_closed closing(utc_time at) const {
    return {{0}, {at - hour, at, {100}, {100}, {100}, {100}, {1}}};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(model_loading_tests, fixture)

CAF_TEST(no_model_makes_an_empty_set) {
  chosen = {};
  auto made = load();
  CAF_REQUIRE(made);
  CAF_CHECK(made->roles().none());
  CAF_CHECK(made->answer_within == std::chrono::milliseconds{700});
}

CAF_TEST(each_life_of_an_actor_gets_a_machine_of_its_own) {
  auto made = load();
  CAF_REQUIRE_EQUAL(made ? "" : made.error().text, "");
  CAF_CHECK_EQUAL(made->roles().to_string(), "001");
  auto first = made->make_forecaster();
  auto second = made->make_forecaster();
  CAF_CHECK(&first.model() != &second.model());
  first.step(closing(trained), out);
  first.step(closing(trained), out);
  second.step(closing(trained), out);
  CAF_CHECK_EQUAL(out.forecasts.size(), 2u);
}

CAF_TEST(those_who_watch_hear_which_version_it_is_and_what_it_reads) {
  auto machine = load()->make_forecaster();
  machine.step(closing(trained + day), out);
  CAF_REQUIRE_EQUAL(out.reports.size(), 1u);
  auto& report = out.reports[0];
  CAF_CHECK_EQUAL(report.id, "plain");
  CAF_CHECK_EQUAL(report.version, 1u);
  CAF_CHECK(report.role == model_role::forecaster);
  CAF_CHECK(report.trained_at == trained);
}

CAF_TEST(a_model_that_cannot_be_made_is_a_fault_with_its_version) {
  loaders.forecaster = load_none;
  auto made = load();
  CAF_REQUIRE(!made);
  CAF_CHECK_EQUAL(made.error().text, "plain@1: tensor decoder.bias: expected "
                                     "3 values, found 1");
  loaders.forecaster = load_odd;
  made = load();
  CAF_REQUIRE(!made);
  CAF_CHECK_EQUAL(made.error().text,
                  "plain@1: known: there is no column \"weather\"");
}

CAF_TEST(an_old_model_is_not_asked_and_says_why) {
  auto machine = load(90 * day)->make_forecaster();
  machine.step(closing(trained + 90 * day), out);
  CAF_CHECK_EQUAL(out.forecasts.size(), 1u);
  machine.step(closing(trained + 90 * day + hour), out);
  CAF_CHECK_EQUAL(out.forecasts.size(), 1u);
  CAF_REQUIRE_EQUAL(out.silences.size(), 1u);
  CAF_CHECK(out.silences[0].why == silence::too_old);
  CAF_CHECK_EQUAL(asked.size(), 1u);
  CAF_MESSAGE("for ever, which is worth an alarm");
  machine.step(closing(trained + 90 * day + 2 * hour), out);
  auto problems = judge(out.reports.back());
  CAF_REQUIRE_EQUAL(problems.size(), 1u);
  CAF_CHECK(problems[0].problem == model_problem::silent);
}

CAF_TEST(without_a_limit_no_age_is_too_high) {
  auto machine = load()->make_forecaster();
  machine.step(closing(trained + 10'000 * day), out);
  CAF_CHECK_EQUAL(out.forecasts.size(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
