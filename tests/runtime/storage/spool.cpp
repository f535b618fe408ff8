#define CAF_SUITE storage_spool

#include "runtime/storage/spool.hpp"

#include "tests/models/random.hpp"
#include "tests/runtime/storage/journal_world.hpp"

#include <caf/test/unit_test.hpp>

#include <csignal>
#include <map>
#include <random>

#include <sys/resource.h>

using namespace qalpha;
using namespace qalpha::test;

namespace {

/// Record `n`: its number, then a filler whose length depends on it.
std::string record(uint64_t n) {
  return std::to_string(n) + std::string(n % 37, '.');
}

uint64_t number_of(std::string_view payload) {
  return std::stoull(std::string{payload});
}

spool open_spool(const fs::path& root, const spool_settings& how = {}) {
  auto opened = spool::open(root, how);
  if (!opened)
    throw std::runtime_error{opened.error().text};
  return std::move(*opened);
}

void fill_up(spool& out, uint64_t first, uint64_t last) {
  for (auto n = first; n <= last; ++n)
    out.append(record(n));
  out.flush();
}

struct found_record {
  entry_id id;
  uint64_t number;
};

/// Reads all that waits, in small batches.
std::vector<found_record> drain(spool& from) {
  std::vector<found_record> result;
  spool_batch batch;
  for (;;) {
    from.read(batch, 7, 1 << 20);
    if (batch.entries.empty())
      return result;
    for (auto& each : batch.entries) {
      auto payload = batch.payload(each);
      result.push_back({each.id, number_of(payload)});
      if (payload != record(result.back().number))
        throw std::runtime_error{"a record has changed"};
    }
  }
}

/// @returns `true` if ids rise from record to record.
bool rises(const std::vector<found_record>& xs) {
  for (size_t i = 1; i < xs.size(); ++i)
    if (xs[i].id <= xs[i - 1].id || xs[i].number <= xs[i - 1].number)
      return false;
  return true;
}

/// @returns `true` if `xs` are the numbers from `first` on, without a hole.
bool dense(const std::vector<found_record>& xs, uint64_t first) {
  for (size_t i = 0; i < xs.size(); ++i)
    if (xs[i].number != first + i)
      return false;
  return rises(xs);
}

fs::path newest_segment(const fs::path& root) {
  fs::path result;
  for (auto& each : fs::directory_iterator{root})
    if (each.path().extension() == ".spool" && each.path() > result)
      result = each.path();
  return result;
}

void copy_spool(const fs::path& from, const fs::path& to) {
  fs::remove_all(to);
  fs::copy(from, to, fs::copy_options::recursive);
}

} // namespace

CAF_TEST(records_come_out_in_order_across_segments_and_lives) {
  scratch place;
  // Segments of 4 KiB.
  spool_settings small{.limit_bytes = 1 << 16};
  uint64_t next = 1;
  for (int life = 0; life < 5; ++life) {
    auto queue = open_spool(place / "a", small);
    fill_up(queue, next, next + 999);
    next += 1'000;
  }
  auto queue = open_spool(place / "a", small);
  auto found = drain(queue);
  CAF_CHECK_EQUAL(found.size(), 5'000u);
  CAF_CHECK(dense(found, 1));
  CAF_CHECK_EQUAL(found.back().id.position, 5'000u);
  CAF_CHECK(queue.drained());
}

CAF_TEST(what_was_acknowledged_is_not_read_again_and_what_was_not_is) {
  scratch place;
  {
    auto queue = open_spool(place / "a");
    fill_up(queue, 1, 100);
    spool_batch batch;
    queue.read(batch, 40, 1 << 20);
    queue.acknowledge();
    queue.read(batch, 40, 1 << 20);
    queue.rewind();
    CAF_CHECK(dense(drain(queue), 41));
  }
  auto queue = open_spool(place / "a");
  fill_up(queue, 101, 120);
  auto found = drain(queue);
  CAF_CHECK_EQUAL(found.size(), 80u);
  CAF_CHECK(dense(found, 41));
}

CAF_TEST(a_server_that_lost_entries_gets_them_from_the_tail) {
  scratch place;
  auto queue = open_spool(place / "a", {.limit_bytes = 1 << 16});
  fill_up(queue, 1, 2'000);
  auto found = drain(queue);
  queue.acknowledge();
  CAF_CHECK_EQUAL(queue.pending_bytes(), 0u);
  for (auto lost : {1'999u, 1'000u, 123u, 0u}) {
    auto last = lost == 0 ? entry_id{} : found[lost - 1].id;
    CAF_CHECK_EQUAL(queue.resume_after(last), 0u);
    CAF_CHECK(dense(drain(queue), lost + 1));
  }
  // One that has all of it gets nothing.
  queue.resume_after(found.back().id);
  CAF_CHECK(drain(queue).empty());
}

CAF_TEST(what_is_beyond_the_tail_is_counted) {
  scratch place;
  auto queue = open_spool(place / "a",
                          {.limit_bytes = 1 << 16, .tail_bytes = 0});
  fill_up(queue, 1, 2'000);
  drain(queue);
  queue.acknowledge();
  auto missing = queue.resume_after({});
  CAF_CHECK(missing > 1'000);
  CAF_CHECK(dense(drain(queue), missing + 1));
}

CAF_TEST(a_full_spool_drops_the_newest_and_leaves_a_hole_in_the_ids) {
  scratch place;
  auto queue = open_spool(place / "a", {.when_full = spool_policy::drop_newest,
                                        .limit_bytes = 1 << 16});
  fill_up(queue, 1, 10'000);
  auto dropped = queue.counts().dropped;
  CAF_CHECK(dropped > 0);
  CAF_CHECK(queue.pending_bytes() <= 1 << 16);
  auto found = drain(queue);
  CAF_CHECK_EQUAL(found.size() + dropped, 10'000u);
  CAF_CHECK(dense(found, 1));
  queue.acknowledge();
  // Room again: the position tells what is missing.
  fill_up(queue, 10'001, 10'010);
  found = drain(queue);
  CAF_CHECK(dense(found, 10'001));
  CAF_CHECK_EQUAL(found.front().id.position, 10'001u);
  CAF_CHECK_EQUAL(queue.counts().dropped, dropped);
  CAF_CHECK_EQUAL(queue.counts().damaged, 0u);
}

CAF_TEST(a_full_spool_drops_the_oldest_but_not_what_is_being_delivered) {
  scratch place;
  auto queue = open_spool(place / "a", {.when_full = spool_policy::drop_oldest,
                                        .limit_bytes = 1 << 16});
  fill_up(queue, 1, 100);
  spool_batch in_flight;
  queue.read(in_flight, 10, 1 << 20);
  fill_up(queue, 101, 20'000);
  auto dropped = queue.counts().dropped;
  CAF_CHECK(dropped > 10'000);
  queue.rewind();
  auto found = drain(queue);
  CAF_CHECK(rises(found));
  CAF_CHECK_EQUAL(found.front().number, 1u);
  CAF_CHECK_EQUAL(found.back().number, 20'000u);
  CAF_CHECK_EQUAL(found.size() + dropped, 20'000u);
}

CAF_TEST(facts_are_kept_beyond_the_limit) {
  scratch place;
  auto queue = open_spool(place / "a", {.limit_bytes = 1 << 12});
  fill_up(queue, 1, 10'000);
  CAF_CHECK_EQUAL(queue.counts().dropped, 0u);
  CAF_CHECK(dense(drain(queue), 1));
}

CAF_TEST(a_file_cut_at_any_byte_gives_its_beginning_and_new_ids) {
  scratch place;
  auto origin = place / "a";
  std::vector<found_record> all;
  {
    auto queue = open_spool(origin);
    fill_up(queue, 1, 60);
    all = drain(queue);
  }
  auto size = fs::file_size(newest_segment(origin));
  size_t before = 0;
  for (uintmax_t length = 0; length <= size; ++length) {
    copy_spool(origin, place / "b");
    fs::resize_file(newest_segment(place / "b"), length);
    auto queue = open_spool(place / "b");
    fill_up(queue, 1'000, 1'002);
    auto found = drain(queue);
    CAF_REQUIRE(rises(found));
    CAF_REQUIRE(found.size() >= 3);
    auto kept = found.size() - 3;
    CAF_REQUIRE(kept >= before && kept <= 60);
    CAF_REQUIRE(kept == 0 || found[kept - 1].number == kept);
    // No id of the first life is given to another record.
    CAF_REQUIRE(found[kept].id > all.back().id);
    before = kept;
  }
  CAF_CHECK_EQUAL(before, 60u);
}

CAF_TEST(a_flipped_bit_costs_no_more_than_its_segment_and_is_counted) {
  scratch place;
  auto origin = place / "a";
  spool_settings small{.limit_bytes = 1 << 16};
  {
    auto queue = open_spool(origin, small);
    fill_up(queue, 1, 600);
  }
  dice roll;
  std::vector<fs::path> names;
  for (auto& each : fs::directory_iterator{origin})
    if (each.path().extension() == ".spool")
      names.push_back(each.path().filename());
  CAF_REQUIRE(names.size() > 3);
  for (int i = 0; i < 300; ++i) {
    copy_spool(origin, place / "b");
    auto victim = place / "b"
                  / names[static_cast<size_t>(
                    roll(0, static_cast<int64_t>(names.size()) - 1))];
    auto bytes = content_of(victim);
    auto at
      = static_cast<size_t>(roll(0, static_cast<int64_t>(bytes.size()) - 1));
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << roll(0, 7)));
    write_file(victim, bytes);
    auto queue = open_spool(place / "b", small);
    fill_up(queue, 1'000, 1'000);
    auto found = drain(queue);
    CAF_REQUIRE(rises(found));
    CAF_REQUIRE(!found.empty());
    CAF_REQUIRE_EQUAL(found.back().number, 1'000u);
    // A segment of 4 KiB has no more than 200 of these records.
    CAF_REQUIRE(found.size() > 400);
    auto& counts = queue.counts();
    CAF_REQUIRE(found.size() == 601 || counts.damaged + counts.cut_bytes > 0);
  }
}

CAF_TEST(a_damaged_mark_costs_a_repetition_only) {
  scratch place;
  {
    auto queue = open_spool(place / "a");
    fill_up(queue, 1, 100);
    spool_batch batch;
    for (auto n = 0; n < 4; ++n) {
      queue.read(batch, 10, 1 << 20);
      queue.acknowledge();
    }
  }
  auto mark = content_of(place / "a" / "delivered");
  for (size_t at = 0; at < mark.size(); ++at) {
    auto damaged = mark;
    damaged[at] ^= 4;
    write_file(place / "a" / "delivered", damaged);
    auto queue = open_spool(place / "a");
    auto found = drain(queue);
    CAF_REQUIRE(dense(found, found.front().number));
    CAF_REQUIRE(found.front().number == 31 || found.front().number == 41);
  }
}

CAF_TEST(a_full_disk_costs_nothing_until_the_memory_is_full_too) {
  scratch place;
  auto root = place / "a";
  channel told;
  child node{[&] {
    std::signal(SIGXFSZ, SIG_IGN);
    auto queue = open_spool(root, {.buffer_bytes = 1 << 20});
    rlimit none{20'000, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &none);
    fill_up(queue, 1, 2'000);
    if (queue.error().empty() || queue.counts().dropped != 0)
      return 1;
    rlimit enough{RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &enough);
    fill_up(queue, 2'001, 2'010);
    if (!queue.error().empty())
      return 2;
    auto found = drain(queue);
    return found.size() == 2'010 && dense(found, 1) ? 0 : 3;
  }};
  CAF_CHECK_EQUAL(node.wait(), 0);
  auto queue = open_spool(root);
  CAF_CHECK_EQUAL(drain(queue).size(), 2'010u);
}

CAF_TEST(memory_stays_bounded_on_a_full_disk) {
  scratch place;
  auto root = place / "a";
  child node{[&] {
    std::signal(SIGXFSZ, SIG_IGN);
    auto queue = open_spool(root, {.buffer_bytes = 1 << 16});
    rlimit none{0, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &none);
    fill_up(queue, 1, 10'000);
    if (queue.buffered_bytes() > 1 << 16 || queue.counts().dropped < 5'000)
      return 1;
    rlimit enough{RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &enough);
    auto dropped = queue.counts().dropped;
    fill_up(queue, 10'001, 10'001);
    auto found = drain(queue);
    return found.size() + dropped == 10'001 && rises(found)
               && found.back().id.position == 10'001
             ? 0
             : 2;
  }};
  CAF_CHECK_EQUAL(node.wait(), 0);
}

CAF_TEST(a_killed_process_loses_no_record_that_was_flushed) {
  auto seed = std::random_device{}();
  CAF_MESSAGE("seed " << seed);
  std::mt19937 random{seed};
  scratch place;
  auto root = place / "a";
  std::vector<found_record> all;
  uint64_t last = 0;
  for (int kills = 0; kills < 25; ++kills) {
    channel acknowledged;
    child node{[&, first = last + 1] {
      auto queue = open_spool(root, {.limit_bytes = 1 << 16});
      for (auto n = first;; ++n) {
        queue.append(record(n));
        if (!queue.flush())
          return 1;
        acknowledged.send(n);
      }
      return 0;
    }};
    acknowledged.close_writing();
    auto enough = last + 1 + random() % 500;
    while (last < enough && acknowledged.receive(last)) {
      // nop
    }
    node.kill();
    CAF_REQUIRE_EQUAL(node.wait(), 128 + SIGKILL);
    while (acknowledged.receive(last)) {
      // What the child said before it died.
    }
    auto queue = open_spool(root, {.limit_bytes = 1 << 16});
    auto found = drain(queue);
    queue.acknowledge();
    // The last one may be there although nobody was told.
    CAF_REQUIRE(!found.empty());
    auto end = found.back().number;
    CAF_REQUIRE(end == last || end == last + 1);
    last = end;
    all.insert(all.end(), found.begin(), found.end());
  }
  CAF_CHECK(dense(all, 1));
  CAF_CHECK_EQUAL(all.size(), last);
}

CAF_TEST(a_spool_belongs_to_one_process) {
  scratch place;
  auto queue = open_spool(place / "a");
  auto second = spool::open(place / "a", {});
  CAF_REQUIRE(!second);
  CAF_CHECK(contains(second.error().text, "another process uses this spool"));
}
