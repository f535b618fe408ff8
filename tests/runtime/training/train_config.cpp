#define CAF_SUITE train_config

#include "runtime/training/train_config.hpp"

#include "runtime/training/train_data.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

namespace {

constexpr std::string_view good = R"({
  "tft": {
    "data": { "planted": "signal", "rows": 500, "correlation": 0.3 },
    "interval": "15m",
    "features": [{ "feature": "log_return", "name": "r" }],
    "lookback": 7,
    "horizon": 3,
    "split": { "test": 0.3, "embargo_bars": 4 },
    "training": { "seed": 9, "epochs": 2 },
    "model": { "hidden": 8, "levels": [0.5] },
  },
  "decision-transformer": {
    "data": { "files": { "BTCUSDT": "../btc.csv" } },
    "features": [{ "feature": "log_return", "name": "r" }],
    "episodes": { "steps": 9, "behaviours": { "shares": { "random": 1 }, "caution": 0.5, "stops": 1,
                                              "nearest_exit": 3, "farthest_exit": 4 } },
  },
})";

std::string problem_of(std::string text, const std::string& what,
                       const std::string& with) {
  text.replace(text.find(what), what.size(), with);
  auto config = read_train_config_text(text, "dir/x.json", model_kind::forecast,
                                       {});
  return config ? "" : config.error().text;
}

} // namespace

CAF_TEST(what_is_given_replaces_what_is_usual) {
  auto config = read_train_config_text(good, "dir/x.json", model_kind::forecast,
                                       {});
  CAF_REQUIRE(config);
  CAF_CHECK_EQUAL(config->id, "tft");
  CAF_CHECK_EQUAL(config->seed, 9u);
  CAF_CHECK(config->interval == std::chrono::minutes{15});
  CAF_CHECK_EQUAL(config->forecast.windows.lookback, 7u);
  CAF_CHECK_EQUAL(config->forecast.windows.horizon, 3u);
  CAF_CHECK_EQUAL(config->forecast.parts.embargo, 4 * 900'000);
  CAF_CHECK_EQUAL(config->forecast.parts.test, 0.3);
  CAF_CHECK_EQUAL(config->forecast.model.hidden, 8);
  CAF_CHECK_EQUAL(config->forecast.training.epochs, 2u);
  CAF_CHECK_EQUAL(config->forecast.training.batch, trainer_options{}.batch);
  CAF_REQUIRE(config->data.signal);
  CAF_CHECK_EQUAL(config->data.signal->shape.seed, 9u);
  CAF_CHECK_EQUAL(config->data.signal->correlation, 0.3);
}

CAF_TEST(a_seed_from_outside_wins_and_makes_another_training) {
  auto file = read_train_config_text(good, "dir/x.json", model_kind::forecast,
                                     {});
  auto same = read_train_config_text(good, "dir/x.json", model_kind::forecast,
                                     9);
  auto other = read_train_config_text(good, "dir/x.json", model_kind::forecast,
                                      10);
  CAF_REQUIRE(file && same && other);
  CAF_CHECK_EQUAL(file->fingerprint, same->fingerprint);
  CAF_CHECK_NOT_EQUAL(file->fingerprint, other->fingerprint);
  CAF_CHECK_EQUAL(other->forecast.training.seed, 10u);
  CAF_CHECK_EQUAL(other->data.signal->shape.seed, 10u);
}

CAF_TEST(files_start_at_the_directory_of_the_configuration) {
  auto config = read_train_config_text(good, "dir/x.json", model_kind::policy,
                                       {});
  CAF_REQUIRE(config);
  CAF_REQUIRE_EQUAL(config->data.files.size(), 1u);
  CAF_CHECK_EQUAL(config->data.files[0].second, "btc.csv");
  CAF_CHECK_EQUAL(config->policy.episodes.episode, 9u);
  auto& players = config->policy.episodes.behaviours;
  CAF_CHECK_EQUAL(players.caution, 0.5);
  CAF_CHECK_EQUAL(players.stops, 1.0);
  CAF_CHECK_EQUAL(players.take_profits, behaviour_settings{}.take_profits);
  CAF_CHECK_EQUAL(players.nearest_exit, 3.0);
  CAF_CHECK_EQUAL(players.farthest_exit, 4.0);
  auto data = load_train_data(config->data, config->interval);
  CAF_REQUIRE(!data);
  CAF_CHECK(data.error().text.find("btc.csv") != std::string::npos);
}

CAF_TEST(faults_name_file_and_key) {
  std::string text{good};
  auto begins = [](const std::string& text, const std::string& with) {
    CAF_MESSAGE(text);
    return text.starts_with("dir/x.json: " + with);
  };
  CAF_CHECK(begins(problem_of(text, "\"lookback\": 7", "\"lookback\": 0"),
                   "tft.lookback: expected a whole number from 1 to 4096"));
  CAF_CHECK(begins(problem_of(text, "\"lookback\"", "\"lookbak\""), "tft: "));
  CAF_CHECK(begins(problem_of(text, "log_return", "log_retrun"),
                   "tft.features: features[0].feature: "));
  CAF_CHECK(begins(problem_of(text, "\"signal\"", "\"luck\""),
                   "tft.data.planted: expected \"signal\""));
  CAF_CHECK(begins(problem_of(text, "15m", "soon"), "tft.interval: "));
  CAF_CHECK(begins(problem_of(text, "[0.5]", "[true]"),
                   "tft.model.levels: expected a list of numbers"));
  auto missing = read_train_config_text("{}", "x.json", model_kind::regime, {});
  CAF_REQUIRE(!missing);
  CAF_CHECK_EQUAL(missing.error().text,
                  "x.json: expected a group \"regime\", found none");
}
