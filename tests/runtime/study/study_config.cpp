#define CAF_SUITE study_config

#include "runtime/study/study_config.hpp"

#include <caf/test/unit_test.hpp>

#include <string>
#include <utility>

using namespace qalpha;

namespace {

const std::string good = R"({
  "market": "market.json",
  "walk_forward": {"first_training": "365d", "test": "90d", "embargo": "2d",
                   "longest_training": "0s"},
  "model": {"kind": "linear", "horizon": 4, "levels": [0.1, 0.5, 0.9],
            "shrinkage": 0.01, "features": [{"feature": "rsi"}]},
  "distances": [1, 4],
  "trades": [{"cost_bps": 14}],
  "rules": [{"name": "sma_cross", "params": {"fast": 5}}],
  "earlier_trials": 3
})";

std::string with(const std::string& from, const std::string& to) {
  auto text = good;
  auto at = text.find(from);
  CAF_REQUIRE(at != text.npos);
  return text.replace(at, from.size(), to);
}

std::string reason_of(const std::string& text) {
  auto config = parse_study_config(text);
  if (!config)
    return config.error().text;
  auto maker = make_forecasts(config->model, {std::chrono::hours{1}, ""});
  return maker ? "read" : maker.error().text;
}

} // namespace

CAF_TEST(a_file_says_all_of_a_study) {
  auto config = parse_study_config(good);
  CAF_REQUIRE(config);
  CAF_CHECK_EQUAL(config->market, "market.json");
  auto& settings = config->settings;
  CAF_CHECK(settings.lengths.first_training == std::chrono::days{365});
  CAF_CHECK(settings.lengths.test == std::chrono::days{90});
  CAF_CHECK(settings.lengths.embargo == std::chrono::days{2});
  CAF_CHECK(settings.distances == (std::vector<size_t>{1, 4}));
  CAF_CHECK(settings.trades.front().at("cost_bps") == 14);
  CAF_CHECK_EQUAL(settings.rules.front().name, "sma_cross");
  CAF_CHECK_EQUAL(settings.earlier_trials, 3u);
  CAF_CHECK_EQUAL(reason_of(good), "read");
}

CAF_TEST(mistakes_are_named_with_their_place) {
  const std::pair<std::string, std::string> cases[] = {
    {with("\"365d\"", "\"365\""), "walk_forward.first_training"},
    {with("\"distances\": [1, 4]", "\"distances\": [1.5]"), "distances"},
    {with("\"distances\": [1, 4]", "\"distances\": 4"), "distances"},
    {with("[{\"cost_bps\": 14}]", "[]"), "trades"},
    {with("\"cost_bps\": 14", "\"cost\": 14"), "trades[0]"},
    {with("\"cost_bps\": 14", "\"cost_bps\": \"x\""), "trades[0].cost_bps"},
    {with("\"fast\": 5", "\"fast\": -5"), "rules[0]"},
    {with("\"sma_cross\"", "\"sma_crass\""), "rules[0]"},
    {with("\"earlier_trials\": 3", "\"earlier_trials\": -3"), "earlier_trials"},
    {with("\"earlier_trials\"", "\"trials\""), "trials"},
    {with("\"linear\"", "\"oracle\""), "model.kind"},
    {with("\"shrinkage\": 0.01", "\"shrinkage\": 0"), "model.shrinkage"},
    {with("\"rsi\"", "\"rsx\""), "model.features[0]"},
    {with("[0.1, 0.5, 0.9]", "[0.9, 0.5]"), "model.levels"},
    {"[]", "expected an object"},
    {"{", "1:"},
  };
  for (const auto& [text, place] : cases) {
    auto why = reason_of(text);
    CAF_MESSAGE(why);
    CAF_CHECK(why.starts_with(place) || why.find(place) != why.npos);
    CAF_CHECK(why != "read");
  }
}

CAF_TEST(trained_models_need_the_program_for_them) {
  auto config = parse_study_config(
    with("{\"kind\": \"linear\", \"horizon\": 4, \"levels\": [0.1, 0.5, 0.9],\n"
         "            \"shrinkage\": 0.01, \"features\": [{\"feature\": "
         "\"rsi\"}]}",
         R"({"kind": "tft", "config": "train.json", "seed": 1})"));
  CAF_REQUIRE(config);
  CAF_CHECK(needs_neural_program(config->model));
  auto maker = make_forecasts(config->model, {std::chrono::hours{1}, ""});
  auto why = maker ? "made" : maker.error().text;
  CAF_CHECK_EQUAL(why,
                  "model.kind: expected a program with LibTorch for \"tft\"");
}

CAF_TEST(a_missing_file_is_named) {
  auto read = read_study_config("/no/such/study.json");
  auto why = read ? "read" : read.error().text;
  CAF_CHECK_EQUAL(why, "/no/such/study.json: cannot be read");
}
