#define CAF_SUITE event_file

#include "runtime/training/event_file.hpp"

#include "tests/runtime/storage/journal_world.hpp"
#include "tests/temporary_folder.hpp"

#include <caf/test/unit_test.hpp>

#include <csignal>
#include <fstream>

#include <sys/resource.h>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr utc_time now{1'700'000'000'500'000'000};

std::string bytes_of(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

CAF_TEST(records_follow_each_other) {
  temporary_folder place;
  auto directory = (place.path() / "run" / "one").string();
  auto file = event_file::create(directory, "head", now);
  CAF_REQUIRE(file);
  CAF_CHECK(!file->append("one"));
  CAF_CHECK(!file->append("two"));
  CAF_CHECK_EQUAL(bytes_of(file->path()), "headonetwo");
  CAF_CHECK(
    file->path().starts_with(directory + "/events.out.tfevents.1700000000."));
}

CAF_TEST(a_second_training_has_a_file_of_its_own) {
  temporary_folder place;
  auto first = event_file::create(place.path().string(), "first", now);
  auto second = event_file::create(place.path().string(), "second", now);
  CAF_REQUIRE(first);
  CAF_REQUIRE(second);
  CAF_CHECK(first->path() != second->path());
  CAF_CHECK_EQUAL(bytes_of(first->path()), "first");
  CAF_CHECK_EQUAL(bytes_of(second->path()), "second");
}

CAF_TEST(what_cannot_be_written_is_a_fault) {
  auto made = event_file::create("/dev/null/x", "head", now);
  CAF_REQUIRE(!made);
  CAF_CHECK(made.error().text.starts_with("/dev/null/x: cannot be made: "));
}

CAF_TEST(a_record_that_does_not_fit_is_not_there_in_part) {
  temporary_folder place;
  child writer{[&] {
    std::signal(SIGXFSZ, SIG_IGN);
    auto file = event_file::create(place.path().string(), "head", now);
    rlimit most{10, 10};
    setrlimit(RLIMIT_FSIZE, &most);
    auto is_full = file->append("0123456789").has_value();
    auto is_full_again = file->append("0123456789").has_value();
    auto is_small = !file->append("small");
    return is_full && is_full_again && is_small ? 0 : 1;
  }};
  CAF_CHECK_EQUAL(writer.wait(), 0);
  for (const auto& entry : std::filesystem::directory_iterator{place.path()})
    CAF_CHECK_EQUAL(bytes_of(entry.path().string()), "headsmall");
}
