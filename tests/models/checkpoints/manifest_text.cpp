#define CAF_SUITE manifest_text

#include "models/checkpoints/manifest_text.hpp"

#include "models/checkpoints/sha256.hpp"
#include "tests/models/checkpoints/small_model.hpp"

#include <caf/test/unit_test.hpp>

#include <limits>
#include <random>

using namespace qalpha;
using namespace qalpha::test;

namespace {

sealed_manifest sealed() {
  return {small_model().about, sha256_of("weights")};
}

std::string text_of(const sealed_manifest& x) {
  auto result = write_manifest_text(x);
  CAF_REQUIRE(result);
  return *result;
}

/// @returns the fault of the text with `from` replaced by `to`.
std::string fault_with(const std::string& from, const std::string& to) {
  auto text = text_of(sealed());
  auto at = text.find(from);
  CAF_REQUIRE(at != text.npos);
  text.replace(at, from.size(), to);
  auto result = read_manifest_text(text);
  return result ? "none" : result.error().text;
}

/// @returns the fault of writing what `change` made of a manifest.
template <class Change>
std::string refusal_of(Change change) {
  auto x = sealed();
  change(x);
  auto result = write_manifest_text(x);
  return result ? "none" : result.error().text;
}

bool says(const std::string& text, std::string_view part) {
  if (text.find(part) != text.npos)
    return true;
  CAF_MESSAGE(text);
  return false;
}

} // namespace

CAF_TEST(a_manifest_reads_back_exactly_and_has_one_text) {
  auto text = text_of(sealed());
  auto again = read_manifest_text(text);
  CAF_REQUIRE(again);
  CAF_CHECK(*again == sealed());
  CAF_CHECK_EQUAL(text_of(*again), text);
  CAF_MESSAGE("a choice is written by its name");
  CAF_CHECK(says(text, R"("wavelet": "sym8")"));
  CAF_MESSAGE("what may be empty is");
  auto bare = sealed();
  bare.about.bins.clear();
  bare.about.settings.clear();
  bare.about.lists.clear();
  bare.about.names.clear();
  bare.about.metrics.clear();
  auto bare_again = read_manifest_text(text_of(bare));
  CAF_REQUIRE(bare_again);
  CAF_CHECK(*bare_again == bare);
}

CAF_TEST(keys_are_known_and_there) {
  CAF_CHECK_EQUAL(fault_with("\"seed\"", "\"sede\""),
                  "key \"sede\" is not known, did you mean \"seed\"?");
  CAF_CHECK_EQUAL(fault_with("\"commit\": \"0a1b2c3\",", ""),
                  "commit: expected it, found none");
  CAF_CHECK_EQUAL(fault_with("\"end_ms\"", "\"end_m\""),
                  "data: key \"end_m\" is not known, did you mean \"end_ms\"?");
  CAF_CHECK_EQUAL(fault_with("\"deviation\"", "\"deviatoin\""),
                  "scales[0]: key \"deviatoin\" is not known, did you mean "
                  "\"deviation\"?");
  CAF_CHECK(says(fault_with("\"seed\"", "\"id\""), "duplicate key \"id\""));
}

CAF_TEST(values_are_of_their_type_and_range) {
  CAF_CHECK_EQUAL(fault_with("\"format\": 1", "\"format\": 2"),
                  "format: expected a whole number from 1 to 1, found the "
                  "number 2");
  CAF_CHECK_EQUAL(fault_with("\"id\": \"tft-btc\"", "\"id\": 5"),
                  "id: expected a text, found the number 5");
  CAF_CHECK_EQUAL(fault_with("\"id\": \"tft-btc\"", "\"id\": \"../x\""),
                  "id: expected 1 to 64 lower case letters, digits and dashes, "
                  "found \"../x\"");
  CAF_CHECK_EQUAL(
    fault_with("temporal-fusion-transformer", "temporal-fusion-tranformer"),
    "architecture: \"temporal-fusion-tranformer\" is not known, "
    "did you mean \"temporal-fusion-transformer\"?");
  CAF_CHECK_EQUAL(fault_with("\"interval_ms\": 3600000", "\"interval_ms\": 0"),
                  "interval_ms: expected a whole number from 1 to 31622400000, "
                  "found the number 0");
  CAF_CHECK_EQUAL(
    fault_with("\"period\": 20", "\"period\": \"x\""),
    "features[0].period: expected a number, found the text \"x\"");
  CAF_CHECK_EQUAL(fault_with("\"hidden\": 64", "\"hidden\": true"),
                  "settings.hidden: expected a number, found true");
  CAF_CHECK_EQUAL(fault_with("0.5, 0.9", "0.5, \"a\""),
                  "lists.levels[2]: expected a number, found the text \"a\"");
  CAF_CHECK_EQUAL(fault_with("\"ETHUSDT\"", "7"),
                  "names.series[1]: expected a text, found the number 7");
  CAF_CHECK(says(fault_with("\"edges\": [", "\"edges\": [0, "),
                 "bins[0].edges: expected 9 numbers, found 10"));
  CAF_CHECK(says(fault_with("\"loss\": 0.1234", "\"loss\": 1e999"),
                 "syntax: Number too big"));
  CAF_CHECK(says(fault_with(sha256_of("weights"), "abc"), "weights_sha256:"));
  CAF_CHECK(says(fault_with("{", "// no\n{"), "1:1: syntax"));
}

CAF_TEST(features_with_another_meaning_are_refused) {
  CAF_CHECK(says(fault_with("\"period\": 20", "\"period\": 21"),
                 "schema_hash: the model was trained on features"));
  CAF_CHECK(
    says(fault_with("\"interval_ms\": 3600000", "\"interval_ms\": 60000"),
         "schema_hash: the model was trained on features"));
  CAF_CHECK(says(fault_with("\"feature\": \"ema\"", "\"feature\": \"emaa\""),
                 "features[1].feature: \"emaa\" is not known"));
}

CAF_TEST(what_could_not_be_read_again_is_not_written) {
  auto nan = std::numeric_limits<double>::quiet_NaN();
  CAF_CHECK_EQUAL(refusal_of([](auto&) {}), "none");
  CAF_CHECK(says(refusal_of([](auto& x) { x.about.scales.pop_back(); }),
                 "scales: expected one for each of the 4 columns, found 3"));
  CAF_CHECK(says(refusal_of([](auto& x) { x.about.scales[1].deviation = 0; }),
                 "scales[1]"));
  CAF_CHECK(says(refusal_of([&](auto& x) { x.about.scales[1].mean = nan; }),
                 "scales[1]"));
  CAF_CHECK(
    says(refusal_of([](auto& x) { x.about.bins.pop_back(); }), "bins:"));
  CAF_CHECK(says(refusal_of([](auto& x) { x.about.bins[2].edges[3] = 99; }),
                 "bins[2]"));
  CAF_CHECK(says(refusal_of([](auto& x) { x.about.bins[2].shares[3] = 0.2; }),
                 "bins[2]"));
  CAF_CHECK(says(refusal_of([&](auto& x) { x.about.metrics["a"] = nan; }),
                 "metrics: expected finite figures by name, found \"a\""));
  CAF_CHECK(says(refusal_of([](auto& x) { x.about.settings["a b"] = 1; }),
                 "settings:"));
  CAF_CHECK(
    says(refusal_of([&](auto& x) { x.about.lists["a"] = {nan}; }), "lists:"));
  CAF_CHECK(
    says(refusal_of([](auto& x) { x.about.names["a"] = {""}; }), "names:"));
  CAF_CHECK(
    says(refusal_of([](auto& x) { x.about.commit.clear(); }), "commit:"));
  CAF_CHECK(says(refusal_of([](auto& x) { x.about.data_hash = "a\nb"; }),
                 "data.hash:"));
  CAF_CHECK(says(refusal_of([](auto& x) { x.about.data_end_ms = 1; }),
                 "data: expected an end"));
  CAF_CHECK(
    says(refusal_of([](auto& x) { x.about.trained_at_ms = -1; }), "times:"));
  CAF_CHECK(says(refusal_of([](auto& x) { x.weights_sha256.clear(); }),
                 "weights_sha256:"));
}

CAF_TEST(twenty_names_that_could_lead_elsewhere_are_no_ids) {
  for (std::string name :
       {"",     ".",        "..",  "../a", "a/b", "/a",    "a/",
        "a\\b", "A",        "a b", "a.b",  "a_b", "~a",    "a%2fb",
        "a\nb", "\xc3\xa9", "a:b", "a*",   "$a",  "-a\xff"})
    CAF_CHECK(!is_model_id(name));
  CAF_CHECK(!is_model_id(std::string_view{"a\0b", 3}));
  CAF_CHECK(!is_model_id(std::string(65, 'a')));
  CAF_CHECK(is_model_id(std::string(64, 'a')));
  CAF_CHECK(is_model_id("tft-btc-2"));
}

CAF_TEST(a_text_that_was_cut_or_changed_never_gives_another_truth) {
  auto text = text_of(sealed());
  for (size_t size = 0; size + 1 < text.size(); ++size)
    CAF_CHECK(!read_manifest_text(std::string_view{text}.substr(0, size)));
  std::mt19937_64 dice{5};
  for (int i = 0; i < 2000; ++i) {
    auto changed = text;
    changed[dice() % changed.size()] ^= static_cast<char>(1u << dice() % 8);
    auto read = read_manifest_text(changed);
    // A figure may have become another one; it is still a right manifest.
    if (read)
      CAF_REQUIRE(read_manifest_text(text_of(*read)));
  }
}
