#define CAF_SUITE venues.market_queue

#include "runtime/venues/market_queue.hpp"

#include "models/market/book.hpp"

#include <caf/test/unit_test.hpp>

#include <atomic>
#include <random>
#include <thread>

using namespace qalpha;
using namespace std::chrono_literals;

namespace {

market_batch trade(uint16_t symbol, int64_t number) {
  return {.symbol = {symbol},
          .received = {number},
          .events = {{.time = {number * 1'000'000},
                      .sequence = static_cast<uint64_t>(number),
                      .px = {100 + number % 7},
                      .qty = {1},
                      .kind = market_event_kind::trade}}};
}

market_batch level(uint16_t symbol, int64_t number, uint64_t sequence) {
  utc_time time{number * 1'000'000};
  return {.symbol = {symbol},
          .received = {number},
          .events = {{.time = time,
                      .px = {1'000 - number % 50},
                      .qty = {number % 9},
                      .kind = market_event_kind::bid_level},
                     {.time = time,
                      .sequence = sequence,
                      .kind = market_event_kind::book_complete}}};
}

market_batch snapshot(uint16_t symbol) {
  return {.symbol = {symbol},
          .received = {1},
          .events = {{.time = {1}, .kind = market_event_kind::book_reset},
                     {.time = {1}, .kind = market_event_kind::book_complete}}};
}

struct image {
  book bids;
  int64_t volume = 0;
  utc_time last;
  bool ordered = true;

  void take(const market_batch& batch) {
    for (const auto& event : batch.events) {
      if (event.kind == market_event_kind::trade) {
        volume += event.qty.lots;
        ordered = ordered && event.time >= last;
        last = event.time;
      } else if (event.kind == market_event_kind::bid_level) {
        bids.set(side::buy, event.px, event.qty);
      }
    }
  }
};

} // namespace

CAF_TEST(batches_of_a_symbol_are_merged_in_order) {
  market_queue queue{2};
  queue.push(trade(1, 1));
  queue.push(trade(0, 2));
  queue.push(trade(1, 3));
  std::vector<market_batch> out;
  CAF_CHECK(queue.wait(0ns));
  queue.drain(out);
  CAF_REQUIRE_EQUAL(out.size(), 2u);
  CAF_CHECK_EQUAL(out[0].symbol.index, 1u);
  CAF_CHECK_EQUAL(out[0].received.ns, 3);
  CAF_REQUIRE_EQUAL(out[0].events.size(), 2u);
  CAF_CHECK_EQUAL(out[0].events[0].sequence, 1u);
  CAF_CHECK_EQUAL(out[0].events[1].sequence, 3u);
  CAF_CHECK_EQUAL(out[1].symbol.index, 0u);
  CAF_CHECK(!queue.wait(0ns));
}

CAF_TEST(full_queue_conflates_and_keeps_books_and_volume) {
  market_queue queue{2, 8};
  image truth;
  auto send = [&](market_batch batch) {
    truth.take(batch);
    queue.push(std::move(batch));
  };
  send(snapshot(0));
  uint64_t group = 0;
  for (int64_t i = 2; i < 5'000; ++i)
    send(i % 3 == 0 ? trade(0, i) : level(0, i, ++group));
  auto counts = queue.counters();
  CAF_CHECK_EQUAL(counts.pushed, 4'999u);
  CAF_CHECK(counts.overflowed > 4'900);
  image read;
  std::vector<market_batch> out;
  queue.drain(out);
  for (const auto& batch : out)
    read.take(batch);
  CAF_CHECK_EQUAL(read.volume, truth.volume);
  CAF_CHECK(read.ordered);
  CAF_CHECK(read.bids.top(side::buy, 100) == truth.bids.top(side::buy, 100));
  CAF_CHECK_EQUAL(queue.counters().conflation.dropped, 0u);
  CAF_MESSAGE("with room again, nothing is conflated");
  auto before = queue.counters().overflowed;
  queue.push(trade(0, 6'000));
  CAF_CHECK_EQUAL(queue.counters().overflowed, before);
  out.clear();
  queue.drain(out);
  CAF_CHECK_EQUAL(out.size(), 1u);
}

CAF_TEST(few_batches_with_many_events_are_too_much_as_well) {
  market_queue queue{1, 4};
  image truth;
  auto group = uint64_t{0};
  auto burst = [&](int64_t events) {
    market_batch result{{0}, {1}, {}};
    for (int64_t i = 0; i < events; i += 2) {
      ++group;
      auto next = level(0, static_cast<int64_t>(group), group);
      result.events.insert(result.events.end(), next.events.begin(),
                           next.events.end());
    }
    truth.take(result);
    queue.push(std::move(result));
  };
  auto first = snapshot(0);
  truth.take(first);
  queue.push(std::move(first));
  auto most = static_cast<int64_t>(4 * market_queue::events_a_batch);
  burst(most / 2);
  CAF_CHECK_EQUAL(queue.counters().overflowed, 0u);
  burst(most);
  CAF_CHECK_EQUAL(queue.counters().overflowed, 1u);
  image read;
  std::vector<market_batch> out;
  queue.drain(out);
  for (const auto& batch : out)
    read.take(batch);
  CAF_CHECK(read.bids.top(side::buy, 100) == truth.bids.top(side::buy, 100));
  CAF_MESSAGE("a batch that is too long by itself passes when nothing waits");
  burst(10 * most);
  CAF_CHECK_EQUAL(queue.counters().overflowed, 1u);
  out.clear();
  queue.drain(out);
  CAF_REQUIRE_EQUAL(out.size(), 1u);
  CAF_CHECK_EQUAL(out[0].events.size(), static_cast<size_t>(10 * most));
}

CAF_TEST(reader_sleeps_until_it_is_woken_once_for_several) {
  market_queue queue{2};
  std::atomic<size_t> found{0};
  std::thread reader{[&] {
    std::vector<market_batch> out;
    while (found < 300) {
      if (!queue.wait(20s))
        break;
      out.clear();
      queue.drain(out);
      for (auto& batch : out)
        found += batch.events.size();
    }
  }};
  for (int64_t i = 1; i <= 150; ++i) {
    queue.push(trade(0, i));
    queue.push(trade(1, i));
    queue.wake();
    // Now and then it sleeps by then, now and then it does not.
    if (i % 3 == 0)
      while (found < static_cast<size_t>(2 * i))
        std::this_thread::yield();
  }
  reader.join();
  CAF_CHECK_EQUAL(found.load(), 300u);
}

CAF_TEST(book_that_is_too_much_to_keep_is_given_up_and_said_so_once) {
  market_queue queue{1, 2};
  CAF_CHECK(queue.push(snapshot(0)));
  int given_up = 0;
  for (int64_t i = 1; i <= 40'000; ++i) {
    auto batch = level(0, i, static_cast<uint64_t>(i));
    batch.events[0].px = {i};
    batch.events[0].qty = {1};
    given_up += !queue.push(std::move(batch));
  }
  CAF_CHECK_EQUAL(given_up, 1);
  std::vector<market_batch> out;
  queue.drain(out);
  auto says_so = false;
  for (const auto& batch : out)
    for (const auto& event : batch.events)
      says_so = says_so || event.kind == market_event_kind::interrupted;
  CAF_CHECK(says_so);
  CAF_MESSAGE("what follows passes from the next snapshot on");
  CAF_CHECK(queue.push(level(0, 40'001, 40'001)));
  out.clear();
  queue.drain(out);
  CAF_CHECK(out.empty() || out[0].events.empty());
  CAF_CHECK(queue.push(snapshot(0)));
  out.clear();
  queue.drain(out);
  CAF_REQUIRE_EQUAL(out.size(), 1u);
  CAF_CHECK(out[0].events[0].kind == market_event_kind::book_reset);
}

CAF_TEST(two_threads_lose_nothing_at_any_speed_of_the_reader) {
  constexpr int64_t messages = 200'000;
  market_queue queue{3, 64};
  std::array<image, 3> truth;
  std::array<image, 3> read;
  std::thread writer{[&] {
    for (uint16_t s = 0; s < 3; ++s)
      queue.push(snapshot(s));
    std::array<uint64_t, 3> groups{};
    for (int64_t i = 2; i < messages; ++i) {
      auto symbol = static_cast<uint16_t>(i % 3);
      auto batch = i % 5 == 0 ? trade(symbol, i)
                              : level(symbol, i, ++groups[symbol]);
      truth[symbol].take(batch);
      queue.push(std::move(batch));
      if (i % 4 == 0)
        queue.wake();
    }
    queue.push(trade(2, messages));
    queue.wake();
    truth[2].volume += 1;
  }};
  std::mt19937 pace{7};
  std::vector<market_batch> out;
  auto last = utc_time{messages * 1'000'000};
  while (read[2].last != last) {
    // A writer that has ended long ago means that something was lost.
    if (!queue.wait(20s))
      break;
    if (pace() % 4 == 0)
      std::this_thread::yield();
    out.clear();
    queue.drain(out);
    for (const auto& batch : out)
      read[batch.symbol.index].take(batch);
  }
  writer.join();
  out.clear();
  queue.drain(out);
  for (const auto& batch : out)
    read[batch.symbol.index].take(batch);
  for (size_t i = 0; i < 3; ++i) {
    CAF_CHECK_EQUAL(read[i].volume, truth[i].volume);
    CAF_CHECK(read[i].ordered);
    CAF_CHECK(read[i].bids.top(side::buy, 100)
              == truth[i].bids.top(side::buy, 100));
  }
}
