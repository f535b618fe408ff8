// The simulated exchange's own books on disk.

#pragma once

#include "models/execution/order.hpp"
#include "models/market/bar.hpp"
#include "models/simulation/venue.hpp"
#include "runtime/storage/sqlite.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace qalpha {

/// Everything an exchange needs to continue.
struct exchange_memory {
  std::string market;
  std::string venue;
  std::vector<bar_closed> bars;
};

/// A database of the exchange, apart from the node's journal: its executions,
/// funding and balances are the independent half of every comparison. One
/// commit holds everything that happened in a frame, so that a killed process
/// continues at a moment that really was.
class exchange_store {
public:
  /// @throws sqlite_error
  /// @pre `instruments` outlives the store
  exchange_store(const std::filesystem::path& file,
                 const universe& instruments);

  /// @returns what the last commit said, `nullopt` if there was none.
  /// @param bars how many of the latest bars of each symbol
  std::optional<exchange_memory> recall(size_t bars);

  // -- collected until the next commit ----------------------------------------

  void note(const fill& fact);
  void note(const funding_payment& fact);
  void note(const bar_closed& fact);

  /// @returns `true` if something was noted that the account depends on.
  bool dirty() const noexcept {
    return dirty_;
  }

  void mark_dirty() noexcept {
    dirty_ = true;
  }

  /// Writes what was noted together with the state after it.
  /// @throws sqlite_error
  void commit(const std::string& market, const simulated_venue& venue);

private:
  void write_account(const simulated_venue& venue);

  const universe* instruments_;
  sqlite_database db_;
  sqlite_statement save_;
  sqlite_statement add_fill_;
  sqlite_statement add_funding_;
  sqlite_statement add_bar_;
  sqlite_statement set_account_;
  sqlite_statement set_position_;
  bool dirty_ = false;
  std::vector<fill> fills_;
  std::vector<funding_payment> funding_;
  std::vector<bar_closed> bars_;
};

} // namespace qalpha
