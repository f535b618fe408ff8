// The part of the table of settings that is about stores.

#include "runtime/config/setting_rows.hpp"

#include <array>
#include <string_view>
#include <vector>

namespace qalpha::detail {

namespace {

using enum setting_kind;
using c = node_config;

constexpr std::array drops{
  setting_choice{"oldest", static_cast<int64_t>(spool_policy::drop_oldest)},
  setting_choice{"newest", static_cast<int64_t>(spool_policy::drop_newest)},
};

constexpr auto password_help
  = "Where the password is: \"file:PATH\" or \"env:NAME\"; empty: none is "
    "asked for.";
constexpr auto drop_help
  = "Which market data are dropped, and counted, when the spool is full; facts "
    "never are.";
constexpr auto spool_help
  = "Megabytes on disk that a stream may wait in while the server is away.";
constexpr auto wait_help = "Longest wait for an answer of the server.";

std::vector<setting> redis_rows() {
  using redis = redis_settings;
  constexpr auto of = &store_settings::redis;
  return {
    bound<&c::stores, of, &redis::enabled>(
      plain("stores.redis.enabled", flag,
            "Copy facts and market data to Redis streams.")),
    bound<&c::stores, of, &redis::address>(
      plain("stores.redis.address", text,
            "Path of a socket, or HOST:PORT on this machine.")),
    bound<&c::stores, of, &redis::user>(
      plain("stores.redis.user", text, "User of the server's access list.")),
    bound<&c::stores, of, &redis::password>(
      plain("stores.redis.password", text, password_help)),
    bound<&c::stores, of, &redis::prefix>(
      plain("stores.redis.prefix", text,
            "Beginning of the keys; each node needs its own.")),
    bound<&c::stores, of, &redis::max_length>(
      ranged("stores.redis.max_length", integer, 1'000, 1'000'000'000,
             "Entries that a stream keeps at least.")),
    bound<&c::stores, of, &redis::timeout>(ranged(
      "stores.redis.timeout", time, 100 * millisecond, 60 * second, wait_help)),
    bound<&c::stores, of, &redis::when_full>(
      one_of("stores.redis.drop", drops, drop_help)),
    bound<&c::stores, of, &redis::spool_mb>(
      ranged("stores.redis.spool_mb", integer, 1, 1'000'000, spool_help)),
  };
}

std::vector<setting> postgres_rows() {
  using postgres = postgres_settings;
  constexpr auto of = &store_settings::postgres;
  return {
    bound<&c::stores, of, &postgres::enabled>(
      plain("stores.postgres.enabled", flag,
            "Copy facts and market data to PostgreSQL.")),
    bound<&c::stores, of, &postgres::host>(
      plain("stores.postgres.host", text,
            "Name or address, or the directory of a socket; others than this "
            "machine need a certificate.")),
    bound<&c::stores, of, &postgres::port>(ranged("stores.postgres.port",
                                                  integer, 1, 65'535,
                                                  "Port, also of the "
                                                  "socket's name.")),
    bound<&c::stores, of, &postgres::database>(
      plain("stores.postgres.database", text, "Database, which has to exist.")),
    bound<&c::stores, of, &postgres::user>(plain(
      "stores.postgres.user", text, "Role; empty: the user of the system.")),
    bound<&c::stores, of, &postgres::password>(
      plain("stores.postgres.password", text, password_help)),
    bound<&c::stores, of, &postgres::schema>(
      plain("stores.postgres.schema", text,
            "Schema of the tables; each node needs its own.")),
    bound<&c::stores, of, &postgres::timeout>(ranged("stores.postgres.timeout",
                                                     time, 100 * millisecond,
                                                     60 * second, wait_help)),
    bound<&c::stores, of, &postgres::retention>(
      or_word(ranged("stores.postgres.retention", time, day, 36'500 * day,
                     "Age at which market data are deleted, or \"never\"."),
              "never")),
    bound<&c::stores, of, &postgres::compress_after>(
      ranged("stores.postgres.compress_after", time, day, 36'500 * day,
             "Age at which TimescaleDB, if it is there, compresses market "
             "data.")),
    bound<&c::stores, of, &postgres::when_full>(
      one_of("stores.postgres.drop", drops, drop_help)),
    bound<&c::stores, of, &postgres::spool_mb>(
      ranged("stores.postgres.spool_mb", integer, 1, 1'000'000, spool_help)),
  };
}

} // namespace

std::vector<setting> store_rows() {
  auto result = redis_rows();
  for (auto& row : postgres_rows())
    result.push_back(row);
  return result;
}

} // namespace qalpha::detail
