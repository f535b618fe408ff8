#define CAF_SUITE storage_raw_recorder_failure

#include "tests/runtime/storage/raw_world.hpp"

#include <caf/test/unit_test.hpp>

#include <csignal>
#include <thread>

#include <sys/resource.h>

using namespace qalpha;
using namespace qalpha::test;

namespace {

/// Lets no file of the process grow beyond `bytes`, as a full disk would.
bool limit_files(rlim_t bytes) {
  signal(SIGXFSZ, SIG_IGN);
  rlimit limit{bytes, RLIM_INFINITY};
  return setrlimit(RLIMIT_FSIZE, &limit) == 0;
}

/// Bytes that no compression makes smaller.
std::string noise(uint64_t seed, size_t size) {
  std::string result;
  while (result.size() < size) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    result += static_cast<char>(seed >> 56);
  }
  return result;
}

kept_record numbered(uint64_t number) {
  auto result = message_of(number);
  result.bytes = std::to_string(number) + " " + noise(number, 400);
  return result;
}

/// Fills a disk of 64 KiB until 500 records were dropped, makes room, and
/// records one more. The exit code says which step failed.
int outlive_a_full_disk(const fs::path& directory) {
  raw_recorder_settings how;
  how.block_bytes = 2048;
  how.queue_bytes = 16 * 1024;
  how.retry_every = std::chrono::milliseconds{2};
  auto recorder = record_in(directory, how);
  if (!limit_files(64 * 1024))
    return 1;
  uint64_t number = 1;
  while (recorder->counts().dropped.records < 500)
    recorder->append(numbered(number++).view());
  if (!contains(recorder->counts().trouble, "cannot be written"))
    return 2;
  if (recorder->flush(std::chrono::milliseconds{1}))
    return 3;
  if (recorder->counts().waiting_bytes > how.queue_bytes + 128)
    return 4;
  limit_files(RLIM_INFINITY);
  if (!recorder->flush(patience) || !recorder->counts().trouble.empty())
    return 5;
  if (!recorder->append(numbered(number).view()))
    return 6;
  if (recorder->close())
    return 7;
  return 0;
}

} // namespace

CAF_TEST(a_full_disk_drops_records_and_says_how_many_and_where) {
  scratch place;
  child recording{[&] { return outlive_a_full_disk(place.root()); }};
  CAF_REQUIRE_EQUAL(recording.wait(), 0);
  auto found = read_all(place.root());
  CAF_CHECK_EQUAL(found.fault, "");
  CAF_CHECK(found.damage.dropped.records >= 500u);
  CAF_CHECK(found.damage.lost == raw_loss{});
  uint64_t number = 1;
  for (auto& record : found.records) {
    if (auto loss = loss_of(record.view())) {
      uint64_t bytes = 0;
      for (uint64_t i = 0; i < loss->records; ++i)
        bytes += numbered(number++).bytes.size();
      CAF_CHECK_EQUAL(loss->bytes, bytes);
      CAF_CHECK(loss->exact);
    } else {
      CAF_CHECK_EQUAL(record.bytes, numbered(number++).bytes);
    }
  }
  CAF_CHECK(found.records.back().kind == raw_kind::message);
}

CAF_TEST(a_recorder_that_ends_on_a_full_disk_says_what_it_could_not_write) {
  scratch place;
  child recording{[&] {
    raw_recorder_settings how;
    how.block_bytes = 2048;
    auto recorder = record_in(place.root(), how);
    if (!limit_files(8 * 1024))
      return 1;
    for (uint64_t number = 1; number <= 100; ++number)
      recorder->append(numbered(number).view());
    auto why = recorder->close();
    return why && contains(why->text, "records were not written") ? 0 : 2;
  }};
  CAF_REQUIRE_EQUAL(recording.wait(), 0);
  auto found = read_all(place.root());
  CAF_CHECK(found.damage.lost.exact);
  CAF_CHECK_EQUAL(found.messages().size() + found.damage.lost.records, 100u);
  auto next = record_in(place.root());
  CAF_CHECK(next->recovery().lost == found.damage.lost);
}

CAF_TEST(without_room_for_its_first_bytes_a_recorder_does_not_open) {
  scratch place;
  child recording{[&] {
    return limit_files(16) && !recorder_fault(place / "a").empty() ? 0 : 1;
  }};
  CAF_CHECK_EQUAL(recording.wait(), 0);
  CAF_CHECK_EQUAL(recorder_fault(place / "a"), "");
}

CAF_TEST(a_recording_has_one_recorder_at_a_time) {
  scratch place;
  auto recorder = record_in(place.root());
  auto text = "recording " + place.root().string() + " is in use by process "
              + std::to_string(getpid());
  CAF_CHECK_EQUAL(recorder_fault(place.root()), text);
  child other{[&] { return recorder_fault(place.root()) == text ? 0 : 1; }};
  CAF_CHECK_EQUAL(other.wait(), 0);
  recorder.reset();
  CAF_CHECK_EQUAL(recorder_fault(place.root()), "");
}

CAF_TEST(a_directory_that_cannot_be_used_is_refused_in_one_line) {
  scratch place;
  put_file(place / "file", "x");
  CAF_CHECK_EQUAL(recorder_fault(place / "file"), "recording "
                                                    + (place / "file").string()
                                                    + " is not a directory");
  CAF_CHECK(recorder_fault(place / "file/below")
              .starts_with("recording " + (place / "file/below").string()
                           + " cannot be created: "));
  CAF_CHECK(recorder_fault("/proc/recording")
              .starts_with("recording /proc/recording cannot be created: "));
}

CAF_TEST(a_record_that_is_too_large_is_dropped_and_told_alone) {
  scratch place;
  auto how = small_blocks();
  how.queue_bytes = 64u << 20;
  auto recorder = record_in(place.root(), how);
  CAF_CHECK(recorder->append(message_of(1).view()));
  auto huge = message_of(2);
  huge.bytes.assign(largest_raw_record + 1, 'x');
  CAF_CHECK(!recorder->append(huge.view()));
  auto unnamed = message_of(2);
  unnamed.connection.assign(256, 'c');
  CAF_CHECK(!recorder->append(unnamed.view()));
  huge.bytes.pop_back();
  CAF_CHECK(recorder->append(huge.view()));
  recorder->close();
  auto found = read_all(place.root());
  CAF_REQUIRE_EQUAL(found.records.size(), 3u);
  CAF_CHECK(found.records[1].kind == raw_kind::dropped);
  auto lost_bytes = largest_raw_record + 1 + unnamed.bytes.size();
  CAF_CHECK(loss_of(found.records[1].view())
            == (raw_loss{true, 2, lost_bytes}));
  CAF_CHECK_EQUAL(found.records[2].bytes, huge.bytes);
}

CAF_TEST(records_of_several_threads_are_all_there_each_in_its_order) {
  scratch place;
  constexpr uint64_t each = 2000;
  auto how = small_blocks();
  how.queue_bytes = 8u << 20;
  auto recorder = record_in(place.root(), how);
  std::vector<std::thread> threads;
  for (auto name : {"a", "b", "c"})
    threads.emplace_back([&recorder, name] {
      for (uint64_t i = 0; i < each; ++i) {
        auto bytes = std::to_string(i);
        recorder->append({raw_start, raw_kind::message, name, {}, bytes});
      }
    });
  for (auto& thread : threads)
    thread.join();
  recorder->close();
  auto found = read_all(place.root());
  CAF_CHECK_EQUAL(found.records.size(), 3 * each);
  for (auto name : {"a", "b", "c"}) {
    uint64_t next = 0;
    for (auto& record : found.records)
      if (record.connection == name)
        CAF_CHECK_EQUAL(record.bytes, std::to_string(next++));
    CAF_CHECK_EQUAL(next, each);
  }
}
