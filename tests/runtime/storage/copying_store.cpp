#define CAF_SUITE storage_copying_store

#include "runtime/storage/copying_store.hpp"

#include "tests/runtime/storage/journal_world.hpp"

#include <caf/test/unit_test.hpp>

#include <map>
#include <mutex>
#include <semaphore>

using namespace qalpha;
using namespace qalpha::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// What a server remembers between connections.
struct memory {
  struct entry {
    entry_id id;
    int64_t number;
  };

  std::mutex mutex;
  std::map<store_stream, std::vector<entry>> streams;
  bool away = false;
  /// Takes the next write, but loses the answer.
  bool lose_answer = false;
  /// Batches to refuse.
  int refuse = 0;
  /// Entries of a batch that it can take.
  size_t largest = SIZE_MAX;
  int connects = 0;
  int writes = 0;
  std::vector<std::string> warnings;
  /// Held while somebody is frozen.
  std::mutex ice;

  std::vector<int64_t> numbers(store_stream stream) {
    std::lock_guard guard{mutex};
    std::vector<int64_t> result;
    for (auto& each : streams[stream])
      result.push_back(each.number);
    return result;
  }
};

/// The last integer of a funding row, or of a quote row.
int64_t number_of(store_stream stream, std::string_view row) {
  row_reader values{layout_of(stream), row};
  int64_t result = 0;
  for (store_value each; values.next(each);)
    if (each.kind != column_kind::text)
      result = each.number;
  return result;
}

class fake_server final : public store_server {
public:
  explicit fake_server(memory& state) : state_(&state) {
    // nop
  }

  std::optional<fault> connect(std::vector<std::string>& warnings) override {
    std::lock_guard ice{state_->ice};
    std::lock_guard guard{state_->mutex};
    ++state_->connects;
    warnings = state_->warnings;
    if (state_->away)
      return fault{"away"};
    return std::nullopt;
  }

  void disconnect() noexcept override {
    // nop
  }

  fallible<entry_id> last(store_stream stream) override {
    std::lock_guard guard{state_->mutex};
    auto& entries = state_->streams[stream];
    return entries.empty() ? entry_id{} : entries.back().id;
  }

  std::optional<fault> write(store_stream stream,
                             const spool_batch& batch) override {
    std::lock_guard ice{state_->ice};
    std::lock_guard guard{state_->mutex};
    ++state_->writes;
    if (state_->away)
      return fault{"gone"};
    if (batch.entries.size() > state_->largest)
      return fault{"too much"};
    if (state_->refuse > 0) {
      --state_->refuse;
      return fault{"refused"};
    }
    auto& entries = state_->streams[stream];
    for (auto& each : batch.entries) {
      if (!entries.empty() && each.id <= entries.back().id)
        return fault{"ids must rise"};
      entries.push_back({each.id, number_of(stream, batch.payload(each))});
    }
    if (std::exchange(state_->lose_answer, false))
      return fault{"no answer"};
    return std::nullopt;
  }

  size_t batch_records() const noexcept override {
    return 200;
  }

private:
  memory* state_;
};

class told final : public incident_log {
public:
  void report(std::string_view, const std::string& what) override {
    std::lock_guard guard{mutex_};
    texts_.push_back(what);
  }

  size_t count(const std::string& part) {
    std::lock_guard guard{mutex_};
    size_t result = 0;
    for (auto& text : texts_)
      result += contains(text, part) ? 1 : 0;
    return result;
  }

private:
  std::mutex mutex_;
  std::vector<std::string> texts_;
};

struct world {
  scratch place;
  memory server;
  told people;
  copying_settings settings{.directory = place / "spool",
                            .first_backoff = milliseconds{1},
                            .last_backoff = milliseconds{5},
                            .linger = milliseconds{0}};
  std::unique_ptr<copying_store> store;
  int64_t made = 0;

  world() {
    open();
  }

  void open() {
    store.reset();
    auto opened = copying_store::open(
      "fake", std::make_unique<fake_server>(server), settings, people);
    if (!opened)
      throw std::runtime_error{opened.error().text};
    store = std::move(*opened);
  }

  void produce(int n) {
    for (int i = 0; i < n; ++i)
      store->append(
        store_stream::funding,
        row_builder{1}.add("X").add(int64_t{0}).add(++made).bytes());
  }

  bool delivered() {
    return store->wait_until_delivered(seconds{10});
  }

  /// @returns `true` if the server has 1, 2, ..., `made`.
  bool complete() {
    auto found = server.numbers(store_stream::funding);
    if (found.size() != static_cast<size_t>(made))
      return false;
    for (size_t i = 0; i < found.size(); ++i)
      if (found[i] != static_cast<int64_t>(i + 1))
        return false;
    return true;
  }

  void with_server(const std::function<void(memory&)>& change) {
    std::lock_guard guard{server.mutex};
    change(server);
  }
};

} // namespace

CAF_TEST(what_is_appended_arrives_in_order) {
  world w;
  w.produce(1'000);
  CAF_REQUIRE(w.delivered());
  CAF_CHECK(w.complete());
  CAF_CHECK_EQUAL(w.store->status().delivered, 1'000u);
}

CAF_TEST(a_server_that_is_away_loses_and_doubles_nothing) {
  world w;
  for (int round = 0; round < 5; ++round) {
    w.with_server([](memory& x) { x.away = true; });
    w.produce(300);
    w.with_server([&](memory& x) {
      x.away = false;
      x.refuse = round;
    });
    w.produce(100);
    CAF_REQUIRE(w.delivered());
    CAF_CHECK(w.complete());
  }
  // However often it is tried, a reason is told once.
  CAF_CHECK(w.people.count("away") <= 5);
}

CAF_TEST(a_write_whose_answer_was_lost_is_not_repeated) {
  world w;
  for (int round = 0; round < 20; ++round) {
    w.with_server([](memory& x) { x.lose_answer = true; });
    w.produce(70);
    CAF_REQUIRE(w.delivered());
    CAF_CHECK(w.complete());
  }
  CAF_CHECK_EQUAL(w.people.count("ids must rise"), 0u);
}

CAF_TEST(a_server_that_cannot_take_a_batch_gets_smaller_ones) {
  world w;
  w.with_server([](memory& x) {
    x.largest = 70;
    x.away = true;
  });
  w.produce(2'000);
  w.with_server([](memory& x) { x.away = false; });
  CAF_REQUIRE(w.delivered());
  CAF_CHECK(w.complete());
  CAF_CHECK(w.people.count("too much") > 0);
}

CAF_TEST(a_server_that_forgot_is_told_again) {
  world w;
  w.produce(500);
  CAF_REQUIRE(w.delivered());
  w.with_server([](memory& x) {
    x.streams[store_stream::funding].resize(123);
    x.refuse = 1;
  });
  w.produce(1);
  CAF_REQUIRE(w.delivered());
  CAF_CHECK(w.complete());
  w.with_server([](memory& x) {
    x.streams.clear();
    x.refuse = 1;
  });
  w.produce(1);
  CAF_REQUIRE(w.delivered());
  CAF_CHECK(w.complete());
}

CAF_TEST(what_was_not_delivered_is_delivered_by_the_next_life) {
  world w;
  w.with_server([](memory& x) { x.away = true; });
  for (int life = 0; life < 4; ++life) {
    w.produce(200);
    w.open();
  }
  w.with_server([](memory& x) { x.away = false; });
  CAF_REQUIRE(w.delivered());
  CAF_CHECK(w.complete());
}

CAF_TEST(a_stranger_in_our_place_is_refused) {
  world w;
  w.produce(3);
  CAF_REQUIRE(w.delivered());
  w.with_server([](memory& x) {
    x.streams[store_stream::funding].push_back({{UINT64_MAX, 1}, 0});
    x.refuse = 1;
  });
  w.produce(1);
  CAF_CHECK(!w.store->wait_until_delivered(milliseconds{100}));
  CAF_CHECK_EQUAL(w.people.count("does another node write to the same place?"),
                  1u);
  w.with_server([](memory& x) { x.streams[store_stream::funding].pop_back(); });
  CAF_REQUIRE(w.delivered());
  CAF_CHECK(w.complete());
}

CAF_TEST(a_frozen_server_delays_no_producer) {
  world w;
  w.produce(1);
  CAF_REQUIRE(w.delivered());
  {
    std::lock_guard frozen{w.server.ice};
    // All of it returns although nobody takes it.
    w.produce(20'000);
    CAF_CHECK(w.store->status().pending_bytes > 0);
  }
  CAF_REQUIRE(w.delivered());
  CAF_CHECK(w.complete());
}

CAF_TEST(market_data_beyond_the_limits_are_dropped_and_counted_facts_are_not) {
  world w;
  w.store.reset();
  w.settings.limit_bytes = 1 << 16;
  w.with_server([](memory& x) { x.away = true; });
  w.open();
  auto zero = int64_t{0};
  for (int64_t n = 1; n <= 5'000; ++n) {
    w.store->append(
      store_stream::quotes,
      row_builder{n}.add("X").add(zero).add(zero).add(zero).add(n).bytes());
    w.produce(1);
  }
  w.with_server([](memory& x) { x.away = false; });
  CAF_REQUIRE(w.delivered());
  CAF_CHECK(w.complete());
  auto quotes = w.server.numbers(store_stream::quotes);
  auto dropped = w.store->status().dropped;
  CAF_CHECK(dropped > 0);
  CAF_CHECK_EQUAL(quotes.size() + dropped, 5'000u);
  CAF_CHECK(std::is_sorted(quotes.begin(), quotes.end()));
  // Old ones make room for new ones.
  CAF_CHECK_EQUAL(quotes.back(), 5'000);
  CAF_CHECK(w.people.count("rows of market data") > 0);
}

CAF_TEST(a_warning_is_told_once) {
  world w;
  w.with_server([](memory& x) {
    x.warnings = {"it may forget"};
    x.refuse = 3;
  });
  w.produce(1);
  CAF_REQUIRE(w.delivered());
  w.with_server([](memory& x) { x.refuse = 3; });
  w.produce(1);
  CAF_REQUIRE(w.delivered());
  CAF_CHECK_EQUAL(w.people.count("WARNING: it may forget"), 1u);
}

CAF_TEST(a_row_of_another_stream_is_not_taken) {
  world w;
  CAF_CHECK_EQUAL(contains(
                    [&] {
                      try {
                        w.store->append(store_stream::fills, "nonsense");
                      } catch (const std::invalid_argument& error) {
                        return std::string{error.what()};
                      }
                      return std::string{};
                    }(),
                    "a row of fills must have the layout of its stream"),
                  true);
}
