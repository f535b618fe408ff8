// Which Redis gets copies, and how.

#pragma once

#include "models/market/time.hpp"
#include "runtime/storage/spool_policy.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace qalpha {

struct redis_settings {
  bool enabled = false;

  /// Path of a Unix socket, or "HOST:PORT" on this machine: what is sent is not
  /// encrypted.
  std::string address = "127.0.0.1:6379";

  /// Of the server's access list; empty: the default user.
  std::string user;

  /// "file:PATH" or "env:NAME"; empty: none is asked for.
  std::string password;

  /// Of the keys: "<prefix>:fills". Each node needs its own.
  std::string prefix = "qalpha";

  /// Entries a stream keeps at least.
  uint64_t max_length = 1'000'000;

  /// For each answer of the server.
  timespan timeout = std::chrono::seconds{2};

  /// What becomes of market data when the spool is full.
  spool_policy when_full = spool_policy::drop_oldest;

  /// Megabytes of the spool of each stream.
  uint32_t spool_mb = 256;
};

} // namespace qalpha
