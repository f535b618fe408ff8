// Looks into the journal of a node, running or not.

#pragma once

#include "models/execution/decision.hpp"
#include "models/execution/order.hpp"
#include "models/machine/fallible.hpp"
#include "models/market/instrument.hpp"
#include "models/risk/account_state.hpp"
#include "models/risk/trading_state.hpp"
#include "runtime/storage/journal_counts.hpp"
#include "runtime/storage/sqlite.hpp"
#include "runtime/storage/sqlite_schema.hpp"

#include <cstddef>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace qalpha {

/// An order and what became of it.
struct order_story {
  order_intent intent;
  order_status status = order_status::intent;
  quantity filled;
  /// In the order of the journal.
  std::vector<order_report> reports;
  std::vector<fill> fills;
};

/// A decision and what became of it.
struct decision_story {
  decision what;
  /// Missing while the decision is pending.
  std::optional<decision_outcome> outcome;
  /// Orders that were sent for it, first sent first.
  std::vector<order_story> orders;
};

/// Times from `from` to `to`, both included.
struct time_window {
  utc_time from{std::numeric_limits<int64_t>::min()};
  utc_time to{std::numeric_limits<int64_t>::max()};
};

/// The identity and configuration of one start of the node.
struct config_change {
  utc_time time;
  uint32_t epoch = 0;
  std::string config;
};

/// A connection that cannot write. Each call sees one consistent state of the
/// journal, the next call perhaps a later one. Used by one thread at a time.
///
/// Errors: what SQLite refuses throws `sqlite_error`.
class journal_reader {
public:
  /// @returns a fault if there is no journal or it cannot be read.
  static fallible<journal_reader> open(const std::filesystem::path& file);

  const journal_identity& identity() const noexcept {
    return identity_;
  }

  const universe& instruments() const noexcept {
    return *instruments_;
  }

  /// @returns the newest `limit` decisions of the window, oldest first, each
  ///          with its outcome, orders, reports and fills.
  std::vector<decision_story> decisions(symbol_id symbol, time_window window,
                                        size_t limit);

  /// @returns all orders by the time of their intent; reports and fills of each
  ///          are left out.
  std::vector<order_story> orders();

  /// @returns the orders that are not in a final state.
  std::vector<order_story> open_orders();

  std::vector<fill> fills();

  std::vector<funding_payment> payments();

  /// @returns every change of the trading state: halts with their reasons.
  std::vector<state_changed> states();

  /// @returns the account by second, without positions; one week at most.
  std::vector<account_state> account_history();

  std::vector<config_change> config_changes();

  journal_counts counts();

private:
  journal_reader(std::unique_ptr<sqlite_database> db, journal_identity identity,
                 universe instruments);

  std::unique_ptr<sqlite_database> db_;
  journal_identity identity_;
  // Behind a pointer, since ids and rules are handed out by reference.
  std::unique_ptr<const universe> instruments_;
};

} // namespace qalpha
