#define CAF_SUITE cli_models

#include "runtime/cli/models_text.hpp"
#include "runtime/cli/verb.hpp"
#include "tests/models/checkpoints/small_model.hpp"
#include "tests/temporary_folder.hpp"

#include <caf/test/unit_test.hpp>

#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct outcome {
  exit_code exit;
  std::string out;
  std::string err;
};

/// Runs qalpha models with these words and catches what it says.
outcome typed(const std::vector<std::string>& words) {
  std::vector<const char*> all{"qalpha", "models"};
  for (const auto& word : words)
    all.push_back(word.c_str());
  std::ostringstream out;
  std::ostringstream err;
  auto* before_out = std::cout.rdbuf(out.rdbuf());
  auto* before_err = std::cerr.rdbuf(err.rdbuf());
  constexpr std::array<verb_adder, 1> verbs{add_models};
  auto exit = run_command_line(static_cast<int>(all.size()), all.data(), verbs);
  std::cout.rdbuf(before_out);
  std::cerr.rdbuf(before_err);
  return {exit, out.str(), err.str()};
}

bool says(const std::string& text, std::string_view part) {
  if (text.find(part) != text.npos)
    return true;
  CAF_MESSAGE(text);
  return false;
}

/// @returns whether the exit code is that, and the error names the part.
bool refuses(const outcome& x, exit_code exit, std::string_view part) {
  CAF_CHECK_EQUAL(x.out, "");
  CAF_CHECK_EQUAL(code(x.exit), code(exit));
  return says(x.err, part);
}

struct fixture {
  temporary_folder place;
  std::string dir = (place.path() / "models").string();

  fixture() {
    auto store = std::move(*checkpoint_store::create(dir));
    CAF_REQUIRE(store.save(small_model()));
    CAF_REQUIRE(store.save(small_model("tft-btc", 2)));
    auto policy = small_model("dt");
    policy.about.architecture = "decision-transformer";
    CAF_REQUIRE(store.save(policy));
  }

  outcome in(std::vector<std::string> words) const {
    words.insert(words.end(), {"--dir", dir});
    return typed(words);
  }

  rapidjson::Document json_of(std::vector<std::string> words) const {
    words.push_back("--json");
    rapidjson::Document result;
    result.Parse(in(words).out.c_str());
    CAF_REQUIRE(!result.HasParseError());
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(models_verbs_tests, fixture)

CAF_TEST(a_list_has_a_line_for_each_version) {
  CAF_CHECK(in({"promote", "tft-btc", "2"}).exit == exit_code::ok);
  auto x = in({"list"});
  CAF_CHECK(x.exit == exit_code::ok);
  CAF_CHECK_EQUAL(std::count(x.out.begin(), x.out.end(), '\n'), 4);
  CAF_CHECK(says(x.out, "dt             1  candidate  policy "));
  CAF_CHECK(says(x.out, "tft-btc        2  live       forecaster  2023-11-14"));
  CAF_CHECK(says(x.out, "2017-07-14 to 2020-09-13"));
  CAF_CHECK(says(x.out, small_model().about.schema_hash));
  auto json = json_of({"list"});
  auto& list = json["models"];
  CAF_REQUIRE_EQUAL(list.Size(), 3u);
  CAF_CHECK_EQUAL(std::string{list[2]["state"].GetString()}, "live");
  CAF_CHECK_EQUAL(std::string{list[2]["role"].GetString()}, "forecaster");
  CAF_CHECK_EQUAL(list[2]["seed"].GetUint64(), UINT64_MAX);
  CAF_CHECK(list[2]["metrics"]["loss"].GetDouble() == 0.1234);
  CAF_CHECK(list[2]["problem"].IsNull());
}

CAF_TEST(a_version_is_shown_with_all_that_is_known) {
  CAF_CHECK(in({"promote", "tft-btc", "1", "--why", "a \"test\""}).exit
            == exit_code::ok);
  auto x = in({"show", "tft-btc", "1"});
  CAF_CHECK(x.exit == exit_code::ok);
  CAF_CHECK(says(x.out, "tft-btc 1, a temporal-fusion-transformer\n"));
  CAF_CHECK(says(x.out, "live for forecaster"));
  CAF_CHECK(says(x.out, "2023-11-14 22:13:20 UTC"));
  CAF_CHECK(says(x.out, "of 1h bars, schema"));
  CAF_CHECK(says(x.out, "hidden 64"));
  CAF_CHECK(says(x.out, "loss 0.1234"));
  CAF_CHECK(says(x.out, "2 tensors, 7 numbers"));
  CAF_CHECK(says(x.out, ": a \"test\"\n"));
  CAF_MESSAGE("the newest one, if none was named");
  CAF_CHECK(says(in({"show", "tft-btc"}).out, "tft-btc 2"));
  auto json = json_of({"show", "tft-btc", "1"});
  CAF_CHECK_EQUAL(json["numbers"].GetInt(), 7);
  CAF_CHECK_EQUAL(std::string{json["history"][0]["why"].GetString()},
                  "a \"test\"");
}

CAF_TEST(promoting_and_rolling_back_say_what_is_live) {
  CAF_CHECK_EQUAL(in({"promote", "tft-btc", "1"}).out,
                  "tft-btc 1 is the live forecaster now\n");
  CAF_CHECK_EQUAL(in({"promote", "tft-btc", "2"}).out,
                  "tft-btc 2 is the live forecaster now, tft-btc 1 is "
                  "retired\n");
  CAF_CHECK_EQUAL(in({"rollback", "forecaster"}).out,
                  "tft-btc 1 is the live forecaster now, tft-btc 2 is "
                  "retired\n");
  auto json = json_of({"promote", "dt", "1", "--why", "first"});
  CAF_CHECK(json["ok"].GetBool());
  CAF_CHECK_EQUAL(std::string{json["role"].GetString()}, "policy");
  CAF_CHECK(refuses(in({"promote", "dt", "1"}), exit_code::failure,
                    "dt 1 is the live policy already"));
}

CAF_TEST(what_does_not_exist_is_not_found) {
  CAF_CHECK(refuses(typed({"list", "--dir", dir + "x"}), exit_code::not_found,
                    "No such file"));
  CAF_CHECK(refuses(in({"show", "tft-bct"}), exit_code::not_found,
                    "did you mean \"tft-btc\"?"));
  CAF_CHECK(refuses(in({"show", "tft-btc", "3"}), exit_code::not_found,
                    "has no version 3, its newest is 2"));
  CAF_CHECK(refuses(in({"show", "../models"}), exit_code::not_found,
                    "model \"../models\" is not known"));
  CAF_CHECK(refuses(in({"promote", "tft-btc", "0"}), exit_code::not_found,
                    "has no version 0"));
  CAF_CHECK(refuses(in({"promote", "tft-btc", "99999999999"}),
                    exit_code::not_found, "has no version 99999999999"));
  CAF_CHECK(refuses(in({"rollback", "policy"}), exit_code::not_found,
                    "no policy was live before the present one"));
  auto json = json_of({"show", "none"});
  CAF_CHECK(!json["ok"].GetBool());
}

CAF_TEST(a_wrong_command_line_is_one) {
  CAF_CHECK(refuses(in({"rollback", "forcaster"}), exit_code::usage,
                    "did you mean \"forecaster\"?"));
  CAF_CHECK(in({"promote", "tft-btc"}).exit == exit_code::usage);
  CAF_CHECK(in({"show"}).exit == exit_code::usage);
  CAF_CHECK(in({"promote", "tft-btc", "x"}).exit == exit_code::usage);
  CAF_CHECK(typed({"lst"}).exit == exit_code::usage);
  CAF_CHECK(in({"picture", "tft-btc"}).exit == exit_code::usage);
  for (std::string each : {"list", "show", "picture", "promote", "rollback"})
    CAF_CHECK(says(typed({each, "--help"}).out, "Example: qalpha models "));
}

CAF_TEST(only_a_model_of_regimes_has_a_latent_space_to_draw) {
  CAF_CHECK(refuses(in({"picture", "tft-btc", "--data", "x.csv"}),
                    exit_code::usage,
                    "tft-btc: expected a model of regimes, found a "
                    "temporal-fusion-transformer"));
  CAF_CHECK(refuses(in({"picture", "tft-bct", "--data", "x.csv"}),
                    exit_code::not_found, "did you mean \"tft-btc\"?"));
  CAF_CHECK(refuses(in({"picture", "tft-btc", "3", "--data", "x.csv"}),
                    exit_code::not_found, "has no version 3"));
}

CAF_TEST(what_is_damaged_fails_the_gate) {
  CAF_CHECK(in({"promote", "tft-btc", "1"}).exit == exit_code::ok);
  CAF_CHECK(in({"promote", "tft-btc", "2"}).exit == exit_code::ok);
  std::ofstream{dir + "/tft-btc/1/model.safetensors"}
    << "PK\x03\x04 0123456789";
  CAF_CHECK(refuses(in({"show", "tft-btc", "1"}), exit_code::gate_failed,
                    "tft-btc/1/model.safetensors: is a zip archive"));
  CAF_CHECK(refuses(in({"promote", "tft-btc", "1"}), exit_code::gate_failed,
                    "is a zip archive"));
  CAF_CHECK(refuses(in({"rollback", "forecaster"}), exit_code::gate_failed,
                    "is a zip archive"));
  std::ofstream{dir + "/dt/1/manifest.json"} << "{}";
  auto list = in({"list"});
  CAF_CHECK(list.exit == exit_code::ok);
  CAF_CHECK(says(list.out, "dt             1  damaged    "));
  std::ofstream{dir + "/registry.json"} << "[]";
  CAF_CHECK(refuses(in({"list"}), exit_code::gate_failed, "registry.json"));
}

CAF_TEST(ages_are_said_in_the_unit_that_fits) {
  using namespace std::chrono;
  CAF_CHECK_EQUAL(age_text(seconds{90}), "1 minute");
  CAF_CHECK_EQUAL(age_text(minutes{119}), "119 minutes");
  CAF_CHECK_EQUAL(age_text(hours{2}), "2 hours");
  CAF_CHECK_EQUAL(age_text(hours{47}), "47 hours");
  CAF_CHECK_EQUAL(age_text(hours{48}), "2 days");
  CAF_CHECK_EQUAL(age_text(hours{24 * 1500}), "1 500 days");
  CAF_CHECK_EQUAL(age_text(seconds{-1}), "-");
}

CAF_TEST_FIXTURE_SCOPE_END()
