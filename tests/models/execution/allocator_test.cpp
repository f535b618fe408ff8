#define CAF_SUITE execution.allocator

#include "models/execution/allocator.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <stdexcept>

using namespace qalpha;

namespace {

struct log final : allocator::effects {
  std::vector<account_query> queries;
  std::vector<decision> decisions;
  std::vector<target_position> targets;
  std::vector<char> order;

  void tell(const account_query& x) override {
    queries.push_back(x);
    order.push_back('q');
  }

  void tell(const decision& x) override {
    decisions.push_back(x);
    order.push_back('d');
  }

  void tell(const model_late&) override {
    // nop
  }

  void tell(const models_disagree&) override {
    // nop
  }

  void tell(const target_position& x) override {
    targets.push_back(x);
    order.push_back('t');
  }
};

// Says what it is told to say.
struct puppet : strategy {
  struct script {
    std::optional<exposure> next;
    size_t bars = 0;
    // The index price around each bar.
    std::vector<double> read;
  };

  explicit puppet(script& lines) : lines_(&lines) {
    // nop
  }

  std::vector<feature_request> features() const override {
    return {{"value", "told", {{"close", "index"}}, {}}};
  }

  std::optional<exposure> on_bar(const bar&,
                                 std::span<const double> values) override {
    ++lines_->bars;
    lines_->read.push_back(values[0]);
    return lines_->next;
  }

  std::string reason() const override {
    return "puppet";
  }

  script* lines_;
};

struct fixture {
  static constexpr timespan minute = std::chrono::minutes{1};
  static constexpr std::chrono::milliseconds minute_ms{60'000};
  static constexpr utc_time t0{1'700'000'000'000'000'000};

  universe instruments;
  std::vector<puppet::script> scripts = std::vector<puppet::script>(2);
  log out;
  std::optional<allocator> aut;
  utc_time now = t0;

  fixture() {
    for (uint16_t i = 0; i < 2; ++i)
      instruments.push_back(
        *instrument::make({i}, {.name = "S" + std::to_string(i),
                                .tick_e8 = 10'000'000,
                                .lot_e8 = 100'000}));
    use({});
  }

  void use(sizing_settings sizing) {
    std::vector<symbol_strategy> brains;
    for (size_t i = 0; i < scripts.size(); ++i) {
      auto brain = std::make_unique<puppet>(scripts[i]);
      auto plan = *feature_plan::make({minute_ms, brain->features()});
      brains.emplace_back(std::move(brain),
                          stream_features(plan, instruments[i]));
    }
    aut.emplace(instruments, sizing, minute, std::move(brains));
  }

  bar_closed next_bar(uint16_t symbol = 0, int64_t close = 1'000) {
    auto open = now;
    now = now + minute;
    return {{symbol}, {open, now, {close}, {close}, {close}, {close}, {1}}};
  }

  void want(int32_t bps, uint16_t symbol = 0) {
    scripts[symbol].next = exposure{bps};
    aut->step(next_bar(symbol), out);
  }

  // Equity of 10'000, or as told.
  void answer(int64_t equity = 10'000) {
    aut->step(account_view{out.queries.back().decision,
                           out.queries.back().time,
                           {equity * money::scale}},
              out);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(allocator_tests, fixture)

CAF_TEST(opinion_becomes_question_decision_and_target) {
  want(5'000);
  CAF_REQUIRE_EQUAL(out.queries.size(), 1u);
  CAF_CHECK_EQUAL(out.queries[0].time.ns, now.ns);
  CAF_CHECK(out.decisions.empty());
  answer();
  CAF_REQUIRE_EQUAL(out.order.size(), 3u);
  CAF_CHECK_EQUAL(std::string(out.order.begin(), out.order.end()), "qdt");
  auto& made = out.decisions[0];
  CAF_CHECK(made.id == (decision_id{{0}, 1}));
  CAF_CHECK_EQUAL(made.wanted.bps, 5'000);
  CAF_CHECK_EQUAL(made.reason, "puppet");
  CAF_CHECK_EQUAL(made.reference.ticks, 1'000);
  CAF_MESSAGE("half of half of 10'000 at 100 a coin is 25 coins");
  CAF_CHECK_EQUAL(made.target.lots, 25'000);
  auto& target = out.targets[0];
  CAF_CHECK(target.decision == made.id);
  CAF_CHECK(target.target == made.target);
  CAF_CHECK(target.reference == made.reference);
  CAF_CHECK_EQUAL(target.time.ns, now.ns);
}

CAF_TEST(opinion_acted_on_causes_nothing_again) {
  want(5'000);
  answer();
  want(5'000);
  CAF_CHECK_EQUAL(out.queries.size(), 1u);
}

CAF_TEST(no_opinion_leaves_things_as_they_are) {
  scripts[0].next = std::nullopt;
  aut->step(next_bar(), out);
  CAF_CHECK(out.queries.empty());
}

CAF_TEST(bar_told_twice_is_seen_once) {
  auto fact = next_bar();
  aut->step(fact, out);
  aut->step(fact, out);
  CAF_CHECK_EQUAL(scripts[0].bars, 1u);
}

CAF_TEST(newer_opinion_replaces_the_question) {
  want(5'000);
  auto old = out.queries[0];
  want(-5'000);
  CAF_REQUIRE_EQUAL(out.queries.size(), 2u);
  aut->step(account_view{old.decision, old.time, {money::scale}}, out);
  CAF_CHECK(out.decisions.empty());
  answer();
  CAF_REQUIRE_EQUAL(out.decisions.size(), 1u);
  CAF_CHECK_EQUAL(out.decisions[0].wanted.bps, -5'000);
}

CAF_TEST(opinion_taken_back_withdraws_the_question) {
  want(5'000);
  want(0);
  answer();
  CAF_CHECK(out.decisions.empty());
}

CAF_TEST(scaled_opinion_taken_back_withdraws_the_question) {
  use({.method = sizing_method::volatility_target});
  aut->warm_up({0}, {next_bar(0, 1'000).value, next_bar(0, 1'100).value});
  want(5'000);
  CAF_REQUIRE_EQUAL(out.queries.size(), 1u);
  want(0);
  answer();
  CAF_CHECK(out.decisions.empty());
}

CAF_TEST(answer_told_twice_decides_once) {
  want(5'000);
  answer();
  answer();
  CAF_CHECK_EQUAL(out.decisions.size(), 1u);
}

CAF_TEST(question_that_got_lost_is_asked_again_with_the_next_bar) {
  want(5'000);
  want(5'000);
  CAF_CHECK_EQUAL(out.queries.size(), 2u);
  answer();
  CAF_CHECK_EQUAL(out.decisions.size(), 1u);
}

CAF_TEST(symbols_do_not_mix) {
  want(5'000, 0);
  want(-10'000, 1);
  aut->step(account_view{out.queries[0].decision, now, {100 * money::scale}},
            out);
  aut->step(account_view{out.queries[1].decision, now, {100 * money::scale}},
            out);
  CAF_REQUIRE_EQUAL(out.targets.size(), 2u);
  CAF_CHECK_EQUAL(out.targets[0].decision.symbol.index, 0u);
  CAF_CHECK_EQUAL(out.targets[0].target.lots, 250);
  CAF_CHECK_EQUAL(out.targets[1].decision.symbol.index, 1u);
  CAF_CHECK_EQUAL(out.targets[1].target.lots, -500);
}

CAF_TEST(without_equity_the_target_is_zero) {
  want(5'000);
  answer(-5);
  CAF_REQUIRE_EQUAL(out.targets.size(), 1u);
  CAF_CHECK_EQUAL(out.targets[0].target.lots, 0);
}

CAF_TEST(restart_continues_opinions_and_numbers) {
  aut->restore({0}, {5'000}, 41);
  want(5'000);
  CAF_CHECK(out.queries.empty());
  want(0);
  answer();
  CAF_REQUIRE_EQUAL(out.decisions.size(), 1u);
  CAF_CHECK_EQUAL(out.decisions[0].id.sequence, 42u);
}

CAF_TEST(warm_up_causes_nothing_and_shows_each_bar_once) {
  scripts[0].next = exposure{10'000};
  std::vector<bar> past{next_bar().value, next_bar().value};
  aut->warm_up({0}, past);
  aut->warm_up({0}, past);
  CAF_CHECK_EQUAL(scripts[0].bars, 2u);
  CAF_CHECK(out.order.empty());
  CAF_MESSAGE("a bar of the past that is told again is no news");
  aut->step(bar_closed{{0}, past[1]}, out);
  CAF_CHECK_EQUAL(scripts[0].bars, 2u);
  want(10'000);
  CAF_CHECK_EQUAL(out.queries.size(), 1u);
}

CAF_TEST(a_context_belongs_to_the_bar_that_closes_with_it) {
  auto read = [this](size_t i) { return scripts[0].read.at(i); };
  bar_context known;
  known.index = price{1'234};
  auto fact = next_bar();
  aut->step(bar_context_known{{0}, fact.value.close_time, known}, out);
  aut->step(fact, out);
  CAF_CHECK_EQUAL(read(0), 123.4);
  CAF_MESSAGE("the next bar is told without one");
  aut->step(next_bar(), out);
  CAF_CHECK(std::isnan(read(1)));
  CAF_MESSAGE("of another symbol");
  auto third = next_bar();
  aut->step(bar_context_known{{1}, third.value.close_time, known}, out);
  aut->step(third, out);
  CAF_CHECK(std::isnan(read(2)));
}

CAF_TEST(warm_up_shows_what_was_known_around_each_bar) {
  std::vector<bar> past{next_bar().value, next_bar().value, next_bar().value};
  std::vector<bar_context> contexts(3);
  contexts[1].index = price{10};
  contexts[2].index = price{20};
  aut->warm_up({0}, past, contexts);
  aut->warm_up({1}, past);
  CAF_CHECK(std::isnan(scripts[0].read.at(0)));
  CAF_CHECK_EQUAL(scripts[0].read.at(1), 1);
  CAF_CHECK_EQUAL(scripts[0].read.at(2), 2);
  for (auto x : scripts[1].read)
    CAF_CHECK(std::isnan(x));
}

CAF_TEST(small_changes_are_not_worth_a_trade) {
  want(5'000);
  answer();
  want(5'499);
  CAF_CHECK_EQUAL(out.queries.size(), 1u);
  want(5'500);
  CAF_CHECK_EQUAL(out.queries.size(), 2u);
}

CAF_TEST(missing_strategy_is_refused) {
  auto refused = false;
  try {
    allocator{instruments, {}, minute, {}};
  } catch (const std::invalid_argument&) {
    refused = true;
  }
  CAF_CHECK(refused);
}

CAF_TEST_FIXTURE_SCOPE_END()
