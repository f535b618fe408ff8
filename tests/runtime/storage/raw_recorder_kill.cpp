// Kills recorders at random instants: what the next one finds and what it calls
// lost must be exactly what the dead one had taken.

#define CAF_SUITE storage_raw_recorder_kill

#include "tests/runtime/storage/raw_world.hpp"

#include <caf/test/unit_test.hpp>

#include <atomic>
#include <new>
#include <random>
#include <thread>

#include <sys/mman.h>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr int kills = 20;
constexpr uint64_t most_messages = 10'000;

/// A number that both processes see.
class shared_count {
public:
  shared_count() {
    auto memory = mmap(nullptr, sizeof(count), PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
      throw std::runtime_error{"no shared memory"};
    value_ = new (memory) count{0};
  }

  ~shared_count() {
    munmap(value_, sizeof(count));
  }

  shared_count(const shared_count&) = delete;
  shared_count& operator=(const shared_count&) = delete;

  std::atomic<uint64_t>& operator*() const noexcept {
    return *value_;
  }

private:
  using count = std::atomic<uint64_t>;

  count* value_;
};

kept_record message_in(int round, uint64_t number) {
  auto result = message_of(number);
  result.bytes += " of round " + std::to_string(round);
  return result;
}

raw_recorder_settings hasty() {
  raw_recorder_settings result;
  result.block_bytes = 4096;
  result.flush_every = std::chrono::milliseconds{1};
  result.segment_bytes = 64 * 1024;
  return result;
}

/// Records until it is killed; `taken` follows the calls that returned.
int record_for_ever(const fs::path& directory, int round,
                    std::atomic<uint64_t>& taken) {
  auto recorder = record_in(directory, hasty());
  for (uint64_t number = 1; number <= most_messages; ++number) {
    if (!recorder->append(message_in(round, number).view()))
      return 1;
    taken = number;
  }
  for (;;)
    pause();
}

void wait_for(const std::atomic<uint64_t>& count, uint64_t goal) {
  auto end = std::chrono::steady_clock::now() + patience;
  while (count < goal && std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
}

/// @returns the sum of the sizes of messages after `first` up to `last`.
uint64_t bytes_between(int round, uint64_t first, uint64_t last) {
  uint64_t result = 0;
  for (auto number = first + 1; number <= last; ++number)
    result += message_in(round, number).bytes.size();
  return result;
}

} // namespace

CAF_TEST(a_kill_costs_the_unflushed_tail_and_the_next_recorder_knows_it) {
  scratch place;
  std::mt19937_64 dice{7};
  std::vector<uint64_t> taken;
  std::vector<raw_loss> lost;
  for (int round = 0; round < kills; ++round) {
    shared_count count;
    child recording{
      [&] { return record_for_ever(place.root(), round, *count); }};
    wait_for(*count, dice() % most_messages);
    recording.kill();
    CAF_CHECK_EQUAL(recording.wait(), 128 + SIGKILL);
    taken.push_back(*count);
    auto before = read_all(place.root());
    auto next = record_in(place.root(), hasty());
    auto found = next->recovery().lost;
    CAF_CHECK(found.exact);
    lost.push_back(found);
    CAF_CHECK(next->close() == std::nullopt);
    // The reader alone comes to the same result.
    auto after = read_all(place.root());
    CAF_CHECK(before.records == after.records);
    CAF_CHECK(before.damage.lost == after.damage.lost);
  }
  // One pass over everything: round by round a prefix, then its loss.
  auto all = read_all(place.root());
  CAF_CHECK_EQUAL(all.fault, "");
  auto at = all.records.begin();
  for (int round = 0; round < kills; ++round) {
    auto index = static_cast<size_t>(round);
    uint64_t number = 0;
    while (at != all.records.end() && at->kind == raw_kind::message
           && at->bytes == message_in(round, number + 1).bytes) {
      ++number;
      ++at;
    }
    auto& gone = lost[index];
    auto accepted = number + gone.records;
    // The last call may have counted its record without having returned.
    CAF_CHECK(accepted == taken[index] || accepted == taken[index] + 1);
    CAF_CHECK_EQUAL(gone.bytes, bytes_between(round, number, accepted));
    if (gone.records > 0) {
      CAF_REQUIRE(at != all.records.end());
      CAF_CHECK(loss_of(at->view()) == gone);
      ++at;
    }
  }
  CAF_CHECK(at == all.records.end());
  auto inventory = take_inventory(place.root(), false);
  CAF_REQUIRE(inventory);
  CAF_CHECK(check_sums(*inventory).empty());
}

CAF_TEST(what_was_flushed_survives_a_kill) {
  scratch place;
  channel flushed;
  child recording{[&] {
    auto how = hasty();
    how.flush_every = std::chrono::hours{1};
    auto recorder = record_in(place.root(), how);
    record_messages(*recorder, 1, 100, 100);
    recorder->append(message_of(101).view());
    recorder->append(message_of(102).view());
    flushed.send(1);
    pause();
    return 0;
  }};
  flushed.close_writing();
  uint64_t ignored = 0;
  CAF_CHECK(flushed.receive(ignored));
  recording.kill();
  recording.wait();
  auto next = record_in(place.root());
  CAF_CHECK_EQUAL(next->recovery().next_sequence, 101u);
  CAF_CHECK(
    next->recovery().lost
    == (raw_loss{true, 2,
                 message_of(101).bytes.size() + message_of(102).bytes.size()}));
}
