// Rebuilds memory from a journal.

#pragma once

#include "runtime/storage/recollection.hpp"
#include "runtime/storage/sqlite.hpp"

#include <cstdint>

namespace qalpha {

/// Notes all facts of the journal in their order.
/// @returns the place of the last fact, 0 if there is none.
/// @throws std::exception if the facts contradict the instruments
int64_t replay_journal(sqlite_database& db, recollection& into);

/// Moves what the write-ahead log holds into the database and empties the log.
/// @returns the number of commits in the log that SQLite had to drop because a
///          frame before them is damaged: a power cut, or a flipped bit. The
///          venue must tell what they were. A last commit that is incomplete
///          does not count; a killed process leaves such a one.
uint64_t absorb_log(sqlite_database& db);

} // namespace qalpha
