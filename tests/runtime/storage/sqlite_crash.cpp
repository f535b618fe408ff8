#define CAF_SUITE storage_sqlite_crash

#include "runtime/storage/journal_reader.hpp"
#include "tests/runtime/storage/failing_vfs.hpp"
#include "tests/runtime/storage/journal_world.hpp"

#include <caf/test/unit_test.hpp>

#include <csignal>
#include <random>
#include <vector>

#include <sys/resource.h>

using namespace qalpha;
using namespace qalpha::test;

namespace {

/// What is told about fact `n` of a journal; each kind has its turn.
void append_numbered(sqlite_journal& log, uint64_t n) {
  auto id = order_of(900, static_cast<uint32_t>(n / 4 + 1));
  switch (n % 4) {
    case 0:
      log.append(make_decision(n / 4 + 1));
      break;
    case 1:
      log.append(make_intent(id));
      break;
    case 2:
      log.append(make_report(id, order_event::accepted));
      break;
    default:
      log.append(make_fill(id, n / 4 + 1));
      break;
  }
}

/// @returns how many facts there are, if they are the first ones without a gap.
std::optional<uint64_t> numbered_facts(const fs::path& root) {
  auto reader = journal_reader::open(run_paths{root}.journal());
  if (!reader)
    return std::nullopt;
  auto counts = reader->counts();
  auto total = counts.decisions + counts.orders + counts.reports + counts.fills;
  auto expected = [&](uint64_t turn) { return (total + 3 - turn) / 4; };
  if (counts.decisions != expected(0) || counts.orders != expected(1)
      || counts.reports != expected(2) || counts.fills != expected(3))
    return std::nullopt;
  return total;
}

/// The files of a journal whose process died after 40 reports.
struct dead_journal {
  scratch place;
  std::string database;
  std::string log;
  static constexpr uint64_t reports = 40;

  dead_journal() {
    auto journal = open_or_throw(place / "a");
    for (uint32_t i = 1; i <= reports; ++i)
      journal->append(make_report(order_of(1, i), order_event::accepted));
    auto file = run_paths{place / "a"}.journal();
    database = content_of(file);
    log = content_of(file.string() + "-wal");
  }

  /// Opens the journal with `damaged` as its log.
  /// @returns the number of reports and what was reported as lost.
  std::pair<uint64_t, uint64_t> recover(const std::string& damaged) const {
    auto root = place / "b";
    fs::remove_all(root);
    fs::create_directories(root);
    auto file = run_paths{root}.journal();
    write_file(file, database);
    write_file(file.string() + "-wal", damaged);
    auto opened = open_or_throw(root);
    auto lost = opened->summary().lost;
    opened.close();
    // What was dropped stays dropped, and is told once.
    auto again = open_or_throw(root);
    auto told_again = again->summary().lost;
    auto reader = journal_reader::open(file);
    auto orders = reader->counts().reports;
    return {orders, lost + 1'000 * told_again};
  }
};

constexpr size_t frame = 24 + 4'096;

} // namespace

CAF_TEST(a_killed_process_loses_no_record_that_was_acknowledged) {
  auto seed = std::random_device{}();
  CAF_MESSAGE("seed " << seed);
  std::mt19937 random{seed};
  uint64_t written = 0;
  for (int kills = 0; kills < 25; ++kills) {
    scratch place;
    auto root = place / "a";
    channel acknowledged;
    child node{[&] {
      auto log = open_or_throw(root);
      for (uint64_t n = 0;; ++n) {
        append_numbered(*log.log, n);
        acknowledged.send(n + 1);
      }
      return 0;
    }};
    acknowledged.close_writing();
    // Some are killed after the first record, some after checkpoints.
    auto enough = uint64_t{1} + random() % (kills % 5 == 0 ? 4'000 : 100);
    uint64_t last = 0;
    while (last < enough && acknowledged.receive(last)) {
      // nop
    }
    node.kill();
    CAF_REQUIRE_EQUAL(node.wait(), 128 + SIGKILL);
    while (acknowledged.receive(last)) {
      // What the child said before it died.
    }
    CAF_REQUIRE(last >= enough);
    auto log = open_or_throw(root);
    CAF_CHECK_EQUAL(log->summary().lost, 0u);
    CAF_CHECK_EQUAL(log->epoch(), 2u);
    auto found = numbered_facts(root);
    CAF_REQUIRE(found);
    CAF_CHECK(*found == last || *found == last + 1);
    written += last;
  }
  CAF_MESSAGE("acknowledged " << written);
}

CAF_TEST(a_process_killed_at_any_disk_operation_loses_nothing) {
  auto killed = true;
  auto n = 0;
  while (killed) {
    scratch place;
    auto root = place / "a";
    channel acknowledged;
    ++n;
    child node{[&] {
      auto countdown = n;
      failing_vfs disk{[&](disk_operation, std::string_view) {
        if (--countdown == 0)
          raise(SIGKILL);
        return 0;
      }};
      // Creates, writes, stops; resumes, writes, stops.
      for (uint64_t life = 0; life < 2; ++life) {
        auto log = open_or_throw(root);
        for (auto i = life * 6; i < life * 6 + 6; ++i) {
          append_numbered(*log.log, i);
          acknowledged.send(i + 1);
        }
        log.close();
      }
      return 0;
    }};
    acknowledged.close_writing();
    uint64_t last = 0;
    while (acknowledged.receive(last)) {
      // nop
    }
    auto end = node.wait();
    CAF_REQUIRE(end == 0 || end == 128 + SIGKILL);
    killed = end != 0;
    auto log = try_open(root);
    CAF_REQUIRE(log);
    auto found = numbered_facts(root);
    CAF_REQUIRE(found);
    CAF_CHECK(*found == last || *found == last + 1);
  }
  CAF_MESSAGE("killed at " << n - 1 << " operations");
  CAF_CHECK(n > 60);
}

CAF_TEST(a_file_that_may_not_grow_stops_the_writer_and_not_the_next_one) {
  for (auto limit : {64u, 200u, 5'000u}) {
    scratch place;
    auto root = place / "a";
    channel acknowledged;
    child node{[&] {
      auto log = open_or_throw(root);
      // Without this the kernel ends the process before SQLite hears of it.
      std::signal(SIGXFSZ, SIG_IGN);
      rlimit size{limit * 4'096, limit * 4'096};
      if (setrlimit(RLIMIT_FSIZE, &size) != 0)
        return 1;
      uint64_t n = 0;
      auto fill_up = [&] {
        for (; n < 100'000; ++n)
          append_numbered(*log.log, n);
      };
      auto text = complaint_of(fill_up);
      acknowledged.send(n);
      if (!contains(text, "journal.db: cannot append")
          || !contains(text, "disk I/O error (SQLite code 778)"))
        return 2;
      auto closed = complaint_of([&] { log->append(state_changed{}); });
      return contains(closed, "journal accepts nothing since") ? 0 : 3;
    }};
    acknowledged.close_writing();
    uint64_t last = 0;
    CAF_REQUIRE(acknowledged.receive(last));
    CAF_CHECK_EQUAL(node.wait(), 0);
    CAF_CHECK(last > 10);
    auto log = open_or_throw(root);
    CAF_CHECK(numbered_facts(root) == last);
  }
}

CAF_TEST(a_log_that_was_cut_off_gives_its_beginning) {
  dead_journal dead;
  CAF_REQUIRE_EQUAL(dead.recover(dead.log).first, dead.reports);
  uint64_t before = 0;
  for (size_t length = 0; length <= dead.log.size(); length += 1'031) {
    auto [found, lost] = dead.recover(dead.log.substr(0, length));
    CAF_CHECK(found >= before && found <= dead.reports);
    CAF_CHECK_EQUAL(lost, 0u);
    before = found;
  }
  CAF_CHECK(before >= dead.reports - 1);
}

CAF_TEST(a_flipped_bit_in_the_log_is_found_and_what_it_took_is_counted) {
  dead_journal dead;
  auto begin = dead.log.size() - (dead.log.size() - 32) / frame * frame;
  CAF_REQUIRE_EQUAL(begin, 32u);
  uint64_t before = 0;
  for (auto offset = begin; offset < dead.log.size(); offset += frame) {
    auto damaged = dead.log;
    damaged[offset + 24 + offset % 4'000] ^= 1;
    auto [found, lost] = dead.recover(damaged);
    // The last one could as well be an append that never returned.
    auto last = found == dead.reports - 1;
    CAF_CHECK_EQUAL(lost, last ? 0 : dead.reports - found);
    CAF_CHECK(found >= before);
    before = found;
  }
  CAF_CHECK_EQUAL(before, dead.reports - 1);
}

CAF_TEST(a_damaged_log_never_brings_an_epoch_back) {
  scratch place;
  auto log = open_or_throw(place / "a");
  CAF_CHECK_EQUAL(log->raise_epoch(), 2u);
  auto copy = place / "b";
  fs::create_directories(copy);
  auto name = run_paths{copy}.journal();
  write_file(name, content_of(run_paths{place / "a"}.journal()));
  CAF_CHECK_EQUAL(open_or_throw(copy)->epoch(), 3u);
}

CAF_TEST(a_damaged_head_of_the_log_takes_all_of_it) {
  dead_journal dead;
  auto damaged = dead.log;
  damaged[17] ^= 1;
  auto [found, lost] = dead.recover(damaged);
  CAF_CHECK_EQUAL(found, 0u);
  CAF_CHECK_EQUAL(lost, dead.reports);
}
