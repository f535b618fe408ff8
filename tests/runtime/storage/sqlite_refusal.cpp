#define CAF_SUITE storage_sqlite_refusal

#include "runtime/storage/journal_reader.hpp"
#include "runtime/storage/sqlite.hpp"
#include "tests/runtime/storage/journal_world.hpp"

#include <caf/test/unit_test.hpp>

#include <vector>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr int64_t page = 4'096;

void append_facts(sqlite_journal& log, uint32_t n) {
  for (uint32_t i = 1; i <= n; ++i) {
    auto id = order_of(log.epoch(), i);
    log.append(make_decision(log.recall({0}).last_decision + 1));
    log.append(make_intent(id));
    log.append(make_report(id, order_event::accepted));
    log.append(make_fill(id, log.epoch() * 1'000 + i));
  }
}

/// Copies of the files of a journal.
struct journal_files {
  std::string database;
  std::string log;

  friend bool operator==(const journal_files&, const journal_files&) = default;
};

journal_files files_of(const fs::path& root) {
  auto file = run_paths{root}.journal();
  return {content_of(file), content_of(file.string() + "-wal")};
}

void restore(const fs::path& root, const journal_files& files) {
  auto file = run_paths{root}.journal();
  fs::remove_all(root);
  fs::create_directories(root);
  write_file(file, files.database);
  if (!files.log.empty())
    write_file(file.string() + "-wal", files.log);
}

/// @returns the fault if the journal was refused as it should be: the file is
///          named, and nothing has changed.
std::string refusal_of(const fs::path& root,
                       const journal_settings& how = settings(),
                       const universe& what = instruments()) {
  auto before = files_of(root);
  auto result = try_open(root, how, what);
  if (result)
    return "it was opened";
  auto& text = result.error().text;
  auto name = "journal " + run_paths{root}.journal().string() + ": ";
  auto ending = std::string{"; nothing was changed; restore it or start with "
                            "a new run directory"};
  if (text.compare(0, name.size(), name) != 0 || !text.ends_with(ending))
    return "a text of another form: " + text;
  if (files_of(root) != before)
    return "the files were changed";
  return text.substr(name.size(), text.size() - name.size() - ending.size());
}

struct fixture {
  scratch place;
  fs::path root = place / "a";
  /// A journal that was closed, and one whose process died.
  journal_files closed;
  journal_files left;

  fixture() {
    auto log = open_or_throw(root);
    append_facts(*log.log, 50);
    left = files_of(root);
    log.close();
    closed = files_of(root);
  }

  void change(const std::string& sql) const {
    sqlite_database db{run_paths{root}.journal(),
                       sqlite_database::access::write};
    db.execute("change it", sql);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(sqlite_refusal_tests, fixture)

CAF_TEST(a_journal_of_another_node_is_refused) {
  auto how = settings();
  how.node = 2;
  for (auto& files : {closed, left}) {
    restore(root, files);
    CAF_CHECK_EQUAL(refusal_of(root, how), "it belongs to node 1, expected 2");
  }
  CAF_CHECK_EQUAL(open_or_throw(root)->recall({0}).last_decision, 50u);
}

CAF_TEST(a_journal_with_another_start_capital_is_refused) {
  auto how = settings();
  how.start = {5'000'050'000'000};
  CAF_CHECK_EQUAL(refusal_of(root, how),
                  "its start capital is 10000, expected 50000.5");
}

CAF_TEST(a_journal_of_another_schema_is_refused) {
  change("PRAGMA user_version = 3");
  CAF_CHECK_EQUAL(refusal_of(root), "schema version is 3, expected 1");
}

CAF_TEST(a_database_that_is_no_journal_is_refused) {
  change("PRAGMA application_id = 0");
  CAF_CHECK_EQUAL(refusal_of(root),
                  "it is a database, but not a journal of this program");
}

CAF_TEST(a_journal_of_other_instruments_is_refused) {
  auto refused = [&](const universe& what) {
    return refusal_of(root, settings(), what);
  };
  auto btc = instruments()[0];
  auto eth = instruments()[1];
  CAF_CHECK_EQUAL(
    refused({btc, make_instrument(1, "ETHUSDT", 5'000'000, 1'000'000)}),
    "instrument 1 is ETHUSDT tick 0.01 lot 0.01, expected "
    "ETHUSDT tick 0.05 lot 0.01");
  CAF_CHECK_EQUAL(
    refused({btc, make_instrument(1, "ETHUSDT", 1'000'000, 10'000'000)}),
    "instrument 1 is ETHUSDT tick 0.01 lot 0.01, expected "
    "ETHUSDT tick 0.01 lot 0.1");
  CAF_CHECK_EQUAL(refused({btc}), "it trades ETHUSDT tick 0.01 lot 0.01, "
                                  "expected 1 instruments without it");
  CAF_CHECK_EQUAL(
    refused({btc, eth, make_instrument(2, "SOLUSDT", 1'000'000, 1'000'000)}),
    "it trades 2 instruments, expected 3 with SOLUSDT");
  CAF_CHECK(
    contains(refused({make_instrument(0, "ETHUSDT", 1'000'000, 1'000'000),
                      make_instrument(1, "BTCUSDT", 10'000'000, 100'000)}),
             "instrument 0 is BTCUSDT"));
}

CAF_TEST(rules_that_venues_change_now_and_then_are_taken_over) {
  auto rules = instruments()[0].rules();
  rules.min_notional = {100 * money::scale};
  auto what = universe{*instrument::make({0}, rules), instruments()[1]};
  CAF_REQUIRE(try_open(root, settings(), what));
  auto reader = journal_reader::open(run_paths{root}.journal());
  CAF_REQUIRE(reader);
  CAF_CHECK_EQUAL(reader->instruments().at(0).rules(), rules);
}

CAF_TEST(a_journal_that_was_cut_off_is_refused) {
  auto size = static_cast<int64_t>(closed.database.size());
  std::vector<int64_t> lengths{0, 1, 15, 16, 99, 100, 511, 512, 1'024};
  for (int64_t begin = page; begin <= size; begin += page)
    for (auto length : {begin - 1, begin, begin + 1, begin + page / 2})
      if (length < size)
        lengths.push_back(length);
  CAF_CHECK(lengths.size() > 50);
  for (auto length : lengths) {
    auto cut = closed;
    cut.database.resize(static_cast<size_t>(length));
    restore(root, cut);
    auto text = refusal_of(root);
    auto known = contains(text, "it is empty")
                 || contains(text, "is not a whole number of pages")
                 || contains(text, "malformed");
    CAF_CHECK_EQUAL(known ? "" : std::to_string(length) + ": " + text, "");
  }
}

CAF_TEST(garbage_is_refused) {
  write_file(run_paths{root}.journal(), std::string(3 * page, 'x'));
  CAF_CHECK(contains(refusal_of(root), "file is not a database"));
  auto page_lost = closed;
  page_lost.database.replace(2 * page, page, page, '\0');
  restore(root, page_lost);
  CAF_CHECK(contains(refusal_of(root), "malformed"));
}

CAF_TEST(a_value_that_cannot_be_is_refused) {
  change("PRAGMA ignore_check_constraints = ON;"
         "UPDATE fills SET side = 7 WHERE execution = 1001");
  CAF_CHECK(contains(refusal_of(root), "CHECK constraint failed in fills"));
}

CAF_TEST(a_fact_of_a_symbol_that_is_not_traded_is_refused) {
  change("UPDATE fills SET symbol = 9 WHERE execution = 1001");
  CAF_CHECK(contains(refusal_of(root), "its facts make no sense"));
}

CAF_TEST(a_log_without_its_database_is_refused) {
  restore(root, left);
  fs::remove(run_paths{root}.journal());
  CAF_CHECK(contains(refusal_of(root), "it is missing, but its log"));
}

CAF_TEST(a_link_instead_of_a_journal_is_refused) {
  auto file = run_paths{root}.journal();
  fs::rename(file, root / "elsewhere.db");
  fs::create_symlink("elsewhere.db", file);
  CAF_CHECK_EQUAL(refusal_of(root), "it is not a regular file");
}

CAF_TEST(a_creation_that_died_half_way_is_done_again) {
  fs::remove_all(root);
  fs::create_directories(root);
  auto draft = run_paths{root}.journal().string() + ".new";
  write_file(draft, "half of a database");
  write_file(draft + "-journal", "what it was before");
  auto log = try_open(root);
  CAF_REQUIRE(log);
  CAF_CHECK(!(*log)->summary().resumed);
  CAF_CHECK(!fs::exists(draft));
}

CAF_TEST_FIXTURE_SCOPE_END()
