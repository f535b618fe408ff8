#include "runtime/venues/simulated/exchange_store.hpp"

namespace qalpha {

namespace {

constexpr const char* schema = R"(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  market BLOB NOT NULL, venue BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS executions (
  symbol TEXT NOT NULL, execution INTEGER NOT NULL, order_id TEXT NOT NULL,
  side TEXT NOT NULL, price_ticks INTEGER NOT NULL, lots INTEGER NOT NULL,
  fee_e8 INTEGER NOT NULL, maker INTEGER NOT NULL, time_ns INTEGER NOT NULL,
  PRIMARY KEY (symbol, execution)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS funding (
  symbol TEXT NOT NULL, time_ns INTEGER NOT NULL, paid_e8 INTEGER NOT NULL,
  PRIMARY KEY (symbol, time_ns)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS account (
  id INTEGER PRIMARY KEY CHECK (id = 1), cash_e8 INTEGER NOT NULL,
  fees_e8 INTEGER NOT NULL, funding_e8 INTEGER NOT NULL,
  equity_e8 INTEGER NOT NULL, open_orders INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS positions (
  symbol TEXT PRIMARY KEY, lots INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bars (
  symbol INTEGER NOT NULL, close_ns INTEGER NOT NULL, open_ns INTEGER NOT NULL,
  open INTEGER NOT NULL, high INTEGER NOT NULL, low INTEGER NOT NULL,
  close INTEGER NOT NULL, volume INTEGER NOT NULL,
  PRIMARY KEY (symbol, close_ns)) WITHOUT ROWID;
)";

bar_closed read_bar(const sqlite_statement& row, symbol_id symbol) {
  return {symbol,
          {.open_time = {row.integer(1)},
           .close_time = {row.integer(0)},
           .open = {row.integer(2)},
           .high = {row.integer(3)},
           .low = {row.integer(4)},
           .close = {row.integer(5)},
           .volume = {row.integer(6)}}};
}

sqlite_database& prepare(sqlite_database& db) {
  db.execute("set up the exchange's books", schema);
  return db;
}

} // namespace

exchange_store::exchange_store(const std::filesystem::path& file,
                               const universe& instruments)
  : instruments_(&instruments), db_(file, sqlite_database::access::create),
    save_(prepare(db_), "save the exchange",
          "INSERT OR REPLACE INTO state VALUES (1, ?, ?)"),
    add_fill_(db_, "book an execution",
              "INSERT INTO executions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    add_funding_(db_, "book funding", "INSERT INTO funding VALUES (?, ?, ?)"),
    add_bar_(db_, "keep a bar",
             "INSERT OR REPLACE INTO bars VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
    set_account_(db_, "book the account",
                 "INSERT OR REPLACE INTO account VALUES (1, ?, ?, ?, ?, ?)"),
    set_position_(db_, "book a position",
                  "INSERT OR REPLACE INTO positions VALUES (?, ?)") {
  // nop
}

std::optional<exchange_memory> exchange_store::recall(size_t bars) {
  exchange_memory result;
  {
    sqlite_statement row{db_, "read the exchange",
                         "SELECT market, venue FROM state"};
    if (!row.step())
      return std::nullopt;
    result.market = row.text(0);
    result.venue = row.text(1);
  }
  sqlite_statement row{
    db_, "read bars",
    "SELECT * FROM (SELECT close_ns, open_ns, open, high, low, close, volume "
    "FROM bars WHERE symbol = ? ORDER BY close_ns DESC LIMIT ?) "
    "ORDER BY close_ns"};
  for (auto& rules : *instruments_) {
    row.bind(rules.id().index, static_cast<int64_t>(bars));
    while (row.step())
      result.bars.push_back(read_bar(row, rules.id()));
  }
  return result;
}

void exchange_store::note(const fill& fact) {
  dirty_ = true;
  fills_.push_back(fact);
}

void exchange_store::note(const funding_payment& fact) {
  dirty_ = true;
  funding_.push_back(fact);
}

void exchange_store::note(const bar_closed& fact) {
  bars_.push_back(fact);
}

void exchange_store::commit(const std::string& market,
                            const simulated_venue& venue) {
  in_transaction(db_, "commit the exchange", [&] {
    for (auto& x : fills_)
      add_fill_.run((*instruments_)[x.id.symbol.index].name(), x.execution,
                    to_string(x.id), to_string(x.direction), x.px.ticks,
                    x.size.lots, x.fee.e8, x.maker, x.time.ns);
    for (auto& x : funding_)
      add_funding_.run((*instruments_)[x.symbol.index].name(), x.time.ns,
                       x.paid.e8);
    for (auto& x : bars_)
      add_bar_.run(x.symbol.index, x.value.close_time.ns, x.value.open_time.ns,
                   x.value.open.ticks, x.value.high.ticks, x.value.low.ticks,
                   x.value.close.ticks, x.value.volume.lots);
    write_account(venue);
    save_.run(market, venue.save());
  });
  fills_.clear();
  funding_.clear();
  bars_.clear();
  dirty_ = false;
}

void exchange_store::write_account(const simulated_venue& venue) {
  auto& books = venue.account();
  set_account_.run(books.cash.e8, books.fees.e8, books.funding.e8,
                   venue.equity().e8,
                   static_cast<int64_t>(venue.open_orders().size()));
  for (auto& rules : *instruments_)
    set_position_.run(rules.name(), books.positions[rules.id().index].lots);
}

} // namespace qalpha
