#define CAF_SUITE checkpoint_folder

#include "runtime/checkpoints/folder.hpp"

#include "tests/temporary_folder.hpp"

#include <caf/test/unit_test.hpp>

#include <fstream>

#include <sys/stat.h>

using namespace qalpha;
using namespace qalpha::test;

namespace fs = std::filesystem;

namespace {

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

struct fixture {
  temporary_folder place;
  folder here = std::move(*folder::open(place.path().string()));
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(folder_tests, fixture)

CAF_TEST(what_is_written_is_read) {
  CAF_REQUIRE(here.write("a", "one"));
  CAF_CHECK_EQUAL(*here.read("a", 3), "one");
  CAF_CHECK(says(fault_of(here.write("a", "two")), "cannot be written"));
  CAF_REQUIRE(here.replace("a", "three"));
  CAF_CHECK_EQUAL(*here.read("a", 100), "three");
  CAF_CHECK(*here.names(10) == (std::vector<std::string>{"a"}));
  CAF_CHECK(says(fault_of(here.read("b", 1)), "/b: cannot be read: No such"));
}

CAF_TEST(a_file_that_is_too_large_is_not_read) {
  CAF_REQUIRE(here.write("a", "one"));
  CAF_CHECK(
    says(fault_of(here.read("a", 2)), "/a: expected at most 2 bytes, found 3"));
  CAF_MESSAGE("ten gigabytes of nothing");
  std::ofstream{place.path() / "b"};
  fs::resize_file(place.path() / "b", 10'000'000'000);
  CAF_CHECK(says(fault_of(here.read("b", 1'000'000)), "found 10000000000"));
}

CAF_TEST(only_files_that_are_here_are_read) {
  CAF_REQUIRE(here.write("a", "one"));
  fs::create_symlink("a", place.path() / "link");
  CAF_CHECK(says(fault_of(here.read("link", 9)), "cannot be read"));
  fs::create_directory(place.path() / "d");
  CAF_CHECK(says(fault_of(here.read("d", 9999)), "is not a file"));
  CAF_CHECK_EQUAL(mkfifo((place.path() / "pipe").c_str(), 0600), 0);
  CAF_CHECK(says(fault_of(here.read("pipe", 9)), "is not a file"));
  fs::create_directory_symlink("d", place.path() / "dlink");
  CAF_CHECK(says(fault_of(here.open_below("dlink")), "cannot be opened"));
  CAF_CHECK(says(fault_of(here.create_below("dlink")), "cannot be opened"));
  CAF_CHECK(here.open_below("d"));
  CAF_CHECK(here.has("dlink"));
  CAF_CHECK(!here.has("nothing"));
}

CAF_TEST(a_link_is_replaced_and_what_it_names_is_not) {
  auto outside = place.path() / "outside";
  std::ofstream{outside} << "keep";
  fs::create_directory(place.path() / "d");
  auto below = std::move(*here.open_below("d"));
  fs::create_symlink(outside, place.path() / "d" / ".a.new");
  fs::create_symlink(outside, place.path() / "d" / "a");
  CAF_REQUIRE(below.replace("a", "new"));
  CAF_CHECK_EQUAL(*below.read("a", 9), "new");
  CAF_CHECK_EQUAL(*here.read("outside", 9), "keep");
}

CAF_TEST(one_writer_at_a_time_holds_a_lock) {
  auto held = here.lock("lock");
  CAF_REQUIRE(held);
  held->reset();
  CAF_CHECK(here.lock("lock"));
}

CAF_TEST(lists_are_bounded) {
  CAF_REQUIRE(here.write("a", ""));
  CAF_REQUIRE(here.write("b", ""));
  CAF_CHECK(here.names(2));
  CAF_CHECK(says(fault_of(here.names(1)), "expected at most 1 names"));
}

CAF_TEST_FIXTURE_SCOPE_END()
