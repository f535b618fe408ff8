// How fast a store brings waiting rows to a real server. tests/bench/stores.sh
// starts the servers and measures the peers in the same run.
//
//   bench_stores redis|postgres ADDRESS ROWS SPOOL
//
// Prints rows a second from the spool to the server: reading, checking,
// encoding, sending, and the answers.

#include "runtime/storage/copying_store.hpp"
#include "runtime/storage/postgres/postgres_server.hpp"
#include "runtime/storage/redis/redis_server.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace {

using namespace qalpha;

class printed_incidents final : public incident_log {
public:
  void report(std::string_view actor, const std::string& what) override {
    fmt::print(stderr, "{}: {}\n", actor, what);
  }
};

void fill(const std::filesystem::path& directory, uint64_t rows) {
  auto queue = spool::open(directory / "trades", {.limit_bytes = 1ULL << 34});
  if (!queue)
    throw std::runtime_error{queue.error().text};
  for (uint64_t n = 1; n <= rows; ++n) {
    auto i = static_cast<int64_t>(n);
    row_builder row{1'700'000'000'000'000'000 + i * 1'000'000};
    row.add("BTCUSDT").add(3'000'000'000 + i).add(n % 2 == 0 ? "buy" : "sell");
    row.add(6'165'970'000'000 + i % 1'000 * 10'000'000);
    row.add(100'000 * (i % 977 + 1));
    queue->append(row.bytes());
  }
  if (!queue->flush())
    throw std::runtime_error{queue->error()};
}

std::unique_ptr<store_server> server_of(const std::string& kind,
                                        const std::string& address) {
  if (kind == "redis")
    return make_redis_server({.address = address, .prefix = "bench"});
  return make_postgres_server(
    {.host = address, .user = "owner", .password = "env:PGPASSWORD"});
}

double measured(const std::string& kind, const std::string& address,
                uint64_t rows, const std::filesystem::path& directory) {
  fill(directory, rows);
  printed_incidents incidents;
  auto begin = std::chrono::steady_clock::now();
  auto store = copying_store::open(
    kind, server_of(kind, address),
    {.directory = directory, .limit_bytes = 1ULL << 34}, incidents);
  if (!store || !(*store)->wait_until_delivered(std::chrono::seconds{120}))
    throw std::runtime_error{"not delivered"};
  std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  if ((*store)->status().delivered != rows)
    throw std::runtime_error{"not all were delivered"};
  return static_cast<double>(rows) / time.count();
}

} // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 5)
      throw std::runtime_error{"redis|postgres ADDRESS ROWS SPOOL"};
    fmt::print("{:.0f}\n",
               measured(argv[1], argv[2], std::stoull(argv[3]), argv[4]));
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_stores: {}\n", error.what());
    return 1;
  }
}
