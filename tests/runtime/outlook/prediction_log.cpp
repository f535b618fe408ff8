#define CAF_SUITE outlook.prediction_log

#include "runtime/outlook/prediction_log.hpp"

#include "tests/models/checkpoints/small_model.hpp"
#include "tests/temporary_folder.hpp"

#include <caf/test/unit_test.hpp>

#include <fstream>
#include <vector>

using namespace qalpha;
using namespace qalpha::test;

namespace fs = std::filesystem;

namespace {

constexpr utc_time when{1'767'614'405'000'000'000};

struct told final : incident_log {
  std::vector<std::string> all;

  void report(std::string_view actor, const std::string& what) override {
    all.push_back(std::string{actor} + ": " + what);
  }
};

struct fixture {
  temporary_folder place;
  fs::path file = place.path() / "predictions.jsonl";
  universe instruments;
  chosen_models models;
  told incidents;

  fixture() {
    for (uint16_t i = 0; i < 2; ++i)
      instruments.push_back(
        *instrument::make({i}, {.name = "S" + std::to_string(i),
                                .tick_e8 = 1'000'000,
                                .lot_e8 = 10'000'000}));
    models[0] = std::make_shared<stored_checkpoint>(
      stored_checkpoint{{"tft-btc", 3, "abc123"}, small_model()});
  }

  std::unique_ptr<prediction_log>
  open(size_t limit = prediction_log::bytes_per_file) {
    auto result = prediction_log::open(file, instruments, models, incidents,
                                       limit);
    CAF_REQUIRE(result);
    return std::move(*result);
  }

  static std::vector<std::string> lines_of(const fs::path& path) {
    std::vector<std::string> result;
    std::ifstream in{path};
    for (std::string line; std::getline(in, line);)
      result.push_back(line);
    return result;
  }

  forecast_made forecast(double x = 0.1) const {
    return {{1}, when, {0.5}, {x, -0.0, 1e-310}, {{"rsi", 0.25}}};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(prediction_log_tests, fixture)

CAF_TEST(each_answer_is_a_line_with_its_model_and_all_its_bits) {
  auto aut = open();
  aut->saw(forecast());
  aut->saw(
    regime_observed{{0}, when, regime::bear, {0.5, 0.25, 0.125, 0.125}, 1.5});
  aut->saw(policy_advised{{0}, when, -0.75, 1});
  aut->saw(model_silent{{0}, when, model_role::forecaster, silence::too_old});
  CAF_MESSAGE("on disk before the log is closed");
  auto lines = lines_of(file);
  CAF_REQUIRE_EQUAL(lines.size(), 4u);
  auto schema = small_model().about.schema_hash;
  auto model = R"("id":"tft-btc","version":3,"sha256":"abc123","schema":")"
               + schema + "\"";
  CAF_CHECK_EQUAL(
    lines[0],
    R"({"time":"2026-01-05T12:00:05.000000000Z","symbol":"S1","role":"forecaster",)"
      + model
      + R"(,"quantiles":["0x1.999999999999ap-4","-0x0p+0","0x0.012688b70e62bp-1022"],)"
        R"("because":[{"column":"rsi","share":"0x1p-2"}]})");
  CAF_CHECK_EQUAL(
    lines[1],
    R"({"time":"2026-01-05T12:00:05.000000000Z","symbol":"S0","role":"regimes",)"
    R"("current":"bear","probabilities":["0x1p-1","0x1p-2","0x1p-3","0x1p-3"],)"
    R"("novelty":"0x1.8p+0"})");
  CAF_CHECK_EQUAL(
    lines[2],
    R"({"time":"2026-01-05T12:00:05.000000000Z","symbol":"S0","role":"policy",)"
    R"("position":"-0x1.8p-1","size":"0x1p+0"})");
  CAF_CHECK(lines[3].ends_with(R"(,"silent":"too old"})"));
  CAF_CHECK(incidents.all.empty());
}

CAF_TEST(a_log_is_continued_after_a_torn_line) {
  open()->saw(forecast());
  {
    std::ofstream torn{file, std::ios::app};
    torn << R"({"time":"2026-)";
  }
  open()->saw(forecast());
  auto lines = lines_of(file);
  CAF_REQUIRE_EQUAL(lines.size(), 3u);
  CAF_CHECK_EQUAL(lines[0], lines[2]);
}

CAF_TEST(two_files_of_limited_size_are_kept) {
  open()->saw(forecast());
  auto line = fs::file_size(file);
  auto aut = open(3 * line);
  for (int i = 0; i < 10; ++i)
    aut->saw(forecast());
  auto old = file;
  old += ".1";
  CAF_CHECK_EQUAL(lines_of(old).size(), 3u);
  CAF_CHECK_EQUAL(lines_of(file).size(), 2u);
  CAF_CHECK(incidents.all.empty());
}

CAF_TEST(a_file_that_cannot_be_written_is_told_once) {
  auto nowhere = prediction_log::open(place.path() / "no" / "file", instruments,
                                      models, incidents);
  CAF_REQUIRE(!nowhere);
  CAF_CHECK(nowhere.error().text.ends_with(
    "no/file: cannot keep what models say: No such file or directory"));
  file = "/dev/full";
  if (!fs::exists(file))
    return;
  auto aut = open();
  aut->saw(forecast());
  aut->saw(forecast());
  CAF_REQUIRE_EQUAL(incidents.all.size(), 1u);
  CAF_CHECK_EQUAL(incidents.all[0], "models: /dev/full: No space left on "
                                    "device; what models say is not kept");
}

CAF_TEST_FIXTURE_SCOPE_END()
