#define CAF_SUITE storage_sqlite_failure

#include "runtime/storage/journal_reader.hpp"
#include "tests/runtime/storage/failing_vfs.hpp"
#include "tests/runtime/storage/journal_world.hpp"

#include <caf/test/unit_test.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <vector>

using namespace qalpha;
using namespace qalpha::test;

namespace {

/// What a life came to.
struct outcome {
  /// Reports that were acknowledged.
  std::vector<uint32_t> acknowledged;
  /// Whether an append failed, and whether one was accepted afterwards.
  bool failed = false;
  bool accepted_later = false;
};

/// Opens a journal and writes until the end, whatever fails.
outcome live(const fs::path& root, journal_sync sync) {
  outcome result;
  auto how = settings();
  how.sync = sync;
  auto log = try_open(root, how);
  if (!log)
    return result;
  for (uint32_t i = 1; i <= 8; ++i) {
    auto fact = make_report(order_of((*log)->epoch(), i),
                            order_event::accepted);
    auto text = complaint_of([&] { (*log)->append(fact); });
    if (!text.empty()) {
      result.failed = true;
    } else {
      result.acknowledged.push_back(i);
      result.accepted_later |= result.failed;
    }
  }
  return result;
}

/// @returns the orders of the reports that the journal holds after a reopening,
///          or nothing if it cannot be opened.
std::optional<std::vector<uint32_t>> reopened(const fs::path& root) {
  auto log = try_open(root);
  if (!log)
    return std::nullopt;
  sqlite_database db{run_paths{root}.journal(), sqlite_database::access::read};
  sqlite_statement rows{db, "read", "SELECT sequence FROM order_events"};
  std::vector<uint32_t> result;
  while (rows.step())
    result.push_back(rows.as<uint32_t>(0));
  return result;
}

/// Fails the n-th operation of a kind with `code`, for every n that occurs.
/// @returns the number of n.
int fail_each(disk_operation kind, int code, journal_sync sync, bool latches) {
  for (int n = 1;; ++n) {
    scratch place;
    std::atomic<int> count = 0;
    outcome seen;
    {
      failing_vfs disk{[&](disk_operation operation, std::string_view) {
        return operation == kind && ++count == n ? code : SQLITE_OK;
      }};
      seen = live(place / "a", sync);
    }
    if (count < n)
      return n - 1;
    auto found = reopened(place / "a");
    CAF_REQUIRE(found);
    std::sort(found->begin(), found->end());
    CAF_CHECK(std::includes(found->begin(), found->end(),
                            seen.acknowledged.begin(),
                            seen.acknowledged.end()));
    if (seen.failed)
      CAF_CHECK_EQUAL(seen.accepted_later, !latches);
  }
}

} // namespace

CAF_TEST(no_failed_write_loses_what_was_acknowledged) {
  CAF_CHECK(fail_each(disk_operation::write, SQLITE_IOERR_WRITE,
                      journal_sync::normal, true)
            > 20);
}

CAF_TEST(a_disk_that_was_full_for_a_moment_takes_records_again) {
  CAF_CHECK(
    fail_each(disk_operation::write, SQLITE_FULL, journal_sync::normal, false)
    > 20);
}

CAF_TEST(a_failed_fsync_is_the_end_of_writing) {
  CAF_CHECK(fail_each(disk_operation::sync, SQLITE_IOERR_FSYNC,
                      journal_sync::always, true)
            > 10);
}

CAF_TEST(a_log_that_cannot_be_emptied_loses_nothing) {
  fail_each(disk_operation::truncate, SQLITE_IOERR_TRUNCATE,
            journal_sync::normal, true);
}

CAF_TEST(normal_appends_do_not_wait_for_the_disk) {
  scratch place;
  std::atomic<int> syncs = 0;
  failing_vfs disk{[&](disk_operation operation, std::string_view) {
    syncs += operation == disk_operation::sync ? 1 : 0;
    return SQLITE_OK;
  }};
  auto log = open_or_throw(place / "a");
  CAF_CHECK(syncs > 0);
  // The first record of an empty log syncs its head.
  log->append(make_report(order_of(1, 1), order_event::accepted));
  auto before = syncs.load();
  for (uint32_t i = 1; i <= 100; ++i)
    log->append(make_report(order_of(1, i), order_event::accepted));
  CAF_CHECK_EQUAL(syncs.load(), before);
  CAF_MESSAGE("an epoch does, and so does every record if asked for");
  log->raise_epoch();
  CAF_CHECK(syncs > before);
  log.close();
  auto how = settings();
  how.sync = journal_sync::always;
  log = open_or_throw(place / "a", how);
  before = syncs;
  for (uint32_t i = 1; i <= 10; ++i)
    log->append(make_report(order_of(1, i), order_event::accepted));
  CAF_CHECK(syncs >= before + 10);
}

CAF_TEST(a_full_disk_has_room_for_what_ends_risk_only) {
  scratch place;
  auto paths = run_paths{place / "a"};
  auto full = false;
  failing_vfs disk{[&](disk_operation operation, std::string_view) {
    // The disk is as full as the reserve makes it.
    return full && operation == disk_operation::write
               && fs::exists(paths.reserve())
             ? SQLITE_FULL
             : SQLITE_OK;
  }};
  auto log = open_or_throw(paths.root());
  log->append(make_intent(order_of(1, 1)));
  full = true;
  auto open_more = [&] { log->append(make_intent(order_of(1, 2))); };
  CAF_CHECK(contains(complaint_of(open_more), "database or disk is full"));
  CAF_CHECK(
    contains(complaint_of([&] { log->append(make_decision(1)); }), "full"));
  CAF_CHECK(fs::exists(paths.reserve()));
  CAF_MESSAGE("a halt, and the order that closes the position, find room");
  log->append(state_changed{});
  CAF_CHECK(!fs::exists(paths.reserve()));
  auto closing = make_intent(order_of(1, 3));
  closing.right.reduce_only = true;
  log->append(closing);
  CAF_CHECK_EQUAL(log->recall({0}).orders.size(), 2u);
  CAF_MESSAGE("the next start reserves again");
  full = false;
  log.close();
  log = open_or_throw(paths.root());
  CAF_CHECK_EQUAL(fs::file_size(paths.reserve()),
                  static_cast<uintmax_t>(disk_reserve::size));
}
