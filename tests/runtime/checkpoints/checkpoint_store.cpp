#define CAF_SUITE checkpoint_store

#include "runtime/checkpoints/checkpoint_store.hpp"

#include "models/checkpoints/checkpoint_files.hpp"
#include "models/checkpoints/manifest_text.hpp"
#include "models/checkpoints/sha256.hpp"
#include "tests/models/checkpoints/small_model.hpp"
#include "tests/temporary_folder.hpp"

#include <caf/test/unit_test.hpp>

#include <fstream>

using namespace qalpha;
using namespace qalpha::test;

namespace fs = std::filesystem;

namespace {

constexpr auto forecaster = model_role::forecaster;

const decision_note note{1'700'000'000'000, "ann", "why not"};

template <class T>
std::string fault_of(const fallible<T>& x) {
  return x ? "none" : x.error().text;
}

bool says(const std::string& text, std::string_view part) {
  if (text.find(part) != text.npos)
    return true;
  CAF_MESSAGE(text);
  return false;
}

checkpoint small_policy() {
  auto result = small_model("dt");
  result.about.architecture = "decision-transformer";
  return result;
}

struct fixture {
  temporary_folder place;
  fs::path root = place.path() / "models";
  checkpoint_store store = std::move(*checkpoint_store::create(root.string()));

  void put(const fs::path& file, const std::string& bytes) const {
    std::ofstream out{root / file, std::ios::binary};
    out << bytes;
  }

  /// Flips one bit of a file.
  void bend(const fs::path& file, std::streamoff at) const {
    std::fstream io{root / file,
                    std::ios::binary | std::ios::in | std::ios::out};
    io.seekg(at, at < 0 ? std::ios::end : std::ios::beg);
    auto byte = static_cast<char>(io.peek() ^ 1);
    io.seekp(at, at < 0 ? std::ios::end : std::ios::beg);
    io.put(byte);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(checkpoint_store_tests, fixture)

CAF_TEST(versions_are_numbered_and_load_as_they_were_saved) {
  auto first = store.save(small_model());
  auto second = store.save(small_model("tft-btc", 2));
  CAF_REQUIRE(first);
  CAF_REQUIRE(second);
  CAF_CHECK_EQUAL(first->version, 1u);
  CAF_CHECK_EQUAL(second->version, 2u);
  CAF_CHECK(first->sha256 != second->sha256);
  auto loaded = store.load("tft-btc", 2);
  CAF_REQUIRE(loaded);
  CAF_CHECK(loaded->version == *second);
  CAF_CHECK(loaded->model == small_model("tft-btc", 2));
  CAF_CHECK(store.has("tft-btc", 2));
  CAF_CHECK(!store.has("tft-btc", 3));
  CAF_CHECK(*store.versions_of("tft-btc") == (std::vector<uint32_t>{1, 2}));
  CAF_CHECK(store.versions_of("none")->empty());
  CAF_CHECK(says(fault_of(store.load("tft-btc", 3)), "tft-btc/3: cannot be"));
}

CAF_TEST(no_name_leads_out_of_the_directory) {
  CAF_REQUIRE(store.save(small_model()));
  fs::create_directories(place.path() / "x" / "1");
  for (std::string id :
       {"",     ".",    "..",       "../x",       "../models/tft-btc",
        "a/b",  "/etc", "tft-btc/", "tft-btc/..", "A",
        "a b",  "a.b",  "a_b",      "~",          "a\n",
        "a\\b", "%2e",  "*",        "\xc3\xa9",   "..\x01"}) {
    CAF_CHECK(says(fault_of(store.load(id, 1)), "id: expected 1 to 64"));
    CAF_CHECK(says(fault_of(store.versions_of(id)), "id: expected"));
    CAF_CHECK(says(fault_of(store.promote(id, 1, note)), "id: expected"));
    CAF_CHECK(!store.has(id, 1));
    CAF_CHECK(!store.save(small_model(id)));
  }
  CAF_CHECK(!store.has("tft-btc", 0));
}

CAF_TEST(a_link_is_no_model) {
  CAF_REQUIRE(store.save(small_model()));
  fs::rename(root / "tft-btc", place.path() / "elsewhere");
  fs::create_directory_symlink(place.path() / "elsewhere", root / "tft-btc");
  CAF_CHECK(says(fault_of(store.load("tft-btc", 1)), "cannot be opened"));
  CAF_CHECK(says(fault_of(store.save(small_model())), "cannot be opened"));
  fs::remove(root / "tft-btc");
  fs::rename(place.path() / "elsewhere", root / "tft-btc");
  CAF_CHECK(store.load("tft-btc", 1));
  fs::rename(root / "tft-btc/1/model.safetensors", place.path() / "w");
  fs::create_symlink(place.path() / "w", root / "tft-btc/1/model.safetensors");
  CAF_CHECK(says(fault_of(store.load("tft-btc", 1)), "cannot be read"));
}

CAF_TEST(what_was_damaged_does_not_load_and_says_where) {
  CAF_REQUIRE(store.save(small_model()));
  bend("tft-btc/1/model.safetensors", -1);
  CAF_CHECK(says(fault_of(store.load("tft-btc", 1)),
                 "tft-btc/1/model.safetensors: expected SHA-256"));
  bend("tft-btc/1/model.safetensors", -1);
  CAF_CHECK(store.load("tft-btc", 1));
  put("tft-btc/1/manifest.json", "{}");
  CAF_CHECK(says(fault_of(store.load("tft-btc", 1)),
                 "tft-btc/1/manifest.json: format: expected it"));
  auto files = *pack_checkpoint(small_model("other"));
  put("tft-btc/1/manifest.json", files.manifest);
  put("tft-btc/1/model.safetensors", files.weights);
  CAF_CHECK(says(fault_of(store.load("tft-btc", 1)),
                 "id: expected \"tft-btc\", found \"other\""));
  CAF_MESSAGE("sizes are looked at before anything is read");
  fs::resize_file(root / "tft-btc/1/model.safetensors", 10'000'000'000);
  CAF_CHECK(says(fault_of(store.load("tft-btc", 1)),
                 "expected at most 536870912 bytes, found 10000000000"));
}

CAF_TEST(a_model_of_features_that_changed_does_not_load) {
  auto old = small_model();
  auto files = *pack_checkpoint(old);
  auto at = files.manifest.find(old.about.schema_hash);
  CAF_REQUIRE(at != std::string::npos);
  files.manifest.replace(at, 4, "0000");
  fs::create_directories(root / "tft-btc/1");
  put("tft-btc/1/manifest.json", files.manifest);
  put("tft-btc/1/model.safetensors", files.weights);
  CAF_CHECK(says(fault_of(store.load("tft-btc", 1)),
                 "schema_hash: the model was trained on features"));
}

CAF_TEST(one_version_is_live_and_a_rollback_leads_back) {
  CAF_REQUIRE(store.save(small_model()));
  CAF_REQUIRE(store.save(small_model("tft-btc", 2)));
  CAF_REQUIRE(store.save(small_policy()));
  CAF_CHECK(!*store.load_live(forecaster));
  CAF_REQUIRE(store.promote("tft-btc", 1, note));
  CAF_REQUIRE(store.promote("dt", 1, note));
  auto change = store.promote("tft-btc", 2, note);
  CAF_REQUIRE(change);
  CAF_CHECK(change->role == forecaster);
  CAF_CHECK(change->note == note);
  CAF_CHECK((*store.load_live(forecaster))->model == small_model("tft-btc", 2));
  CAF_CHECK((*store.load_live(model_role::policy))->model == small_policy());
  CAF_CHECK(says(fault_of(store.promote("tft-btc", 2, note)),
                 "tft-btc 2 is the live forecaster already"));
  CAF_REQUIRE(store.roll_back(forecaster, note));
  CAF_CHECK((*store.load_live(forecaster))->version.version == 1);
  CAF_CHECK(says(fault_of(store.roll_back(forecaster, note)),
                 "no forecaster was live before"));
  CAF_MESSAGE("a store that is opened anew knows it, too");
  auto again = std::move(*checkpoint_store::open(root.string()));
  CAF_CHECK_EQUAL(again.registry()->history().size(), 4u);
  auto list = *again.list();
  CAF_REQUIRE_EQUAL(list.size(), 3u);
  CAF_CHECK(list[0].about == small_policy().about);
  CAF_CHECK(list[0].state == model_state::live);
  CAF_CHECK(list[1].state == model_state::live);
  CAF_CHECK(list[2].state == model_state::retired);
}

CAF_TEST(only_what_was_approved_is_live) {
  auto approved = store.save(small_model());
  CAF_REQUIRE(approved);
  CAF_REQUIRE(store.promote("tft-btc", 1, note));
  CAF_MESSAGE("another model that is right by itself");
  auto other = *pack_checkpoint(small_model("tft-btc", 9));
  put("tft-btc/1/manifest.json", other.manifest);
  put("tft-btc/1/model.safetensors", other.weights);
  CAF_CHECK(store.load("tft-btc", 1));
  CAF_CHECK(
    says(fault_of(store.load_live(forecaster)),
         "is not what was approved: expected SHA-256 " + approved->sha256));
  CAF_MESSAGE("a better metric is a change as well");
  auto praised = small_model();
  praised.about.metrics["loss"] = 0.01;
  auto files = *pack_checkpoint(praised);
  put("tft-btc/1/manifest.json", files.manifest);
  put("tft-btc/1/model.safetensors", files.weights);
  CAF_CHECK(
    says(fault_of(store.load_live(forecaster)), "not what was approved"));
}

CAF_TEST(what_is_damaged_is_not_promoted_and_not_rolled_back_to) {
  CAF_REQUIRE(store.save(small_model()));
  CAF_REQUIRE(store.save(small_model("tft-btc", 2)));
  CAF_REQUIRE(store.promote("tft-btc", 1, note));
  CAF_REQUIRE(store.promote("tft-btc", 2, note));
  bend("tft-btc/1/model.safetensors", -1);
  CAF_CHECK(says(fault_of(store.roll_back(forecaster, note)), "SHA-256"));
  CAF_CHECK(says(fault_of(store.promote("tft-btc", 1, note)), "SHA-256"));
  CAF_CHECK_EQUAL(store.registry()->history().size(), 2u);
  CAF_CHECK((*store.load_live(forecaster))->version.version == 2);
}

CAF_TEST(a_damaged_registry_makes_nothing_live) {
  CAF_REQUIRE(store.save(small_model()));
  put("registry.json", "{\"format\": 1, \"changes\": [");
  CAF_CHECK(
    says(fault_of(store.load_live(forecaster)), "models/registry.json: 1:"));
  CAF_CHECK(says(fault_of(store.promote("tft-btc", 1, note)), "registry.json"));
  CAF_CHECK(says(fault_of(store.list()), "registry.json"));
}

CAF_TEST(a_list_shows_what_is_damaged_and_passes_over_what_is_no_model) {
  CAF_REQUIRE(store.save(small_model()));
  CAF_REQUIRE(store.save(small_model("tft-btc", 2)));
  put("tft-btc/2/manifest.json", "[]");
  fs::create_directories(root / "tft-btc" / ".new");
  fs::create_directories(root / "tft-btc" / "03");
  fs::create_directories(root / "NOTES");
  auto list = store.list();
  CAF_REQUIRE(list);
  CAF_REQUIRE_EQUAL(list->size(), 2u);
  CAF_CHECK((*list)[0].about == small_model().about);
  CAF_CHECK(!(*list)[1].about);
  CAF_CHECK(says((*list)[1].problem, "manifest.json: expected a group"));
}

CAF_TEST_FIXTURE_SCOPE_END()
