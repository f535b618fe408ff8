#define CAF_SUITE storage_sqlite_journal

#include "runtime/storage/sqlite_journal.hpp"

#include "runtime/storage/journal_reader.hpp"
#include "runtime/storage/memory_journal.hpp"
#include "tests/runtime/storage/journal_world.hpp"
#include "tests/runtime/storage/random_life.hpp"

#include <caf/test/unit_test.hpp>

#include <limits>
#include <random>
#include <thread>

using namespace qalpha;
using namespace qalpha::test;

namespace {

journal_reader reader_of(const fs::path& root) {
  auto result = journal_reader::open(run_paths{root}.journal());
  if (!result)
    throw std::runtime_error{result.error().text};
  return std::move(*result);
}

} // namespace

CAF_TEST(a_fresh_journal_names_its_run_and_begins_with_epoch_one) {
  scratch place;
  auto log = open_or_throw(place / "a");
  auto& summary = log->summary();
  CAF_CHECK_EQUAL(summary.run.size(), 4u);
  CAF_CHECK(summary.run.find_first_not_of("0123456789abcdef")
            == std::string::npos);
  CAF_CHECK(!summary.resumed);
  CAF_CHECK_EQUAL(to_string(summary), "started run " + summary.run);
  CAF_CHECK_EQUAL(log->epoch(), 1u);
  CAF_CHECK_EQUAL(log->recall_state(), state_changed{});
  CAF_CHECK(log->recall_account().positions
            == std::vector<position>(instruments().size()));
  CAF_CHECK(log->recall_account().peak == start);
}

CAF_TEST(a_resumed_run_says_what_it_found) {
  scratch place;
  auto log = open_or_throw(place / "a");
  auto run = log->summary().run;
  for (uint32_t i = 1; i <= 4; ++i)
    log->append(make_intent(order_of(1, i)));
  log->append(make_fill(order_of(1, 1), 1, 3));
  log->append(make_report(order_of(1, 2), order_event::lost));
  log.close();
  log = open_or_throw(place / "a");
  CAF_CHECK_EQUAL(to_string(log->summary()),
                  "resumed run " + run
                    + ": 1 position, 4 orders (1 of unknown fate), 0 lost");
}

CAF_TEST(the_epoch_rises_strictly_with_every_start_and_lease) {
  scratch place;
  uint32_t last = 0;
  for (int life = 0; life < 5; ++life) {
    auto log = open_or_throw(place / "a");
    CAF_CHECK(log->epoch() > last);
    last = log->epoch();
    log->append(make_intent(order_of(last, 1)));
    CAF_CHECK_EQUAL(log->recall({0}).last_order, 1u);
    CAF_CHECK_EQUAL(log->raise_epoch(), last + 1);
    CAF_CHECK_EQUAL(log->epoch(), last + 1);
    CAF_CHECK_EQUAL(log->recall({0}).last_order, 0u);
    last = log->epoch();
  }
}

CAF_TEST(every_record_comes_back_as_it_was) {
  scratch place;
  constexpr auto most = std::numeric_limits<int64_t>::max();
  constexpr auto least = std::numeric_limits<int64_t>::min();
  auto what = make_decision(5, 1);
  what.wanted = {-10'000};
  what.target = {-7};
  what.reason = std::string{"quotes ' \" \0 and \xE2\x82\xAC", 20};
  auto id = order_id{65'535, {1}, 4'294'967'295, 4'294'967'295};
  auto end = decision_outcome{
    what.id, {most}, decision_result::ordered, risk_gate::equity, least,
    most,    id};
  auto intent = make_intent(id, most, 5);
  intent.right.gate_epoch = ~uint64_t{0};
  intent.right.direction = side::sell;
  intent.right.reduce_only = true;
  intent.kind = order_kind::post_only;
  auto report = order_report{id, order_event::absent, {6}, "no such order"};
  auto part = make_fill(id, ~uint64_t{0}, 2);
  part.direction = side::sell;
  part.fee = {-1};
  auto payment = funding_payment{{1}, {8}, {-9}, {-10}};
  auto state
    = state_changed{trading_state::halted, ~uint64_t{0}, true, {11}, "drawdown",
                    "5 % > 4 %",           "9b1c"};
  auto log = open_or_throw(place / "a");
  log->append(what);
  log->append(end);
  log->append(intent);
  log->append(report);
  CAF_CHECK(log->append(part));
  CAF_CHECK(log->append(payment));
  log->append(state);
  CAF_MESSAGE("read by another connection while the journal is open");
  auto reader = reader_of(place / "a");
  auto stories = reader.decisions({1}, {}, 10);
  CAF_REQUIRE_EQUAL(stories.size(), 1u);
  CAF_CHECK_EQUAL(stories[0].what, what);
  CAF_CHECK(stories[0].outcome == end);
  CAF_REQUIRE_EQUAL(stories[0].orders.size(), 1u);
  auto& order = stories[0].orders[0];
  CAF_CHECK_EQUAL(order.intent, intent);
  CAF_CHECK(order.reports == std::vector{report});
  CAF_CHECK(order.fills == std::vector{part});
  CAF_CHECK(reader.fills() == std::vector{part});
  CAF_CHECK(reader.payments() == std::vector{payment});
  CAF_CHECK(reader.states() == std::vector{state});
}

CAF_TEST(the_account_continues_with_its_peak_and_marks) {
  scratch place;
  auto log = open_or_throw(place / "a");
  account_state fact{{5'000'000'000}, {101}, {102}, {103}, {104}, {105},
                     {106},           {107}, {108}, 3,     {}};
  fact.positions.resize(2);
  fact.positions[0].mark = {612'345};
  auto same_second = fact;
  same_second.time = {5'400'000'000};
  same_second.peak = {200};
  log->append(fact);
  log->append(same_second);
  auto later = same_second;
  later.time = {6'000'000'000};
  log->append(later);
  log.close();
  log = open_or_throw(place / "a");
  auto account = log->recall_account();
  CAF_CHECK_EQUAL(account.peak.e8, 200);
  CAF_CHECK_EQUAL(account.positions.at(0).mark.ticks, 612'345);
  CAF_CHECK_EQUAL(account.positions.at(1).mark.ticks, 0);
  CAF_MESSAGE("the history has one row a second, without positions");
  auto history = reader_of(place / "a").account_history();
  CAF_REQUIRE_EQUAL(history.size(), 2u);
  same_second.positions.clear();
  CAF_CHECK_EQUAL(history[0], same_second);
}

CAF_TEST(the_history_of_the_account_forgets_after_a_week) {
  scratch place;
  auto log = open_or_throw(place / "a");
  constexpr int64_t week_ns = 604'800 * int64_t{1'000'000'000};
  account_state fact;
  for (fact.time = {1}; fact.time.ns < 3 * week_ns; fact.time.ns += week_ns)
    log->append(fact);
  CAF_CHECK_EQUAL(reader_of(place / "a").account_history().size(), 1u);
}

CAF_TEST(duplicates_are_told_apart_after_a_restart_too) {
  scratch place;
  auto log = open_or_throw(place / "a");
  auto one = make_fill(order_of(1, 1), 7);
  auto other = make_fill(order_of(1, 1, 1), 7);
  auto payment = funding_payment{{0}, {1'000}, {5}, {1}};
  CAF_CHECK(log->append(one));
  CAF_CHECK(!log->append(one));
  CAF_CHECK(log->append(payment));
  log.close();
  log = open_or_throw(place / "a");
  CAF_CHECK(!log->append(one));
  CAF_CHECK(!log->append(payment));
  CAF_CHECK(log->append(other));
  auto positions = log->recall_account().positions;
  CAF_CHECK_EQUAL(positions.at(0).size.lots, 10);
  CAF_CHECK_EQUAL(positions.at(1).size.lots, 10);
  CAF_CHECK_EQUAL(positions.at(0).funding.e8, 5);
}

CAF_TEST(an_order_id_or_an_end_of_a_decision_is_never_written_twice) {
  scratch place;
  auto log = open_or_throw(place / "a");
  log->append(make_intent(order_of(1, 1)));
  log->append(decision_outcome{});
  auto order_again = [&] { log->append(make_intent(order_of(1, 1))); };
  auto end_again = [&] { log->append(decision_outcome{}); };
  CAF_CHECK(contains(complaint_of(order_again),
                     "journal.db: cannot append an order: UNIQUE"));
  CAF_CHECK(contains(complaint_of(end_again),
                     "journal.db: cannot append an outcome: UNIQUE"));
  CAF_MESSAGE("the journal itself is fine");
  log->append(make_intent(order_of(1, 2)));
  CAF_CHECK_EQUAL(log->recall({0}).orders.size(), 2u);
}

CAF_TEST(facts_of_foreign_symbols_are_refused) {
  scratch place;
  auto log = open_or_throw(place / "a");
  auto decide = [&] { log->append(make_decision(1, 2)); };
  auto fill_it = [&] { log->append(make_fill(order_of(1, 1, 2), 1)); };
  CAF_CHECK(contains(complaint_of(decide), "symbol 2, the run has 2 symbols"));
  CAF_CHECK(contains(complaint_of(fill_it), "symbol 2, the run has 2 symbols"));
  CAF_CHECK_EQUAL(reader_of(place / "a").counts(), journal_counts{});
}

CAF_TEST(what_is_recalled_after_a_restart_equals_what_was_before) {
  auto seed = std::random_device{}();
  CAF_MESSAGE("seed " << seed);
  random_life life{seed};
  scratch place;
  memory_journal model{instruments(), start, true};
  uint64_t lives = 0;
  for (; lives < 12; ++lives) {
    auto log = open_or_throw(place / "a");
    life.begin_epoch(log->epoch());
    if (lives != 0)
      model.raise_epoch();
    CAF_REQUIRE_EQUAL(log->epoch(), model.epoch());
    life.listeners = {&model, log.log.get()};
    for (journal* each : life.listeners)
      CAF_REQUIRE(life.agrees(*each));
    for (int i = 0; i < 150; ++i)
      CAF_REQUIRE(life.step());
    for (journal* each : life.listeners)
      CAF_REQUIRE(life.agrees(*each));
    CAF_CHECK(log->recall_account().positions
              == model.recall_account().positions);
  }
  CAF_CHECK(life.duplicates() > 10);
  auto reader = reader_of(place / "a");
  CAF_CHECK_EQUAL(reader.counts(), model.counts());
  CAF_CHECK(reader.fills() == model.facts().fills);
  CAF_CHECK(reader.payments() == model.facts().payments);
  CAF_CHECK(reader.states() == model.facts().states);
}

CAF_TEST(actors_on_many_threads_share_a_journal) {
  scratch place;
  auto log = open_or_throw(place / "a");
  auto write = [&](uint16_t symbol) {
    for (uint32_t i = 1; i <= 300; ++i) {
      log->append(make_decision(i, symbol));
      log->append(make_intent(order_of(1, i, symbol)));
      log->append(make_fill(order_of(1, i, symbol), i));
    }
  };
  {
    std::jthread one{[&] { write(0); }};
    std::jthread other{[&] { write(1); }};
    for (int i = 0; i < 100; ++i)
      log->recall_account();
  }
  log.close();
  log = open_or_throw(place / "a");
  CAF_CHECK_EQUAL(log->summary().orders, 0u);
  auto positions = log->recall_account().positions;
  CAF_CHECK_EQUAL(positions.at(0).size.lots, 3'000);
  CAF_CHECK_EQUAL(positions.at(1).size.lots, 3'000);
}

CAF_TEST(a_long_log_is_moved_into_the_database_meanwhile) {
  scratch place;
  auto log = open_or_throw(place / "a");
  for (uint32_t i = 1; i <= 40'000; ++i)
    log->append(make_report(order_of(1, i), order_event::accepted));
  CAF_MESSAGE("160 MiB of pages were written, and the log does not hold them");
  auto wal = run_paths{place / "a"}.journal().string() + "-wal";
  CAF_CHECK(fs::file_size(wal) < 100'000'000);
  log.close();
  CAF_CHECK(!fs::exists(wal));
  CAF_CHECK_EQUAL(reader_of(place / "a").counts().reports, 40'000u);
}
