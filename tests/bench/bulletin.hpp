// What a node under test and the process of its venue tell each other.

#pragma once

#include "models/market/book.hpp"

#include <sys/mman.h>
#include <sys/resource.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <span>

namespace qalpha::bench {

/// @returns the steady clock, which all processes of a machine share.
inline int64_t now_ns() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

/// What processes have used, all their threads together.
struct usage {
  double cpu_seconds = 0;
  uint64_t switches = 0;

  static usage now() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    auto of = [](const timeval& x) {
      return static_cast<double>(x.tv_sec)
             + static_cast<double>(x.tv_usec) / 1e6;
    };
    return {of(used.ru_utime) + of(used.ru_stime),
            static_cast<uint64_t>(used.ru_nvcsw + used.ru_nivcsw)};
  }

  usage operator-(const usage& other) const {
    return {cpu_seconds - other.cpu_seconds, switches - other.switches};
  }
};

/// How messages leave the server.
enum class packing : uint8_t {
  /// A write and a TLS record a message.
  alone,
  /// What is due at a look at the clock, in one write a connection.
  due,
};

/// What the venue is to send.
struct offer {
  double rate = 0;
  int64_t begin_ns = 0;
  int64_t end_ns = 0;
  packing how = packing::due;
  bool stamped = true;
};

/// What it sent.
struct sent_counters {
  uint64_t messages = 0;
  uint64_t writes = 0;
  uint64_t bytes = 0;
  /// Longest time by which it lagged behind its rate.
  double latest_seconds = 0;
  usage used;
};

/// What was sent about a symbol since the first message.
struct tally {
  static constexpr size_t most_levels = 256;

  uint64_t depth = 0;
  uint64_t trades = 0;
  quantity volume;
  // Buy, sell.
  std::array<size_t, 2> counts{};
  std::array<std::array<book_level, most_levels>, 2> levels{};
};

/// In memory that two processes share. Whoever raises a number has written what
/// belongs to it before.
struct bulletin {
  static constexpr size_t most_symbols = 4;

  /// When numbers of messages were handed to the socket, in ns.
  using stamps = std::span<std::atomic<int64_t>>;

  uint16_t port = 0;
  std::array<char, 256> ca_file{};

  offer wanted;
  std::atomic<uint64_t> asked{0};
  sent_counters sent;
  std::array<tally, most_symbols> tallies{};
  std::atomic<uint64_t> answered{0};

  // Per symbol: depth updates, trades.
  std::array<std::array<stamps, 2>, most_symbols> stamped{};

  /// @param numbers stamps a stream
  static bulletin& make(size_t numbers) {
    auto& result = *new (share(sizeof(bulletin))) bulletin;
    for (auto& symbol : result.stamped)
      for (auto& stream : symbol)
        // Zeroes, as memory of the kernel is.
        stream = {static_cast<std::atomic<int64_t>*>(
                    share(numbers * sizeof(std::atomic<int64_t>))),
                  numbers};
    return result;
  }

private:
  static void* share(size_t bytes) {
    auto result = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (result == MAP_FAILED) {
      std::perror("mmap");
      std::exit(1);
    }
    return result;
  }
};

} // namespace qalpha::bench
