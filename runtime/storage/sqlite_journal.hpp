// The journal on disk.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/storage/disk_reserve.hpp"
#include "runtime/storage/journal_sync.hpp"
#include "runtime/storage/recollection.hpp"
#include "runtime/storage/run_directory.hpp"
#include "runtime/storage/sqlite.hpp"
#include "runtime/storage/sqlite_checkpointer.hpp"
#include "runtime/storage/sqlite_facts.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// To whom a journal belongs and how it is written.
struct journal_settings {
  journal_sync sync = journal_sync::normal;
  uint16_t node = 1;
  /// Capital at the beginning of the run.
  money start;
  /// Hash of the configuration; a change is journaled, not refused.
  std::string config;
  /// Time of the opening.
  utc_time now;
};

/// What a node begins with.
struct journal_summary {
  /// Four hexadecimal digits that name the run for people.
  std::string run;
  uint32_t epoch = 0;
  /// Whether the journal was there before.
  bool resumed = false;
  size_t positions = 0;
  size_t orders = 0;
  /// Those among `orders` whose fate is unknown.
  size_t unknown = 0;
  /// Commits that a power cut or a damaged log took.
  uint64_t lost = 0;
};

/// @returns for example "resumed run 7f3a: 1 position, 4 orders, 0 lost".
std::string to_string(const journal_summary& x);

/// The journal of a node: a SQLite database in write-ahead mode, so that others
/// can read it while the node runs (see `journal_reader`). What it recalls is
/// kept in memory and was rebuilt from the facts when it was opened.
///
/// Thread-safe. Appending takes about 10 µs; with `journal_sync::normal` it
/// waits for the disk only once in thousands of records, when the log starts
/// over. After a failure that may have damaged what was written (such as a
/// failed fsync) every further append throws.
class sqlite_journal final : public journal {
public:
  /// Opens the journal of `directory`, or creates it, and raises the epoch
  /// durably.
  /// @returns a fault, and changes nothing, if the journal is damaged, of
  ///          another schema, node or start capital, or if its instruments
  ///          have other names, ticks or lots.
  /// @pre `directory` and `instruments` outlive the journal
  static fallible<std::unique_ptr<sqlite_journal>>
  open(const run_directory& directory, const universe& instruments,
       const journal_settings& settings);

  void append(const decision& fact) override;
  void append(const decision_outcome& fact) override;
  void append(const order_intent& fact) override;
  void append(const order_report& fact) override;
  bool append(const fill& fact) override;
  bool append(const funding_payment& fact) override;
  void append(const state_changed& fact) override;
  void append(const account_state& fact) override;

  symbol_memory recall(symbol_id symbol) override;
  account_memory recall_account() override;
  state_changed recall_state() override;

  /// @returns the epoch for the ids of orders.
  uint32_t epoch() const;

  /// Begins another epoch, for example with a lease; it is on disk afterwards.
  /// @returns the new epoch
  uint32_t raise_epoch();

  const journal_summary& summary() const noexcept {
    return summary_;
  }

private:
  sqlite_journal(std::unique_ptr<sqlite_database> db,
                 const universe& instruments, const journal_settings& settings);

  /// Fills the memory without a change to the file.
  /// @returns what is wrong with the facts, if anything is.
  std::optional<std::string> replay();

  /// Takes over a file that was found to be in order.
  void begin(const run_directory& directory, const universe& instruments,
             const journal_settings& settings, bool resumed);

  /// Writes the start of this life, its epoch first of all.
  void note_start(const universe& instruments,
                  const journal_settings& settings);

  /// Commits what `statements` do to the disk itself.
  template <class Statements>
  void durably(std::string_view operation, Statements statements);

  void store_epoch(uint32_t epoch);

  /// Appends a fact and remembers it.
  template <class Fact>
  bool store(const Fact& fact, bool may_use_reserve);

  /// Runs `write` under the lock, with what every change needs around it.
  template <class Write>
  auto guarded(bool may_use_reserve, Write write);

  void check_symbol(symbol_id symbol) const;

  mutable std::mutex mutex_;
  std::unique_ptr<sqlite_database> db_;
  size_t symbols_;
  journal_sync sync_;
  fact_writer writer_;
  recollection memory_;
  journal_summary summary_;
  // Place of the last fact.
  int64_t seq_ = 0;
  // Why nothing can be written any more; empty while all is well.
  std::string broken_;
  std::optional<disk_reserve> reserve_;
  std::optional<sqlite_checkpointer> checkpointer_;
};

/// Implementation of `durably`, shared by the sources of the journal.
template <class Statements>
void sqlite_journal::durably(std::string_view operation,
                             Statements statements) {
  db_->execute(operation, "PRAGMA synchronous = FULL");
  in_transaction(*db_, operation, statements);
  if (sync_ == journal_sync::normal)
    db_->execute(operation, "PRAGMA synchronous = NORMAL");
}

} // namespace qalpha
