// Produces numbered fills for a store, to be killed at any moment. Started
// again on the same spool it goes on where it was.
//
//   driver_store KIND SPOOL COUNT RATE KEY=VALUE...
//
// Fill n has execution n; n is also its position in the stream. Ends when fill
// COUNT is at the server, and prints the status as one line of JSON. What the
// store reports goes to the standard error.

#include "runtime/storage/copying_store.hpp"
#include "runtime/storage/postgres/postgres_server.hpp"
#include "runtime/storage/redis/redis_server.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

using namespace qalpha;
using clock_type = std::chrono::steady_clock;
using options = std::map<std::string, std::string>;

class printed_incidents final : public incident_log {
public:
  void report(std::string_view actor, const std::string& what) override {
    fmt::print(stderr, "{}: {}\n", actor, what);
  }
};

/// Leaves `fallback` where the option is not given.
void set(const options& given, const char* key, std::string& field) {
  if (auto found = given.find(key); found != given.end())
    field = found->second;
}

std::unique_ptr<store_server> redis_of(const options& given) {
  redis_settings settings;
  set(given, "address", settings.address);
  set(given, "user", settings.user);
  set(given, "password", settings.password);
  if (auto problem = check(settings))
    throw std::runtime_error{problem->text};
  return make_redis_server(settings);
}

std::unique_ptr<store_server> postgres_of(const options& given) {
  postgres_settings settings{.timeout = std::chrono::milliseconds{1'500}};
  set(given, "host", settings.host);
  set(given, "user", settings.user);
  set(given, "password", settings.password);
  set(given, "database", settings.database);
  if (auto problem = check(settings))
    throw std::runtime_error{problem->text};
  return make_postgres_server(settings);
}

std::unique_ptr<store_server> server_of(const std::string& kind,
                                        const options& given) {
  if (kind == "redis")
    return redis_of(given);
  if (kind == "postgres")
    return postgres_of(given);
  throw std::runtime_error{"unknown kind of store: " + kind};
}

void append_fill(store_sink& store, uint64_t n) {
  row_builder row{1'700'000'000'000'000'000
                  + static_cast<int64_t>(n) * 1'000'000};
  row.add("BTCUSDT").add(fmt::format("qa-0001-0000-00000001-{:08x}", n));
  row.add(static_cast<int64_t>(n)).add(n % 2 == 0 ? "buy" : "sell");
  row.add(6'000'000'000'000 + static_cast<int64_t>(n % 1'000) * 10'000'000);
  row.add(int64_t{100'000} * static_cast<int64_t>(n % 7 + 1));
  row.add(int64_t{-1'234}).add(int64_t{n % 3 == 0});
  store.append(store_stream::fills, row.bytes());
}

/// Appends up to `count`, `rate` a second.
void produce(copying_store& store, uint64_t count, uint64_t rate) {
  auto n = store.last(store_stream::fills).position + 1;
  fmt::print(stderr, "from {}\n", n);
  auto begin = clock_type::now();
  for (uint64_t made = 0; n <= count; ++n, ++made) {
    append_fill(store, n);
    if (rate > 0 && made % 64 == 63)
      std::this_thread::sleep_until( // lint: allow(sleep) the rate of a
                                     // producer
        begin + std::chrono::microseconds{made * 1'000'000 / rate});
  }
}

int drive(int argc, char** argv) {
  if (argc < 5)
    throw std::runtime_error{"KIND SPOOL COUNT RATE [KEY=VALUE]..."};
  options given;
  for (int i = 5; i < argc; ++i) {
    std::string word{argv[i]};
    auto sign = word.find('=');
    given[word.substr(0, sign)] = word.substr(sign + 1);
  }
  printed_incidents incidents;
  copying_settings settings{.directory = argv[2],
                            .last_backoff = std::chrono::milliseconds{500}};
  auto store = copying_store::open(argv[1], server_of(argv[1], given), settings,
                                   incidents);
  if (!store)
    throw std::runtime_error{store.error().text};
  auto count = std::stoull(argv[3]);
  produce(**store, count, std::stoull(argv[4]));
  auto done = (*store)->wait_until_delivered(std::chrono::seconds{60});
  auto status = (*store)->status();
  fmt::print(R"({{"last": {}, "delivered": {}, "dropped": {}, "missing": {}, )"
             R"("pending_bytes": {}, "connects": {}}})"
             "\n",
             (*store)->last(store_stream::fills).position, status.delivered,
             status.dropped, status.missing, status.pending_bytes,
             status.connects);
  return done ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return drive(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "driver_store: {}\n", error.what());
    return 2;
  }
}
