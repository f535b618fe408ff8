#define CAF_SUITE wanted_features

#include "runtime/features/wanted_features.hpp"

#include "models/features/feature_plan.hpp"
#include "models/features/market_columns.hpp"

#include "tests/temporary_folder.hpp"

#include <caf/test/unit_test.hpp>

#include <fstream>

using namespace qalpha;

namespace {

std::string fault_of(const std::string& text) {
  auto result = read_wanted_features(text);
  return result ? "none" : result.error().text;
}

constexpr auto example = R"({
  "interval": "1h",
  "features": [
    {"feature": "sma", "period": 20, "name": "fast"},
    // Of what was computed before.
    {"feature": "ema", "of": "fast", "period": 14},
    {"feature": "sma", "inputs": {"close": "mark"}},
  ]
})";

void check_example(const fallible<wanted_features>& result) {
  CAF_REQUIRE(result);
  CAF_CHECK(result->interval == std::chrono::hours{1});
  CAF_REQUIRE_EQUAL(result->requests.size(), 3u);
  CAF_CHECK(result->requests[0]
            == (feature_request{"sma", "fast", {}, {{"period", 20}}}));
  CAF_CHECK(
    result->requests[1]
    == (feature_request{"ema", "", {{"close", "fast"}}, {{"period", 14}}}));
  CAF_CHECK(result->requests[2]
            == (feature_request{"sma", "", {{"close", "mark"}}, {}}));
}

} // namespace

CAF_TEST(json_is_read_from_the_argument_and_from_a_file) {
  check_example(read_wanted_features(example));
  test::temporary_folder folder;
  auto path = (folder.path() / "spec.json").string();
  std::ofstream{path} << example;
  check_example(read_wanted_features(path));
  // A list alone is enough.
  std::ofstream{path} << R"([{"feature": "sma", "period": 3}])";
  auto list = read_wanted_features(path);
  CAF_REQUIRE(list);
  CAF_CHECK(!list->interval);
  CAF_CHECK_EQUAL(list->requests.size(), 1u);
}

CAF_TEST(a_choice_is_given_by_its_name) {
  auto json = read_wanted_features(
    R"({"features": [{"feature": "wavelet_denoise", "wavelet": "sym8"}]})");
  CAF_REQUIRE(json);
  CAF_CHECK_EQUAL(json->requests[0].parameters.at("wavelet"), 26.0);
  auto text = read_wanted_features("wavelet_denoise:256:3:sym8:bayes");
  CAF_REQUIRE(text);
  CAF_CHECK_EQUAL(text->requests[0].parameters.at("wavelet"), 26.0);
  CAF_CHECK_EQUAL(text->requests[0].parameters.at("rule"), 3.0);
  CAF_CHECK_EQUAL(
    fault_of(
      R"({"features": [{"feature": "wavelet_denoise", "rule": "baies"}]})"),
    "features[0]: rule \"baies\" is not known, did you mean \"bayes\"?");
  CAF_CHECK_EQUAL(fault_of("wavelet_denoise:256:3:sym8:baies"),
                  "--spec \"wavelet_denoise:256:3:sym8:baies\": "
                  "wavelet_denoise: rule \"baies\" is not known, did you mean "
                  "\"bayes\"?");
  CAF_CHECK_EQUAL(
    fault_of(R"({"features": [{"feature": "sma", "period": "sym8"}]})"),
    "features[0].period: expected a number, found the text \"sym8\"");
}

CAF_TEST(short_text_gives_parameters_in_order) {
  auto result = read_wanted_features("sma:20,ema,sma:2.5");
  CAF_REQUIRE(result);
  CAF_REQUIRE_EQUAL(result->requests.size(), 3u);
  CAF_CHECK(result->requests[0]
            == (feature_request{"sma", "", {}, {{"period", 20}}}));
  CAF_CHECK(result->requests[1] == (feature_request{"ema", "", {}, {}}));
}

CAF_TEST(faults_name_the_place) {
  CAF_CHECK_EQUAL(fault_of("smaa:2"),
                  "--spec \"smaa:2\": feature \"smaa\" is not known, did you "
                  "mean \"sma\"?");
  CAF_CHECK_EQUAL(fault_of("sma:"),
                  "--spec \"sma:\": expected a number for period, found \"\"");
  CAF_CHECK_EQUAL(fault_of("sma:2:3"),
                  "--spec \"sma:2:3\": expected at most 1 parameters");
  CAF_CHECK_EQUAL(fault_of("none.json"), "none.json: cannot be read");
  CAF_CHECK_EQUAL(fault_of(R"({"features": 5})"),
                  "features: expected a list, found the number 5");
  CAF_CHECK_EQUAL(fault_of(R"({"features": []})"),
                  "features: expected at least one");
  CAF_CHECK_EQUAL(fault_of(R"({"feature": []})"),
                  "key \"feature\" is not known, did you mean \"features\"?");
  CAF_CHECK_EQUAL(fault_of(R"({"interval": 5})"),
                  "interval: expected a duration such as \"1h\", found the "
                  "number 5");
  auto one = [](const std::string& request) {
    return fault_of("{\"features\": [{\"feature\": \"ema\"}, " + request
                    + "]}");
  };
  CAF_CHECK_EQUAL(one("5"), "features[1]: expected an object such as "
                            "{\"feature\": \"sma\"}, found the number 5");
  CAF_CHECK_EQUAL(one("{}"),
                  "features[1].feature: expected the name of a feature, found "
                  "none");
  CAF_CHECK_EQUAL(
    one(R"({"feature": "sma", "period": "x"})"),
    "features[1].period: expected a number, found the text \"x\"");
  CAF_CHECK_EQUAL(one(R"({"feature": "sma", "name": 1})"),
                  "features[1].name: expected a name, found the number 1");
  CAF_CHECK_EQUAL(one(R"({"feature": "sma", "inputs": {"close": 1}})"),
                  "features[1].inputs.close: expected the name of a column, "
                  "found the number 1");
}

CAF_TEST(a_strategy_tells_what_it_reads) {
  auto result = features_of_strategy("sma_cross:5:20");
  CAF_REQUIRE(result);
  CAF_REQUIRE_EQUAL(result->requests.size(), 2u);
  CAF_CHECK(result->requests[0]
            == (feature_request{"sma", "fast", {}, {{"period", 5}}}));
  CAF_CHECK(result->requests[1]
            == (feature_request{"sma", "slow", {}, {{"period", 20}}}));
  auto fault_of_strategy = [](std::string_view text) {
    auto made = features_of_strategy(text);
    return made ? "none" : made.error().text;
  };
  CAF_CHECK_EQUAL(
    fault_of_strategy("sma_cros"),
    "--strategy \"sma_cros\": strategy \"sma_cros\" is not known, "
    "did you mean \"sma_cross\"?");
  CAF_CHECK_EQUAL(fault_of_strategy("sma_cross:20:5"),
                  "--strategy: sma_cross: fast must be less than slow, was 20 "
                  "and 5");
}

CAF_TEST(a_model_of_regimes_reads_what_every_bar_has) {
  auto wanted = read_wanted_features("configs/features/regime.json");
  CAF_REQUIRE(wanted);
  feature_spec spec;
  spec.features = wanted->requests;
  auto plan = feature_plan::make(spec);
  CAF_REQUIRE(plan);
  for (auto column : plan->sources)
    CAF_CHECK(column <= market_column_index("volume") || column == time_column);
}
