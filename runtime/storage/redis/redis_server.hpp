// Redis as a server that takes copies.

#pragma once

#include "runtime/storage/redis/redis_settings.hpp"
#include "runtime/storage/store_server.hpp"

#include <memory>

namespace qalpha {

/// @returns a fault "stores.redis.KEY: ..." if the settings cannot work.
std::optional<fault> check(const redis_settings& settings);

/// A connection through hiredis.
/// @pre `check` finds nothing
std::unique_ptr<store_server> make_redis_server(const redis_settings& settings);

/// @returns whether the Redis with this answer to INFO is still reading what it
///          had kept. Meanwhile it shows its append-only file as switched off.
bool is_loading(std::string_view info);

/// @returns what a person should know about a Redis with this answer to INFO:
///          without an append-only file it forgets everything when it dies, and
///          with another policy than `noeviction` even while it lives.
std::vector<std::string> redis_warnings(std::string_view info);

} // namespace qalpha
