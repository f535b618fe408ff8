#define CAF_SUITE outlook.chosen_models

#include "runtime/outlook/chosen_models.hpp"

#include "tests/runtime/outlook/model_store.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr timespan hour = std::chrono::hours{1};

struct fixture : model_store {
  model_settings wish{.directory = root};

  // What is wrong, with the store's path as DIR; empty if nothing is.
  std::string fault_of_choice(timespan interval = hour) const {
    auto chosen = choose_models(wish, interval);
    if (chosen)
      return "";
    auto text = chosen.error().text;
    for (auto at = text.find(root); at != text.npos; at = text.find(root))
      text.replace(at, root.size(), "DIR");
    return text;
  }

  // Of a forecaster of that name.
  std::string fault_of(const std::string& forecaster) {
    wish.forecaster = forecaster;
    return fault_of_choice();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(chosen_models_tests, fixture)

CAF_TEST(who_asks_for_no_model_needs_no_store) {
  wish.directory = "/nowhere";
  auto chosen = choose_models(wish, hour);
  CAF_REQUIRE(chosen);
  for (auto& x : *chosen)
    CAF_CHECK(x == nullptr);
  CAF_CHECK(describe(*chosen).empty());
  CAF_MESSAGE("and who asks for one does");
  CAF_CHECK_EQUAL(
    fault_of("live"),
    "models.directory: /nowhere: cannot be opened: No such file or directory");
}

CAF_TEST(a_version_is_chosen_by_its_number_approved_or_not) {
  wish.forecaster = "tft-btc@2";
  wish.policy = "dt@1";
  auto chosen = choose_models(wish, hour);
  CAF_REQUIRE_EQUAL(chosen ? "" : chosen.error().text, "");
  auto& [forecaster, regimes, policy] = *chosen;
  CAF_REQUIRE(forecaster && policy && !regimes);
  CAF_CHECK(forecaster->model == small_model("tft-btc", 2));
  auto lines = describe(*chosen);
  CAF_REQUIRE_EQUAL(lines.size(), 2u);
  CAF_CHECK_EQUAL(lines[0], "forecaster tft-btc@2 "
                              + forecaster->version.sha256.substr(0, 12)
                              + ", trained 2023-11-14 22:13:20 UTC");
  CAF_CHECK(lines[1].starts_with("policy dt@1 "));
}

CAF_TEST(live_is_what_was_promoted_last_and_what_a_rollback_leads_back_to) {
  promote("tft-btc", 1);
  promote("tft-btc", 2);
  wish.forecaster = "live";
  auto version = [this] { return (*choose_models(wish, hour))[0]->version; };
  CAF_CHECK_EQUAL(version().version, 2u);
  CAF_REQUIRE(store.roll_back(model_role::forecaster, {1, "ann", "worse"}));
  CAF_CHECK_EQUAL(version().version, 1u);
}

CAF_TEST(live_needs_a_promotion_in_its_own_role) {
  promote("dt", 1);
  CAF_CHECK_EQUAL(fault_of("live"),
                  "models.forecaster: no model is live in DIR; see qalpha "
                  "models list and promote");
  wish = {.directory = root, .regimes = "live"};
  CAF_CHECK_EQUAL(fault_of_choice(), "models.regimes: no model is live in DIR; "
                                     "see qalpha models list and promote");
  wish = {.directory = root, .policy = "live"};
  CAF_CHECK_EQUAL(fault_of_choice(), "");
}

CAF_TEST(what_is_no_version_is_named_as_it_was_written) {
  for (std::string text :
       {"", "tft-btc", "tft-btc@", "tft-btc@two", "tft-btc@1 ", "tft-btc@-1",
        "tft-btc@1.0", "tft-btc@99999999999", "Live"})
    CAF_CHECK_EQUAL(fault_of(text),
                    "models.forecaster: expected \"none\", \"live\" or "
                    "ID@VERSION, found \""
                      + text + "\"");
}

CAF_TEST(a_model_that_is_not_there_is_named_with_its_place) {
  CAF_CHECK_EQUAL(fault_of("tft-btc@3"),
                  "models.forecaster: DIR/tft-btc/3: cannot be opened: No such "
                  "file or directory");
  CAF_CHECK_EQUAL(fault_of("tft-eth@1"),
                  "models.forecaster: DIR/tft-eth: cannot be opened: No such "
                  "file or directory");
  CAF_MESSAGE("no name leads out of the store");
  CAF_CHECK_EQUAL(fault_of("../models@1"),
                  "models.forecaster: id: expected 1 to 64 lower case letters, "
                  "digits and dashes, found \"../models\"");
}

CAF_TEST(a_model_of_another_role_is_refused_with_both_architectures) {
  CAF_CHECK_EQUAL(fault_of("dt@1"), "models.forecaster: dt@1 is a "
                                    "decision-transformer, expected a "
                                    "temporal-fusion-transformer");
  wish = {.directory = root, .regimes = "tft-btc@1"};
  CAF_CHECK_EQUAL(fault_of_choice(),
                  "models.regimes: tft-btc@1 is a temporal-fusion-transformer, "
                  "expected a contrastive-vae");
  wish = {.directory = root, .policy = "vae@1"};
  CAF_CHECK_EQUAL(fault_of_choice(), "models.policy: vae@1 is a "
                                     "contrastive-vae, expected a "
                                     "decision-transformer");
}

CAF_TEST(weights_that_are_not_those_of_the_manifest_are_refused) {
  bend("tft-btc/1/model.safetensors");
  auto text = fault_of("tft-btc@1");
  CAF_CHECK(text.starts_with("models.forecaster: DIR/tft-btc/1/"
                             "model.safetensors: expected SHA-256 "));
  CAF_CHECK(text.find(", found ") != text.npos);
  CAF_CHECK_EQUAL(fault_of("tft-btc@2"), "");
}

CAF_TEST(a_manifest_that_was_edited_is_not_what_was_approved) {
  promote("tft-btc", 1);
  auto approved = store.load("tft-btc", 1)->version.sha256;
  edit("tft-btc/1/manifest.json", "0123456789abcdef", "0123456789abcdee");
  auto found = store.load("tft-btc", 1)->version.sha256;
  CAF_CHECK_EQUAL(fault_of("live"),
                  "models.forecaster: DIR/tft-btc/1: is not what was approved: "
                  "expected SHA-256 "
                    + approved + ", found " + found);
}

CAF_TEST(features_of_another_schema_are_refused) {
  auto schema = small_model().about.schema_hash;
  auto other = schema;
  other.back() = other.back() == '0' ? '1' : '0';
  edit("tft-btc/1/manifest.json", schema, other);
  CAF_CHECK_EQUAL(fault_of("tft-btc@1"),
                  "models.forecaster: DIR/tft-btc/1/manifest.json: "
                  "schema_hash: the model was trained on features \""
                    + other + "\", this program computes \"" + schema + "\"");
}

CAF_TEST(bars_of_another_length_are_refused_with_both_lengths) {
  wish.forecaster = "tft-btc@1";
  CAF_CHECK_EQUAL(fault_of_choice(std::chrono::minutes{5}),
                  "models.forecaster: tft-btc reads bars of 1h, "
                  "feed.bar_interval is 5m");
}

CAF_TEST_FIXTURE_SCOPE_END()
