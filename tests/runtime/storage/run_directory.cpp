#define CAF_SUITE storage_run_directory

#include "runtime/storage/run_directory.hpp"

#include "tests/runtime/storage/journal_world.hpp"

#include <caf/test/unit_test.hpp>

#include <sys/stat.h>

using namespace qalpha;
using namespace qalpha::test;

namespace {

/// @returns the text of the fault, empty if the directory was opened.
std::string fault_of(const fs::path& root) {
  auto result = run_directory::open(root);
  return result ? std::string{} : result.error().text;
}

} // namespace

CAF_TEST(a_missing_directory_is_created_for_its_user_alone) {
  scratch place;
  auto root = place / "run/demo";
  auto opened = run_directory::open(root);
  CAF_REQUIRE(opened);
  auto rights = fs::status(root).permissions();
  CAF_CHECK(rights == fs::perms::owner_all);
  CAF_CHECK_EQUAL(opened->paths().journal(), root / "journal.db");
}

CAF_TEST(the_pid_file_names_the_process_and_goes_with_it) {
  scratch place;
  auto paths = run_paths{place / "a"};
  {
    auto opened = run_directory::open(paths.root());
    CAF_REQUIRE(opened);
    CAF_CHECK_EQUAL(content_of(paths.pid()), std::to_string(getpid()) + "\n");
    CAF_CHECK(node_process(paths) == getpid());
  }
  CAF_CHECK(!fs::exists(paths.pid()));
  CAF_CHECK(node_process(paths) == std::nullopt);
}

CAF_TEST(a_moved_directory_stays_locked_until_its_last_owner_goes) {
  scratch place;
  auto root = place / "a";
  {
    auto first = run_directory::open(root);
    CAF_REQUIRE(first);
    auto second = std::move(*first);
    CAF_CHECK(contains(fault_of(root), "is in use by process"));
  }
  CAF_CHECK_EQUAL(fault_of(root), "");
}

CAF_TEST(a_second_process_is_refused_and_told_who_holds_it) {
  scratch place;
  auto root = place / "a";
  channel locked;
  channel finish;
  child holder{[&] {
    finish.close_writing();
    auto opened = run_directory::open(root);
    locked.send(opened ? 1 : 0);
    uint64_t ignored = 0;
    finish.receive(ignored);
    return 0;
  }};
  uint64_t held = 0;
  CAF_REQUIRE(locked.receive(held));
  CAF_REQUIRE_EQUAL(held, 1u);
  CAF_CHECK_EQUAL(fault_of(root), "run directory " + root.string()
                                    + " is in use by process "
                                    + std::to_string(holder.process()));
  finish.close_writing();
  CAF_CHECK_EQUAL(holder.wait(), 0);
  CAF_CHECK_EQUAL(fault_of(root), "");
}

CAF_TEST(the_lock_of_a_killed_process_is_free) {
  scratch place;
  auto root = place / "a";
  channel locked;
  child holder{[&] {
    auto opened = run_directory::open(root);
    locked.send(opened ? 1 : 0);
    for (;;)
      pause();
    return 0;
  }};
  uint64_t held = 0;
  CAF_REQUIRE(locked.receive(held));
  CAF_CHECK_EQUAL(held, 1u);
  holder.kill();
  CAF_CHECK_EQUAL(holder.wait(), 128 + SIGKILL);
  CAF_CHECK_EQUAL(fault_of(root), "");
}

CAF_TEST(a_child_that_ends_leaves_the_pid_file_of_its_parent) {
  scratch place;
  auto opened = run_directory::open(place / "a");
  CAF_REQUIRE(opened);
  child copy{[&] {
    auto inherited = std::move(*opened);
    return 0;
  }};
  CAF_CHECK_EQUAL(copy.wait(), 0);
  CAF_CHECK(fs::exists(opened->paths().pid()));
  CAF_CHECK(contains(fault_of(place / "a"), "is in use"));
}

CAF_TEST(what_is_not_a_directory_of_ours_is_refused) {
  scratch place;
  fs::create_directory(place / "real");
  fs::create_directory_symlink(place / "real", place / "link");
  write_file(place / "file", "x");
  CAF_MESSAGE("a link is refused, even with a slash behind it");
  CAF_CHECK(contains(fault_of(place / "link"), "is a symbolic link"));
  CAF_CHECK(contains(fault_of(place / "link/"), "is a symbolic link"));
  CAF_CHECK(contains(fault_of(place / "file"), "is not a directory"));
  CAF_CHECK(contains(fault_of(place / "file/below"), "cannot be created"));
  CAF_CHECK(!fs::exists(place / "real/node.lock"));
}

CAF_TEST(a_directory_that_everybody_can_write_is_refused) {
  scratch place;
  auto root = place / "a";
  fs::create_directory(root);
  chmod(root.c_str(), 0777);
  CAF_CHECK(contains(fault_of(root), "can be written by everybody"));
  CAF_CHECK(fs::is_empty(root));
}

CAF_TEST(a_directory_of_another_user_is_refused) {
  scratch place;
  auto root = place / "a";
  fs::create_directory(root);
  if (geteuid() != 0) {
    CAF_CHECK(contains(fault_of("/"), "belongs to user 0"));
    return;
  }
  CAF_REQUIRE_EQUAL(chown(root.c_str(), 65534, 65534), 0);
  CAF_CHECK(contains(fault_of(root), "belongs to user 65534"));
}

CAF_TEST(a_directory_that_cannot_be_written_is_refused) {
  scratch place;
  auto root = place / "a";
  fs::create_directory(root);
  chmod(place.root().c_str(), 0755);
  chmod(root.c_str(), 0500);
  if (geteuid() != 0) {
    CAF_CHECK(contains(fault_of(root), "cannot be written"));
    return;
  }
  // The superuser may write everywhere, so somebody else has to try.
  CAF_REQUIRE_EQUAL(chown(root.c_str(), 65534, 65534), 0);
  child other{[&] {
    if (seteuid(65534) != 0)
      return 2;
    return contains(fault_of(root), "cannot be written") ? 0 : 1;
  }};
  CAF_CHECK_EQUAL(other.wait(), 0);
}
