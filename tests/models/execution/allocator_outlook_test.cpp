#define CAF_SUITE execution.allocator_outlook

#include "models/execution/allocator.hpp"

#include <caf/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

using namespace qalpha;

namespace {

constexpr timespan minute = std::chrono::minutes{1};
constexpr timespan second = std::chrono::seconds{1};
constexpr utc_time t0{1'700'000'000'000'000'000};

struct log final : allocator::effects {
  std::vector<account_query> queries;
  std::vector<decision> decisions;
  std::vector<model_late> delays;
  std::vector<models_disagree> disagreements;

  void tell(const account_query& x) override {
    queries.push_back(x);
  }

  void tell(const decision& x) override {
    decisions.push_back(x);
  }

  void tell(const target_position&) override {
    // nop
  }

  void tell(const model_late& x) override {
    delays.push_back(x);
  }

  void tell(const models_disagree& x) override {
    disagreements.push_back(x);
  }
};

// Wants what the forecast says; keeps what it heard.
struct listener : strategy {
  explicit listener(std::vector<outlook>& heard) : heard_(&heard) {
    // nop
  }

  std::vector<feature_request> features() const override {
    return {};
  }

  bool listens() const override {
    return true;
  }

  std::optional<exposure> on_bar(const bar&, std::span<const double>) override {
    return std::nullopt;
  }

  std::optional<exposure> on_outlook(const outlook& said) override {
    heard_->push_back(said);
    if (!said.forecast)
      return std::nullopt;
    return exposure{static_cast<int32_t>(said.forecast->quantiles.at(0))};
  }

  std::string reason() const override {
    return "listener";
  }

  std::vector<outlook>* heard_;
};

struct fixture {
  universe instruments{*instrument::make(
    {0}, {.name = "S0", .tick_e8 = 10'000'000, .lot_e8 = 100'000})};
  std::vector<outlook> heard;
  log out;
  std::optional<allocator> aut;
  utc_time close = t0;

  fixture() {
    ask(0b101);
  }

  void ask(model_roles who) {
    std::vector<symbol_strategy> brains;
    brains.emplace_back(
      std::make_unique<listener>(heard),
      stream_features(*feature_plan::make({}), instruments[0]));
    aut.emplace(instruments, sizing_settings{}, minute, std::move(brains), who,
                second);
  }

  void next_bar() {
    auto open = close;
    close = close + minute;
    aut->step(bar_closed{{0}, {open, close, {100}, {100}, {100}, {100}, {1}}},
              out);
  }

  void forecast(double bps) {
    aut->step(forecast_made{.symbol = {0},
                            .time = close,
                            .levels = {0.05},
                            .quantiles = {bps},
                            .because = {}},
              out);
  }

  void advice() {
    aut->step(policy_advised{{0}, close, 1, 1}, out);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(allocator_outlook_tests, fixture)

CAF_TEST(the_opinion_comes_when_all_models_have_spoken) {
  next_bar();
  forecast(5'000);
  CAF_CHECK(heard.empty());
  CAF_CHECK(out.queries.empty());
  advice();
  CAF_REQUIRE_EQUAL(heard.size(), 1u);
  CAF_CHECK(heard[0].forecast && heard[0].advice && !heard[0].market);
  CAF_REQUIRE_EQUAL(out.queries.size(), 1u);
  CAF_MESSAGE("the decision is about the bar, whenever the models spoke");
  CAF_CHECK_EQUAL(out.queries[0].time.ns, close.ns);
}

CAF_TEST(time_ends_the_wait_and_late_answers_are_dropped) {
  next_bar();
  forecast(5'000);
  aut->step(close + second, out);
  CAF_CHECK(heard.empty());
  aut->step(close + second + timespan{1}, out);
  CAF_REQUIRE_EQUAL(heard.size(), 1u);
  CAF_CHECK(heard[0].forecast && !heard[0].advice);
  CAF_CHECK_EQUAL(aut->late(model_role::policy), 1u);
  CAF_CHECK_EQUAL(aut->late(model_role::forecaster), 0u);
  advice();
  CAF_CHECK_EQUAL(heard.size(), 1u);
  CAF_CHECK_EQUAL(out.queries.size(), 1u);
}

CAF_TEST(the_next_bar_ends_the_wait_as_well) {
  next_bar();
  advice();
  next_bar();
  CAF_REQUIRE_EQUAL(heard.size(), 1u);
  CAF_CHECK(!heard[0].forecast);
  CAF_CHECK_EQUAL(aut->late(model_role::forecaster), 1u);
  forecast(5'000);
  advice();
  CAF_REQUIRE_EQUAL(heard.size(), 2u);
  CAF_CHECK(heard[1].forecast);
  CAF_CHECK_EQUAL(heard[1].time.ns, close.ns);
}

CAF_TEST(a_model_that_misses_its_time_twice_is_told_until_it_is_in_time_again) {
  auto patience_ends = [this] { aut->step(close + second + timespan{1}, out); };
  next_bar();
  advice();
  patience_ends();
  CAF_CHECK(out.delays.empty());
  next_bar();
  patience_ends();
  CAF_REQUIRE_EQUAL(out.delays.size(), 1u);
  CAF_CHECK(
    (out.delays[0] == model_late{{0}, close, model_role::forecaster, 2, 2}));
  next_bar();
  forecast(5'000);
  advice();
  CAF_REQUIRE_EQUAL(out.delays.size(), 2u);
  CAF_CHECK(
    (out.delays[1] == model_late{{0}, close, model_role::forecaster, 0, 2}));
  next_bar();
  advice();
  next_bar();
  CAF_CHECK_EQUAL(out.delays.size(), 2u);
  CAF_MESSAGE("one that says that it has no answer is not late");
  for (int i = 0; i < 3; ++i) {
    forecast(0);
    aut->step(model_silent{{0}, close, model_role::policy, silence::failed},
              out);
    next_bar();
  }
  CAF_CHECK_EQUAL(out.delays.size(), 2u);
}

CAF_TEST(without_models_the_strategy_hears_that_nobody_was_asked) {
  ask({});
  next_bar();
  CAF_REQUIRE_EQUAL(heard.size(), 1u);
  CAF_CHECK(heard[0].asked.none());
  CAF_CHECK(!heard[0].forecast);
  CAF_CHECK(out.queries.empty());
}

CAF_TEST(a_bar_that_is_told_twice_is_asked_about_once) {
  next_bar();
  forecast(5'000);
  advice();
  close = close - minute;
  next_bar();
  forecast(7'000);
  advice();
  CAF_CHECK_EQUAL(heard.size(), 1u);
  CAF_CHECK_EQUAL(out.queries.size(), 1u);
}

CAF_TEST(lasting_disagreement_of_forecast_and_policy_is_told_once) {
  auto say = [this](double forecast_bps, double position) {
    next_bar();
    forecast(forecast_bps);
    aut->step(policy_advised{{0}, close, position, 1}, out);
  };
  for (int i = 0; i < 5; ++i)
    say(100, 1);
  CAF_CHECK(out.disagreements.empty());
  for (int i = 0; i < 10; ++i)
    say(100, -1);
  CAF_REQUIRE_EQUAL(out.disagreements.size(), 1u);
  CAF_CHECK(out.disagreements[0].in_a_row >= 3u);
  for (int i = 0; i < 30; ++i)
    say(100, 1);
  CAF_REQUIRE_EQUAL(out.disagreements.size(), 2u);
  CAF_CHECK_EQUAL(out.disagreements[1].in_a_row, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
