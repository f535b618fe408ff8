#include "runtime/storage/sqlite_schema.hpp"

#include "models/market/decimal.hpp"

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace qalpha {

namespace {

// "qalJ" in ASCII: tells our journals from other databases.
constexpr int64_t application = 0x71616c4a;

// Amounts are in units of 1e-8, prices in ticks, quantities in lots, times in
// nanoseconds UTC. `seq` counts the facts of all tables, so that their order
// can be told across tables. Tables with a key of their own do without a row
// number: one tree less to write in each commit.
constexpr const char* tables = R"(
CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  run TEXT NOT NULL,
  node INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  created INTEGER NOT NULL,
  config TEXT NOT NULL,
  start INTEGER NOT NULL) STRICT;

CREATE TABLE instruments (
  symbol INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  tick INTEGER NOT NULL,
  lot INTEGER NOT NULL,
  min_notional INTEGER NOT NULL,
  max_order INTEGER NOT NULL) STRICT;

CREATE TABLE decisions (
  symbol INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  time INTEGER NOT NULL,
  wanted_bps INTEGER NOT NULL,
  target INTEGER NOT NULL,
  reference INTEGER NOT NULL,
  equity INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (symbol, sequence)) STRICT, WITHOUT ROWID;

CREATE TABLE outcomes (
  symbol INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  time INTEGER NOT NULL,
  result INTEGER NOT NULL CHECK (result BETWEEN 0 AND 3),
  gate INTEGER NOT NULL,
  value INTEGER NOT NULL,
  bound INTEGER NOT NULL,
  order_id TEXT NOT NULL,
  order_node INTEGER NOT NULL,
  order_symbol INTEGER NOT NULL,
  order_epoch INTEGER NOT NULL,
  order_sequence INTEGER NOT NULL,
  PRIMARY KEY (symbol, sequence)) STRICT, WITHOUT ROWID;

CREATE TABLE intents (
  symbol INTEGER NOT NULL,
  node INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  decision_symbol INTEGER NOT NULL,
  decision INTEGER NOT NULL,
  gate_epoch INTEGER NOT NULL,
  side INTEGER NOT NULL CHECK (side IN (-1, 1)),
  size INTEGER NOT NULL,
  low INTEGER NOT NULL,
  high INTEGER NOT NULL,
  reduce_only INTEGER NOT NULL CHECK (reduce_only IN (0, 1)),
  expires INTEGER NOT NULL,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),
  limit_price INTEGER NOT NULL,
  time INTEGER NOT NULL,
  PRIMARY KEY (symbol, node, epoch, sequence)) STRICT, WITHOUT ROWID;

CREATE TABLE order_events (
  seq INTEGER PRIMARY KEY,
  symbol INTEGER NOT NULL,
  node INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  id TEXT NOT NULL,
  event INTEGER NOT NULL CHECK (event BETWEEN 0 AND 6),
  time INTEGER NOT NULL,
  reason TEXT NOT NULL) STRICT;

CREATE TABLE fills (
  symbol INTEGER NOT NULL,
  execution INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  node INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  id TEXT NOT NULL,
  side INTEGER NOT NULL CHECK (side IN (-1, 1)),
  price INTEGER NOT NULL CHECK (price > 0),
  size INTEGER NOT NULL CHECK (size > 0),
  fee INTEGER NOT NULL,
  maker INTEGER NOT NULL CHECK (maker IN (0, 1)),
  time INTEGER NOT NULL,
  PRIMARY KEY (symbol, execution)) STRICT, WITHOUT ROWID;

CREATE TABLE funding (
  symbol INTEGER NOT NULL,
  time INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  paid INTEGER NOT NULL,
  rate INTEGER NOT NULL,
  PRIMARY KEY (symbol, time)) STRICT, WITHOUT ROWID;

CREATE TABLE states (
  seq INTEGER PRIMARY KEY,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),
  gate_epoch INTEGER NOT NULL,
  flatten INTEGER NOT NULL CHECK (flatten IN (0, 1)),
  time INTEGER NOT NULL,
  source TEXT NOT NULL,
  reason TEXT NOT NULL,
  resume_code TEXT NOT NULL) STRICT;

-- The account by second of event time. A ring of one week: it never grows
-- beyond 604800 rows.
CREATE TABLE account (
  slot INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  equity INTEGER NOT NULL,
  peak INTEGER NOT NULL,
  cash INTEGER NOT NULL,
  unrealised INTEGER NOT NULL,
  realised INTEGER NOT NULL,
  fees INTEGER NOT NULL,
  funding INTEGER NOT NULL,
  gross INTEGER NOT NULL,
  open_orders INTEGER NOT NULL) STRICT;

-- What continues after a restart; marks in ticks by symbol, with blanks between.
CREATE TABLE snapshot (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  time INTEGER NOT NULL,
  peak INTEGER NOT NULL,
  marks TEXT NOT NULL) STRICT;

CREATE TABLE config_changes (
  seq INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  config TEXT NOT NULL) STRICT;
)";

void sync_directory(const std::filesystem::path& directory) {
  auto handle = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  auto synced = handle >= 0 && fsync(handle) == 0;
  auto error = errno;
  if (handle >= 0)
    ::close(handle);
  if (!synced)
    throw std::runtime_error{"cannot sync " + directory.string() + ": "
                             + std::generic_category().message(error)};
}

void build_tables(sqlite_database& db, const journal_identity& identity,
                  const universe& instruments) {
  in_transaction(db, "create the tables", [&] {
    db.execute("create the tables", tables);
    db.execute("name the format",
               "PRAGMA application_id = " + std::to_string(application)
                 + "; PRAGMA user_version = " + std::to_string(journal_schema));
    sqlite_statement{db, "name the run",
                     "INSERT INTO meta VALUES (1, ?, ?, ?, ?, ?, ?)"}
      .run(identity.run, identity.node, identity.epoch, identity.created.ns,
           identity.config, identity.start.e8);
    write_instruments(db, instruments);
  });
}

std::string rules_text(std::string_view name, int64_t tick, int64_t lot) {
  return std::string{name} + " tick " + format_decimal_e8(tick) + " lot "
         + format_decimal_e8(lot);
}

} // namespace

void create_journal(const std::filesystem::path& file,
                    const journal_identity& identity,
                    const universe& instruments) {
  auto draft = file;
  draft += ".new";
  // An earlier attempt may have died; a log that is left over would be taken
  // for a part of the new file.
  for (auto suffix : {"", "-journal", "-wal", "-shm"})
    std::filesystem::remove(draft.string() + suffix);
  {
    sqlite_database db{draft, sqlite_database::access::create};
    db.execute("set the page size",
               "PRAGMA page_size = " + std::to_string(journal_page_size));
    build_tables(db, identity, instruments);
    db.execute("switch to write-ahead logging", "PRAGMA journal_mode = WAL");
  }
  std::filesystem::rename(draft, file);
  sync_directory(file.parent_path());
}

std::optional<std::string> identify_journal(sqlite_database& db) {
  auto operation = "examine it";
  if (db.integer(operation, "PRAGMA application_id") != application)
    return "it is a database, but not a journal of this program";
  auto version = db.integer(operation, "PRAGMA user_version");
  if (version != journal_schema)
    return "schema version is " + std::to_string(version) + ", expected "
           + std::to_string(journal_schema);
  return std::nullopt;
}

std::optional<std::string> examine_journal(sqlite_database& db) {
  if (auto text = identify_journal(db))
    return text;
  auto verdict = db.text("examine it", "PRAGMA quick_check(1)");
  if (verdict != "ok")
    return "database disk image is malformed (" + verdict + ")";
  if (db.integer("examine it", "SELECT count(*) FROM meta") != 1)
    return "it does not say to which run it belongs";
  return std::nullopt;
}

std::optional<std::string> compare_instruments(sqlite_database& db,
                                               const universe& expected) {
  sqlite_statement rows{db, "read the instruments",
                        "SELECT name, tick, lot FROM instruments "
                        "ORDER BY symbol"};
  size_t index = 0;
  for (; rows.step(); ++index) {
    auto there = rules_text(rows.text(0), rows.integer(1), rows.integer(2));
    if (index >= expected.size())
      return "it trades " + there + ", expected "
             + std::to_string(expected.size()) + " instruments without it";
    auto& rules = expected[index].rules();
    auto here = rules_text(rules.name, rules.tick_e8, rules.lot_e8);
    if (there != here)
      return "instrument " + std::to_string(index) + " is " + there
             + ", expected " + here;
  }
  if (index < expected.size())
    return "it trades " + std::to_string(index) + " instruments, expected "
           + std::to_string(expected.size()) + " with "
           + expected[index].name();
  return std::nullopt;
}

journal_identity read_identity(sqlite_database& db) {
  sqlite_statement row{db, "read whose it is",
                       "SELECT run, node, epoch, created, config, start "
                       "FROM meta"};
  if (!row.step())
    throw std::runtime_error{db.file().string()
                             + ": it does not say to which run it belongs"};
  return {row.text(0),      row.as<uint16_t>(1), row.as<uint32_t>(2),
          {row.integer(3)}, row.text(4),         {row.integer(5)}};
}

universe read_instruments(sqlite_database& db) {
  sqlite_statement rows{db, "read the instruments",
                        "SELECT name, tick, lot, min_notional, max_order "
                        "FROM instruments ORDER BY symbol"};
  universe result;
  while (rows.step()) {
    auto id = symbol_id{static_cast<uint16_t>(result.size())};
    auto made = instrument::make(id, {rows.text(0),
                                      rows.integer(1),
                                      rows.integer(2),
                                      {rows.integer(3)},
                                      {rows.integer(4)}});
    if (!made)
      throw std::runtime_error{db.file().string() + ": " + made.error().text};
    result.push_back(*made);
  }
  return result;
}

void write_instruments(sqlite_database& db, const universe& instruments) {
  sqlite_statement row{db, "write the instruments",
                       "INSERT OR REPLACE INTO instruments "
                       "VALUES (?, ?, ?, ?, ?, ?)"};
  for (auto& each : instruments) {
    auto& rules = each.rules();
    row.run(each.id().index, rules.name, rules.tick_e8, rules.lot_e8,
            rules.min_notional.e8, rules.max_order.lots);
  }
}

} // namespace qalpha
