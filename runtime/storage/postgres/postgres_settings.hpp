// Which PostgreSQL gets copies, and how.

#pragma once

#include "models/market/time.hpp"
#include "runtime/storage/spool_policy.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace qalpha {

struct postgres_settings {
  bool enabled = false;

  /// Name or address of the server, or the directory of its Unix socket.
  /// Another machine has to prove itself by a certificate.
  std::string host = "/var/run/postgresql";
  uint16_t port = 5432;
  std::string database = "qalpha";

  /// Empty: the name of the system's user.
  std::string user;

  /// "file:PATH" or "env:NAME"; empty: none is asked for.
  std::string password;

  /// Holds the tables. Each node needs its own.
  std::string schema = "qalpha";

  /// For each answer of the server.
  timespan timeout = std::chrono::seconds{5};

  /// Age at which market data are deleted; `nullopt`: never.
  std::optional<timespan> retention;

  /// Age at which TimescaleDB compresses market data.
  timespan compress_after = std::chrono::hours{24 * 7};

  /// What becomes of market data when the spool is full.
  spool_policy when_full = spool_policy::drop_oldest;

  /// Megabytes of the spool of each stream.
  uint32_t spool_mb = 256;
};

} // namespace qalpha
