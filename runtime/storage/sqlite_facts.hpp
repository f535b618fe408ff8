// Facts as rows of the journal's tables.

#pragma once

#include "models/execution/decision.hpp"
#include "models/execution/order.hpp"
#include "models/risk/account_state.hpp"
#include "models/risk/trading_state.hpp"
#include "runtime/storage/sqlite.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace qalpha {

/// Writes one fact a call, which is one transaction.
class fact_writer {
public:
  /// @pre `db` outlives the writer
  explicit fact_writer(sqlite_database& db);

  /// Each writes a fact at the place `seq`, which no other fact has.
  /// @returns `false` if the fact is a fill or a payment that is there already.
  bool write(int64_t seq, const decision& fact);
  bool write(int64_t seq, const decision_outcome& fact);
  bool write(int64_t seq, const order_intent& fact);
  bool write(int64_t seq, const order_report& fact);
  bool write(int64_t seq, const fill& fact);
  bool write(int64_t seq, const funding_payment& fact);
  bool write(int64_t seq, const state_changed& fact);

  /// Replaces the last snapshot, and the history of the same second.
  void write(const account_state& fact);

private:
  sqlite_database* db_;
  sqlite_statement decision_;
  sqlite_statement outcome_;
  sqlite_statement intent_;
  sqlite_statement report_;
  sqlite_statement fill_;
  sqlite_statement funding_;
  sqlite_statement state_;
  sqlite_statement account_;
  sqlite_statement snapshot_;
};

// -- reading ------------------------------------------------------------------

/// How a fact is selected and made from a row of `columns`. Column 0 is its
/// place in the journal, `seq`, or the key of a table that has none.
template <class Fact>
struct fact_row;

template <>
struct fact_row<decision> {
  static constexpr std::string_view table = "decisions";
  static constexpr std::string_view columns
    = "seq, symbol, sequence, time, wanted_bps, target, reference, equity, "
      "reason";
  static decision read(const sqlite_statement& row);
};

template <>
struct fact_row<decision_outcome> {
  static constexpr std::string_view table = "outcomes";
  static constexpr std::string_view columns
    = "seq, symbol, sequence, time, result, gate, value, bound, order_node, "
      "order_symbol, order_epoch, order_sequence";
  static decision_outcome read(const sqlite_statement& row);
};

template <>
struct fact_row<order_intent> {
  static constexpr std::string_view table = "intents";
  static constexpr std::string_view columns
    = "seq, node, symbol, epoch, sequence, decision_symbol, decision, "
      "gate_epoch, "
      "side, size, low, high, reduce_only, expires, kind, limit_price, time";
  static order_intent read(const sqlite_statement& row);
};

template <>
struct fact_row<order_report> {
  static constexpr std::string_view table = "order_events";
  static constexpr std::string_view columns
    = "seq, node, symbol, epoch, sequence, event, time, reason";
  static order_report read(const sqlite_statement& row);
};

template <>
struct fact_row<fill> {
  static constexpr std::string_view table = "fills";
  static constexpr std::string_view columns
    = "seq, node, symbol, epoch, sequence, execution, side, price, size, fee, "
      "maker, time";
  static fill read(const sqlite_statement& row);
};

template <>
struct fact_row<funding_payment> {
  static constexpr std::string_view table = "funding";
  static constexpr std::string_view columns = "seq, symbol, time, paid, rate";
  static funding_payment read(const sqlite_statement& row);
};

template <>
struct fact_row<state_changed> {
  static constexpr std::string_view table = "states";
  static constexpr std::string_view columns
    = "seq, state, gate_epoch, flatten, time, source, reason, resume_code";
  static state_changed read(const sqlite_statement& row);
};

template <>
struct fact_row<account_state> {
  static constexpr std::string_view table = "account";
  static constexpr std::string_view columns
    = "slot, time, equity, peak, cash, unrealised, realised, fees, funding, "
      "gross, "
      "open_orders";
  /// Leaves out the positions, which follow from the fills.
  static account_state read(const sqlite_statement& row);
};

/// What `account_state` leaves for the next life.
struct account_snapshot {
  money peak;
  /// By symbol index.
  std::vector<price> marks;
};

template <>
struct fact_row<account_snapshot> {
  static constexpr std::string_view table = "snapshot";
  static constexpr std::string_view columns = "id, peak, marks";
  static account_snapshot read(const sqlite_statement& row);
};

/// @returns "SELECT <columns> FROM <table> <rest>".
template <class Fact>
std::string select_facts(std::string_view rest) {
  auto result = std::string{"SELECT "};
  result += fact_row<Fact>::columns;
  result += " FROM ";
  result += fact_row<Fact>::table;
  result += " ";
  return result += rest;
}

} // namespace qalpha
