#include "runtime/storage/sqlite_recovery.hpp"

#include "runtime/storage/sqlite_facts.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace qalpha {

namespace {

// -- facts --------------------------------------------------------------------

/// One table on its way into memory.
struct fact_stream {
  sqlite_statement rows;
  std::function<void(const sqlite_statement&)> note;
  bool more = false;

  int64_t seq() const noexcept {
    return rows.integer(0);
  }
};

template <class Fact>
fact_stream stream_of(sqlite_database& db, recollection& into) {
  auto note = [&into](const sqlite_statement& row) {
    into.note(fact_row<Fact>::read(row));
  };
  return {{db, "read the facts", select_facts<Fact>("ORDER BY seq")}, note};
}

/// What happened to orders, positions and the trading state: the order of these
/// facts matters across tables.
void replay_events(sqlite_database& db, recollection& into) {
  std::vector<fact_stream> streams;
  streams.push_back(stream_of<order_intent>(db, into));
  streams.push_back(stream_of<order_report>(db, into));
  streams.push_back(stream_of<fill>(db, into));
  streams.push_back(stream_of<funding_payment>(db, into));
  streams.push_back(stream_of<state_changed>(db, into));
  auto advance = [](fact_stream& x) { x.more = x.rows.step(); };
  std::for_each(streams.begin(), streams.end(), advance);
  for (;;) {
    fact_stream* next = nullptr;
    for (auto& x : streams)
      if (x.more && (next == nullptr || x.seq() < next->seq()))
        next = &x;
    if (next == nullptr)
      return;
    next->note(next->rows);
    advance(*next);
  }
}

void replay_last_decisions(sqlite_database& db, recollection& into) {
  sqlite_statement rows{
    db, "read the decisions",
    select_facts<decision>("WHERE (symbol, sequence) IN (SELECT symbol, "
                           "max(sequence) FROM decisions GROUP BY symbol)")};
  while (rows.step())
    into.note(fact_row<decision>::read(rows));
}

void replay_snapshot(sqlite_database& db, recollection& into) {
  sqlite_statement rows{db, "read the account",
                        select_facts<account_snapshot>("")};
  if (!rows.step())
    return;
  auto last = fact_row<account_snapshot>::read(rows);
  into.note_peak(last.peak);
  for (size_t i = 0; i < last.marks.size(); ++i)
    into.note_mark({static_cast<uint16_t>(i)}, last.marks[i]);
}

// -- write-ahead log
// ------------------------------------------------------------

// The format is part of SQLite's promise of compatibility: a header of 32
// bytes, then frames of 24 bytes and a page. Numbers are big-endian.
constexpr size_t header_size = 32;
constexpr size_t frame_header_size = 24;

uint32_t number_at(const unsigned char* bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16
         | uint32_t{bytes[2]} << 8 | uint32_t{bytes[3]};
}

/// Marks the frames that belong together; older frames have another one.
using salt = std::array<uint32_t, 2>;

using log_header = std::array<unsigned char, header_size>;

/// SQLite's checksum over the first 24 bytes; the order of the bytes within its
/// words is a bit of the magic number.
bool sound(const log_header& header) {
  auto big_endian = (header[3] & 1) != 0;
  auto word = [&](size_t i) {
    auto x = number_at(&header[i * 4]);
    return big_endian ? x : __builtin_bswap32(x);
  };
  uint32_t first = 0;
  uint32_t second = 0;
  for (size_t i = 0; i < 6; i += 2) {
    first += word(i) + second;
    second += word(i + 1) + first;
  }
  return first == number_at(&header[24]) && second == number_at(&header[28]);
}

/// @returns commits after the first `valid` frames of the same generation.
uint64_t commits_beyond(const std::string& file, size_t valid,
                        size_t page_size) {
  std::ifstream log{file, std::ios::binary};
  log_header header;
  if (!log.read(reinterpret_cast<char*>(header.data()), header.size()))
    return 0;
  // A sound header tells which frames count. Under a damaged one all are lost,
  // and the best we know is how the first of them calls itself.
  std::optional<salt> generation;
  if (sound(header))
    generation = {number_at(&header[16]), number_at(&header[20])};
  uint64_t result = 0;
  std::array<unsigned char, frame_header_size> frame;
  for (size_t index = 0;
       log.read(reinterpret_cast<char*>(frame.data()), frame.size())
       && log.seekg(static_cast<std::streamoff>(page_size), std::ios::cur);
       ++index) {
    auto own = salt{number_at(&frame[8]), number_at(&frame[12])};
    if (!generation)
      generation = own;
    auto commits = number_at(&frame[4]) != 0;
    if (index >= valid && commits && own == *generation)
      ++result;
  }
  // One alone is a commit that was under way when the process was killed: its
  // append never returned.
  return result > 1 ? result : 0;
}

} // namespace

int64_t replay_journal(sqlite_database& db, recollection& into) {
  replay_last_decisions(db, into);
  replay_events(db, into);
  replay_snapshot(db, into);
  int64_t last = 0;
  for (auto table : {"decisions", "outcomes", "intents", "order_events",
                     "fills", "funding", "states", "config_changes"}) {
    auto sql = std::string{"SELECT max(seq) FROM "} + table;
    last = std::max(last, db.integer("read the facts", sql));
  }
  return last;
}

uint64_t absorb_log(sqlite_database& db) {
  auto page_size = db.integer("read the log", "PRAGMA page_size");
  // The second column is the number of frames that SQLite accepts.
  sqlite_statement passive{db, "read the log",
                           "PRAGMA wal_checkpoint(PASSIVE)"};
  auto valid = passive.step() ? std::max<int64_t>(passive.integer(1), 0) : 0;
  passive.reset();
  auto lost = commits_beyond(db.file().string() + "-wal",
                             static_cast<size_t>(valid),
                             static_cast<size_t>(page_size));
  // Otherwise frames that are dropped now would be counted again next time.
  db.execute("empty the log", "PRAGMA wal_checkpoint(TRUNCATE)");
  return lost;
}

} // namespace qalpha
