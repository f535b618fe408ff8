// Which servers get copies.

#pragma once

#include "runtime/storage/postgres/postgres_settings.hpp"
#include "runtime/storage/redis/redis_settings.hpp"

namespace qalpha {

/// All off by default: a node needs no server.
struct store_settings {
  redis_settings redis;
  postgres_settings postgres;
};

} // namespace qalpha
