// The tables of the journal and to whom they belong.

#pragma once

#include "models/market/instrument.hpp"
#include "models/market/money.hpp"
#include "models/market/time.hpp"
#include "runtime/storage/sqlite.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace qalpha {

/// Raised by every change of the tables. A journal of another version is
/// refused rather than guessed at.
inline constexpr int64_t journal_schema = 1;

/// Bytes; every journal is a whole number of these.
inline constexpr int64_t journal_page_size = 4096;

/// What a journal says of itself.
struct journal_identity {
  /// Four hexadecimal digits, drawn when the journal is created.
  std::string run;
  uint16_t node = 0;
  /// Epoch of the last start.
  uint32_t epoch = 0;
  utc_time created;
  /// Hash of the configuration of the last start.
  std::string config;
  /// Capital at the beginning of the run.
  money start;
};

/// Creates a journal that has all tables and no facts, or nothing at all: it
/// is built under another name and renamed when it is safe on disk.
/// @throws std::runtime_error
void create_journal(const std::filesystem::path& file,
                    const journal_identity& identity,
                    const universe& instruments);

/// Reads the marks of our format.
/// @returns what is wrong with the file, for example "schema version is 3,
///          expected 1", or `nullopt` if it is one of our journals.
/// @throws sqlite_error
std::optional<std::string> identify_journal(sqlite_database& db);

/// As `identify_journal`, and reads every page.
/// @throws sqlite_error
std::optional<std::string> examine_journal(sqlite_database& db);

/// @returns how the journal's instruments, in their order, differ from those of
///          this run in name, tick or lot.
std::optional<std::string> compare_instruments(sqlite_database& db,
                                               const universe& expected);

/// @pre `examine_journal` found nothing wrong
journal_identity read_identity(sqlite_database& db);

/// @returns the instruments of the journal.
/// @throws std::runtime_error if their rules make no sense
universe read_instruments(sqlite_database& db);

/// Takes over the rules that may change during the life of a run.
void write_instruments(sqlite_database& db, const universe& instruments);

} // namespace qalpha
