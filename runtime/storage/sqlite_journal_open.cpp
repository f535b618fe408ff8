// How a journal is opened: the part of `sqlite_journal` that judges a file and
// continues it.

#include "models/market/decimal.hpp"
#include "runtime/storage/sqlite_journal.hpp"
#include "runtime/storage/sqlite_recovery.hpp"
#include "runtime/storage/sqlite_schema.hpp"

#include <exception>
#include <filesystem>
#include <optional>
#include <random>
#include <utility>

namespace qalpha {

namespace {

namespace fs = std::filesystem;

fault refuse(const fs::path& file, const std::string& what) {
  return {"journal " + file.string() + ": " + what
          + "; nothing was changed; restore it or start with a new run "
            "directory"};
}

std::string random_run() {
  constexpr auto digits = "0123456789abcdef";
  std::random_device chance;
  std::string result;
  for (int i = 0; i < 4; ++i)
    result += digits[chance() & 15];
  return result;
}

/// Looks at the file from outside, before SQLite does something about it.
std::optional<std::string> examine_file(const fs::path& file) {
  if (fs::is_symlink(file) || !fs::is_regular_file(file))
    return "it is not a regular file";
  auto size = fs::file_size(file);
  if (size == 0)
    return "it is empty, expected a journal";
  // SQLite fills up a page that is cut short with zeros.
  if (size % journal_page_size != 0)
    return "its length of " + std::to_string(size)
           + " bytes is not a whole number of pages; it was cut off or is not "
             "a journal";
  return std::nullopt;
}

std::optional<std::string> compare_identity(const journal_identity& there,
                                            const journal_settings& here) {
  if (there.node != here.node)
    return "it belongs to node " + std::to_string(there.node) + ", expected "
           + std::to_string(here.node);
  if (there.start != here.start)
    return "its start capital is " + format_decimal_e8(there.start.e8)
           + ", expected " + format_decimal_e8(here.start.e8);
  return std::nullopt;
}

std::optional<std::string> examine(sqlite_database& db,
                                   const universe& instruments,
                                   const journal_settings& settings) {
  if (auto text = examine_journal(db))
    return text;
  if (auto text = compare_identity(read_identity(db), settings))
    return text;
  return compare_instruments(db, instruments);
}

/// @returns whether the journal is there, or a fault if what is there is none.
fallible<bool> find_journal(const fs::path& file) {
  if (fs::exists(fs::symlink_status(file))) {
    if (auto text = examine_file(file))
      return refuse(file, *text);
    return true;
  }
  // A log without its database would be taken for a part of the next one.
  if (fs::exists(file.string() + "-wal"))
    return refuse(file, "it is missing, but its log " + file.string()
                          + "-wal is there");
  return false;
}

/// @returns an open journal that was looked at but not changed.
fallible<std::unique_ptr<sqlite_database>>
examined(const fs::path& file, const universe& instruments,
         const journal_settings& settings) {
  try {
    auto db = std::make_unique<sqlite_database>(file,
                                                sqlite_database::access::write);
    db->keep_log_on_close(true);
    if (auto text = examine(*db, instruments, settings))
      return refuse(file, *text);
    return db;
  } catch (const sqlite_error& error) {
    if (error.passing())
      throw;
    return refuse(file, error.reason());
  }
}

} // namespace

fallible<std::unique_ptr<sqlite_journal>>
sqlite_journal::open(const run_directory& directory,
                     const universe& instruments,
                     const journal_settings& settings) {
  auto file = directory.paths().journal();
  std::unique_ptr<sqlite_journal> result;
  try {
    auto there = find_journal(file);
    if (!there)
      return there.error();
    if (!*there)
      create_journal(
        file,
        {random_run(), settings.node, 0, settings.now, {}, settings.start},
        instruments);
    auto db = examined(file, instruments, settings);
    if (!db)
      return db.error();
    result.reset(new sqlite_journal{std::move(*db), instruments, settings});
    if (auto text = result->replay())
      return refuse(file, *text);
    result->begin(directory, instruments, settings, *there);
    return result;
  } catch (const std::exception& error) {
    return fault{std::string{"journal "} + error.what()};
  }
}

sqlite_journal::sqlite_journal(std::unique_ptr<sqlite_database> db,
                               const universe& instruments,
                               const journal_settings& settings)
  : db_(std::move(db)), symbols_(instruments.size()), sync_(settings.sync),
    writer_(*db_), memory_(instruments, settings.start, 0) {
  // nop
}

std::optional<std::string> sqlite_journal::replay() {
  try {
    auto identity = read_identity(*db_);
    summary_.run = identity.run;
    memory_.begin_epoch(identity.epoch);
    seq_ = replay_journal(*db_, memory_);
    return std::nullopt;
  } catch (const sqlite_error&) {
    throw;
  } catch (const std::exception& error) {
    return std::string{"its facts make no sense ("} + error.what() + ")";
  }
}

void sqlite_journal::begin(const run_directory& directory,
                           const universe& instruments,
                           const journal_settings& settings, bool resumed) {
  reserve_.emplace(directory.paths().reserve());
  db_->keep_log_on_close(false);
  summary_.lost = absorb_log(*db_);
  durably("raise the epoch", [&] { note_start(instruments, settings); });
  memory_.begin_epoch(memory_.epoch() + 1);
  // The epoch must not depend on a log that may be damaged or lost.
  absorb_log(*db_);
  checkpointer_.emplace(*db_);
  summary_.epoch = memory_.epoch();
  summary_.resumed = resumed;
  summary_.positions = memory_.positions();
  summary_.orders = memory_.open_orders();
  summary_.unknown = memory_.unknown_orders();
}

void sqlite_journal::note_start(const universe& instruments,
                                const journal_settings& settings) {
  auto last = read_identity(*db_);
  store_epoch(last.epoch + 1);
  write_instruments(*db_, instruments);
  if (settings.config == last.config)
    return;
  sqlite_statement{*db_, "note the configuration", "UPDATE meta SET config = ?"}
    .run(settings.config);
  sqlite_statement{*db_, "note the configuration",
                   "INSERT INTO config_changes VALUES (?, ?, ?, ?)"}
    .run(++seq_, settings.now.ns, last.epoch + 1, settings.config);
}

void sqlite_journal::store_epoch(uint32_t epoch) {
  sqlite_statement{*db_, "raise the epoch", "UPDATE meta SET epoch = ?"}.run(
    epoch);
}

} // namespace qalpha
