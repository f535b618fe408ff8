#define CAF_SUITE node.session_models

#include "runtime/node/session_models.hpp"

#include "tests/runtime/outlook/model_store.hpp"
#include "tests/runtime/outlook/puppet_loaders.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr auto hour = std::chrono::hours{1};
constexpr utc_time trained{1'700'000'000'000'000'000};

struct fixture : model_store {
  universe instruments = instruments_of(1);
  model_loaders loaders{load_puppet, nullptr, nullptr};
  node_config config;

  fixture() {
    config.models.directory = root;
    config.models.forecaster = "plain@1";
    config.models.max_age = 10 * 24 * hour;
    config.models.answer_within = std::chrono::milliseconds{300};
    config.feed.bar_interval = hour;
  }

  // What is said to a bar that closes so long after the training.
  std::string said(run_mode mode, timespan after) {
    config.mode = mode;
    auto models = open_models(config, &loaders, instruments);
    CAF_REQUIRE_EQUAL(models ? "" : models.error().text, "");
    auto machine = models->set.make_forecaster();
    auto close = trained + after;
    heard out;
    machine.step(
      bar_closed{{0}, {close - hour, close, {1}, {1}, {1}, {1}, {1}}}, out);
    return out.silences.empty() ? "forecast"
                                : std::string{to_string(out.silences[0].why)};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(session_models_tests, fixture)

CAF_TEST(a_real_market_asks_no_model_that_is_too_old) {
  auto limit = config.models.max_age;
  CAF_CHECK_EQUAL(said(run_mode::paper, limit), "forecast");
  CAF_CHECK_EQUAL(said(run_mode::paper, limit + hour), "too old");
  CAF_CHECK_EQUAL(said(run_mode::paper, -limit), "forecast");
}

CAF_TEST(a_generated_market_has_times_of_its_own) {
  auto limit = config.models.max_age;
  CAF_CHECK_EQUAL(said(run_mode::demo, 100 * limit), "forecast");
}

CAF_TEST(models_come_with_their_settings_and_lines_for_people) {
  auto models = open_models(config, &loaders, instruments);
  CAF_REQUIRE(models);
  CAF_CHECK(models->set.answer_within == config.models.answer_within);
  CAF_CHECK_EQUAL(models->set.roles().count(), 1u);
  CAF_REQUIRE_EQUAL(models->lines.size(), 1u);
  CAF_CHECK(models->lines[0].starts_with("forecaster plain@1 "));
  CAF_CHECK_EQUAL(models->chosen[0]->version.id, "plain");
}

CAF_TEST(a_program_without_loaders_refuses_models_and_nothing_else) {
  auto models = open_models(config, nullptr, instruments);
  CAF_REQUIRE(!models);
  CAF_CHECK_EQUAL(models.error().text,
                  "models: this program was built without LibTorch");
  config.models.forecaster = "none";
  models = open_models(config, nullptr, instruments);
  CAF_REQUIRE(models);
  CAF_CHECK(models->set.roles().none());
  CAF_CHECK(models->lines.empty());
}

CAF_TEST(a_setting_that_is_wrong_is_named) {
  config.models.forecaster = "plain@7";
  auto models = open_models(config, &loaders, instruments);
  CAF_REQUIRE(!models);
  CAF_CHECK(models.error().text.starts_with("models.forecaster: "));
}

CAF_TEST_FIXTURE_SCOPE_END()
