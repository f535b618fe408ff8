#define CAF_SUITE study

#include "runtime/study/study.hpp"

#include "runtime/study/study_text.hpp"
#include "tests/runtime/study/made_up.hpp"

#include <caf/test/unit_test.hpp>

#include <rapidjson/document.h>

using namespace qalpha;
using namespace qalpha::test;

namespace {

std::string reason_of(const fallible<study_result>& x) {
  return x ? "studied" : x.error().text;
}

} // namespace

CAF_TEST(a_market_with_a_truth_is_worth_what_is_known_of_it) {
  auto market = following_market(0.3, 5);
  follower_maker maker{0.3, 0.005};
  auto study = run_study(market, settings_of_study(), maker);
  CAF_REQUIRE_EQUAL(reason_of(study), "studied");
  CAF_MESSAGE("one bar ahead the correlation is the slope");
  auto& next = *study->skills.front().figures;
  CAF_CHECK(std::abs(*next.correlation.value - 0.3)
            < 3 * *next.correlation.error);
  CAF_CHECK(*next.skill.value > 3 * *next.skill.error);
  CAF_MESSAGE("trading it earns, beyond what the best of all trials would");
  auto& learned = study->runs.front();
  CAF_CHECK(learned.learns);
  CAF_CHECK(*learned.report.figures.daily.sharpe > 3);
  CAF_CHECK(*learned.deflated > significance);
  CAF_CHECK(*learned.monthly > 0);
  CAF_CHECK(study->superior->studentised.consistent < 0.05);
}

CAF_TEST(no_training_sees_what_it_is_tested_on) {
  follower_maker maker{0, 0.005};
  auto study = run_study(following_market(0, 1), settings_of_study(), maker);
  CAF_REQUIRE(study);
  CAF_REQUIRE_EQUAL(maker.seen_until.size(), study->folds.size());
  CAF_CHECK_EQUAL(study->folds.size(), 4u);
  for (size_t i = 0; i < study->folds.size(); ++i) {
    auto& fold = study->folds[i];
    CAF_CHECK(maker.seen_until[i] == fold.times.train_until);
    CAF_CHECK(fold.times.test_from - maker.seen_until[i]
              == std::chrono::days{2});
    CAF_CHECK_EQUAL(fold.forecasts, fold.test_bars);
    CAF_CHECK_EQUAL(fold.training_bars, 24u * (60 + 40 * i));
  }
}

CAF_TEST(what_comes_later_does_not_change_what_was_said) {
  auto market = following_market(0.2, 2);
  auto settings = settings_of_study();
  follower_maker maker{0.2, 0.005};
  auto whole = *run_study(market, settings, maker);
  auto& bars = market.bars.front();
  CAF_MESSAGE("the last test is cut off");
  bars.resize(24 * 182);
  auto part = *run_study(market, settings, maker);
  CAF_CHECK_EQUAL(part.folds.size(), 3u);
  auto& longer = whole.runs.front().daily;
  auto& shorter = part.runs.front().daily;
  CAF_REQUIRE(longer.size() > shorter.size());
  CAF_CHECK(std::equal(shorter.begin(), shorter.end(), longer.begin()));
}

CAF_TEST(all_strategies_trade_the_same_days) {
  follower_maker maker{0.1, 0.005};
  auto study = *run_study(following_market(0.1, 3), settings_of_study(), maker);
  CAF_REQUIRE_EQUAL(study.runs.size(), 4u);
  CAF_CHECK_EQUAL(study.runs.back().name, "buy_and_hold");
  CAF_CHECK(!study.runs.back().is_trial && !study.runs.back().deflated);
  for (auto& run : study.runs) {
    CAF_CHECK_EQUAL(run.daily.size(), study.runs.front().daily.size());
    CAF_CHECK(run.report.ledger_difference == money{});
  }
  CAF_CHECK(study.trials.count >= 2 && study.trials.count <= 3);
}

CAF_TEST(earlier_trials_count) {
  auto market = following_market(0.1, 4);
  auto settings = settings_of_study();
  follower_maker maker{0.1, 0.005};
  auto before = *run_study(market, settings, maker);
  settings.earlier_trials = 100;
  auto after = *run_study(market, settings, maker);
  CAF_CHECK_EQUAL(after.trials.count, before.trials.count + 100);
  CAF_CHECK(*after.runs.front().deflated < *before.runs.front().deflated);
}

CAF_TEST(a_study_that_cannot_be_made_says_why) {
  auto market = following_market(0, 1);
  follower_maker maker{0, 0.005};
  auto why = [&](const study_settings& settings) {
    return reason_of(run_study(market, settings, maker));
  };
  auto settings = settings_of_study();
  settings.distances = {1, 3};
  CAF_CHECK_EQUAL(why(settings), "fold 1: distances: expected at most the 2 "
                                 "bars of the model's forecast, found 3");
  settings.distances = {2, 1};
  CAF_CHECK_EQUAL(why(settings),
                  "distances: expected numbers of bars above zero, rising");
  settings = settings_of_study();
  settings.lengths.embargo = std::chrono::minutes{90};
  CAF_CHECK_EQUAL(why(settings),
                  "walk_forward: expected lengths of whole bars");
  settings.lengths = {std::chrono::days{400}, std::chrono::days{10}};
  CAF_CHECK_EQUAL(why(settings), "walk forward: expected a history of at least "
                                 "410 days, found 240 days");
}

CAF_TEST(the_report_has_all_parts_whatever_came_out) {
  follower_maker maker{0.1, 0.005};
  auto study = *run_study(following_market(0, 6), settings_of_study(), maker);
  auto text = study_markdown(study);
  for (auto part :
       {"# Walk-forward study of WALK", "Model: made up.", "## Results",
        "## Beside the targets", "monthly, target 12–25 %", "## Luck",
        "## Forecasts against", "## Coverage", "## Folds", "## Assumptions",
        "| buy_and_hold |", "fees: maker 0 %"})
    CAF_CHECK(text.find(part) != text.npos);
  CAF_CHECK(text.find("nan") == text.npos);
  rapidjson::Document json;
  json.Parse(study_json(study).c_str());
  CAF_REQUIRE(!json.HasParseError());
  CAF_CHECK_EQUAL(json["runs"].Size(), 4u);
  CAF_CHECK_EQUAL(json["skills"].Size(), 2u);
  CAF_CHECK_EQUAL(json["folds"].Size(), 4u);
  CAF_CHECK(json["runs"][0]["backtest"]["final_equity"].IsNumber());
  CAF_CHECK(json["runs"][3]["deflated_sharpe"].IsNull());
}

CAF_TEST(equal_studies_have_equal_reports) {
  auto text = [] {
    follower_maker maker{0.1, 0.005};
    auto study = *run_study(following_market(0.1, 7), settings_of_study(),
                            maker);
    return study_markdown(study);
  };
  CAF_CHECK(text() == text());
}
