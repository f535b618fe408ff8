// A store whose writers are killed or run out of disk at any instant: what was
// there stays, what is seen is whole.

#define CAF_SUITE checkpoint_store_crash

#include "runtime/checkpoints/checkpoint_store.hpp"
#include "tests/models/checkpoints/small_model.hpp"
#include "tests/runtime/storage/journal_world.hpp"
#include "tests/temporary_folder.hpp"

#include <caf/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <fstream>
#include <random>
#include <thread>

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

using namespace qalpha;
using namespace qalpha::test;

namespace {

const decision_note note{1, "ann", ""};

// Large enough that a kill often comes between two writes of one file.
constexpr size_t many_numbers = 50'000;

checkpoint model_of(uint32_t version) {
  return small_model("tft-btc", version, many_numbers);
}

/// @returns how many versions there are, all of them right, or a fault.
fallible<uint32_t> count_of_sound(const checkpoint_store& store) {
  auto list = store.list();
  if (!list)
    return list.error();
  uint32_t count = 0;
  for (const auto& x : *list) {
    auto loaded = store.load(x.version.id, x.version.version);
    if (!loaded)
      return loaded.error();
    if (x.version.version != ++count || loaded->model != model_of(count))
      return fault{"version " + std::to_string(count) + " is another one"};
  }
  return count;
}

int save_for_ever(const std::string& path, uint32_t from) {
  auto store = std::move(*checkpoint_store::open(path));
  for (auto version = from;; ++version) {
    if (!store.save(model_of(version)))
      return 1;
    if (!store.promote("tft-btc", version, note))
      return 2;
  }
}

/// Mounts 700 KiB of memory; as nobody else than root, in a world of its own.
bool mount_small_disk(const std::filesystem::path& at) {
  auto user = std::to_string(getuid());
  if (unshare(CLONE_NEWNS) != 0) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
      return false;
    std::ofstream{"/proc/self/uid_map"} << "0 " << user << " 1";
  }
  return mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0
         && mount("tmpfs", at.c_str(), "tmpfs", 0, "size=700k") == 0;
}

} // namespace

CAF_TEST(a_writer_killed_at_any_instant_leaves_whole_versions_only) {
  temporary_folder place;
  auto path = (place.path() / "models").string();
  auto store = std::move(*checkpoint_store::create(path));
  std::mt19937_64 dice{17};
  uint32_t saved = 0;
  size_t changes = 0;
  for (int round = 0; round < 20; ++round) {
    child writer{[&] { return save_for_ever(path, saved + 1); }};
    // lint: allow(sleep) the kill comes at a random instant
    std::this_thread::sleep_for(std::chrono::microseconds{dice() % 200'000});
    writer.kill();
    CAF_REQUIRE_EQUAL(writer.wait(), 128 + SIGKILL);
    auto count = count_of_sound(store);
    CAF_REQUIRE(count);
    CAF_REQUIRE(*count >= saved);
    saved = *count;
    auto registry = store.registry();
    CAF_REQUIRE(registry);
    CAF_REQUIRE(registry->history().size() >= changes);
    changes = registry->history().size();
    CAF_REQUIRE(store.load_live(model_role::forecaster));
  }
  CAF_MESSAGE(saved << " versions, " << changes << " promotions");
  CAF_CHECK(saved > 0);
  CAF_MESSAGE("what the dead have left is gone with the next version");
  CAF_REQUIRE(store.save(model_of(saved + 1)));
  auto names = folder::open(path + "/tft-btc")->names(100'000);
  CAF_REQUIRE_EQUAL(names->size(), saved + 1);
}

CAF_TEST(a_file_that_cannot_grow_leaves_the_previous_version) {
  temporary_folder place;
  auto path = (place.path() / "models").string();
  auto store = std::move(*checkpoint_store::create(path));
  CAF_REQUIRE(store.save(model_of(1)));
  CAF_REQUIRE(store.promote("tft-btc", 1, note));
  for (rlim_t limit : {0, 1, 100, 4096, 100'000, 199'999}) {
    child writer{[&] {
      std::signal(SIGXFSZ, SIG_IGN);
      rlimit most{limit, limit};
      setrlimit(RLIMIT_FSIZE, &most);
      auto saved = store.save(model_of(2));
      return !saved && saved.error().text.find("cannot be") != std::string::npos
               ? 0
               : 1;
    }};
    CAF_CHECK_EQUAL(writer.wait(), 0);
    CAF_CHECK_EQUAL(*count_of_sound(store), 1u);
  }
  CAF_MESSAGE("a registry that cannot grow stays what it was");
  auto before = store.registry()->text();
  CAF_REQUIRE(store.save(model_of(2)));
  child writer{[&] {
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit most{before.size() + 10, before.size() + 10};
    setrlimit(RLIMIT_FSIZE, &most);
    return store.promote("tft-btc", 2, note) ? 1 : 0;
  }};
  CAF_CHECK_EQUAL(writer.wait(), 0);
  CAF_CHECK_EQUAL(store.registry()->text(), before);
  CAF_CHECK_EQUAL((*store.load_live(model_role::forecaster))->version.version,
                  1u);
}

CAF_TEST(a_full_disk_leaves_the_previous_version) {
  temporary_folder place;
  constexpr int no_mount = 77;
  // A file system for three versions that only the child sees.
  child writer{[&] {
    if (!mount_small_disk(place.path()))
      return no_mount;
    auto store = std::move(
      *checkpoint_store::create((place.path() / "models").string()));
    uint32_t version = 0;
    for (;;) {
      auto saved = store.save(model_of(version + 1));
      if (!saved) {
        auto is_full = saved.error().text.find("No space") != std::string::npos;
        auto count = count_of_sound(store);
        return is_full && count && *count == version && version > 1 ? 0 : 1;
      }
      ++version;
    }
  }};
  auto code = writer.wait();
  if (code == no_mount)
    CAF_MESSAGE("skipped: no file system may be mounted here");
  else
    CAF_CHECK_EQUAL(code, 0);
}

CAF_TEST(several_writers_lose_no_version_and_no_decision) {
  temporary_folder place;
  auto path = (place.path() / "models").string();
  auto store = std::move(*checkpoint_store::create(path));
  constexpr uint32_t writers = 4;
  constexpr uint32_t each = 5;
  std::vector<std::unique_ptr<child>> all;
  for (uint32_t writer = 0; writer < writers; ++writer)
    all.push_back(std::make_unique<child>([&] {
      auto own = std::move(*checkpoint_store::open(path));
      for (uint32_t i = 0; i < each; ++i) {
        auto saved = own.save(small_model());
        if (!saved || !own.promote("tft-btc", saved->version, note))
          return 1;
      }
      return 0;
    }));
  for (auto& writer : all)
    CAF_CHECK_EQUAL(writer->wait(), 0);
  CAF_CHECK_EQUAL(store.versions_of("tft-btc")->size(), writers * each);
  CAF_CHECK_EQUAL(store.registry()->history().size(), writers * each);
}
