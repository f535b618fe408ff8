// PostgreSQL as a server that takes copies.

#pragma once

#include "runtime/storage/postgres/postgres_settings.hpp"
#include "runtime/storage/store_server.hpp"

#include <memory>

namespace qalpha {

/// @returns a fault "stores.postgres.KEY: ..." if the settings cannot work.
std::optional<fault> check(const postgres_settings& settings);

/// A connection through libpq. Rows and the watermark, which says how far a
/// stream is, change in one transaction: a row is there exactly if the
/// watermark has passed it, whatever dies when.
/// @pre `check` finds nothing
std::unique_ptr<store_server>
make_postgres_server(const postgres_settings& settings);

} // namespace qalpha
