#include "runtime/storage/sqlite_facts.hpp"

#include <algorithm>
#include <sstream>
#include <string>

namespace qalpha {

namespace {

// One row a second, for one week.
constexpr int64_t slot_ns = 1'000'000'000;
constexpr int64_t slots = 604'800;

std::string text_of(const order_id& id) {
  return id.sequence != 0 ? to_string(id) : std::string{};
}

order_id read_order_id(const sqlite_statement& row, int first) {
  return {row.as<uint16_t>(first),
          {row.as<uint16_t>(first + 1)},
          row.as<uint32_t>(first + 2),
          row.as<uint32_t>(first + 3)};
}

decision_id read_decision_id(const sqlite_statement& row, int first) {
  return {{row.as<uint16_t>(first)}, row.as<uint64_t>(first + 1)};
}

std::string marks_text(const std::vector<position>& positions) {
  std::string result;
  for (auto& each : positions) {
    if (!result.empty())
      result += ' ';
    result += std::to_string(each.mark.ticks);
  }
  return result;
}

} // namespace

// -- writing ------------------------------------------------------------------

fact_writer::fact_writer(sqlite_database& db)
  : db_(&db),
    decision_(db, "append a decision",
              "INSERT INTO decisions (symbol, sequence, seq, time, wanted_bps, "
              "target, reference, equity, reason) "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    outcome_(db, "append an outcome",
             "INSERT INTO outcomes (symbol, sequence, seq, time, result, gate, "
             "value, bound, order_id, order_node, order_symbol, order_epoch, "
             "order_sequence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    intent_(db, "append an order",
            "INSERT INTO intents (symbol, node, epoch, sequence, seq, id, "
            "decision_symbol, decision, gate_epoch, side, size, low, high, "
            "reduce_only, expires, kind, limit_price, time) VALUES (?, ?, ?, "
            "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    report_(db, "append a report",
            "INSERT INTO order_events (seq, symbol, node, epoch, sequence, id, "
            "event, time, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    fill_(db, "append a fill",
          "INSERT INTO fills (symbol, execution, seq, node, epoch, sequence, "
          "id, side, price, size, fee, maker, time) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
          "ON CONFLICT (symbol, execution) DO NOTHING"),
    funding_(db, "append a payment",
             "INSERT INTO funding (symbol, time, seq, paid, rate) "
             "VALUES (?, ?, ?, ?, ?) ON CONFLICT (symbol, time) DO NOTHING"),
    state_(db, "append a state",
           "INSERT INTO states (seq, state, gate_epoch, flatten, time, source, "
           "reason, resume_code) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
    account_(db, "append the account",
             "INSERT OR REPLACE INTO account (slot, time, equity, peak, cash, "
             "unrealised, realised, fees, funding, gross, open_orders) "
             "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    snapshot_(db, "append the account",
              "INSERT OR REPLACE INTO snapshot (id, time, peak, marks) "
              "VALUES (1, ?, ?, ?)") {
  // nop
}

bool fact_writer::write(int64_t seq, const decision& fact) {
  return decision_.run(fact.id.symbol.index, fact.id.sequence, seq,
                       fact.time.ns, fact.wanted.bps, fact.target.lots,
                       fact.reference.ticks, fact.equity.e8, fact.reason)
         != 0;
}

bool fact_writer::write(int64_t seq, const decision_outcome& fact) {
  auto& id = fact.order;
  return outcome_.run(fact.decision.symbol.index, fact.decision.sequence, seq,
                      fact.time.ns, fact.result, fact.gate, fact.value,
                      fact.limit, text_of(id), id.node, id.symbol.index,
                      id.epoch, id.sequence)
         != 0;
}

bool fact_writer::write(int64_t seq, const order_intent& fact) {
  auto& right = fact.right;
  auto& id = right.id;
  return intent_.run(id.symbol.index, id.node, id.epoch, id.sequence, seq,
                     text_of(id), right.decision.symbol.index,
                     right.decision.sequence, right.gate_epoch, right.direction,
                     right.size.lots, right.low.ticks, right.high.ticks,
                     right.reduce_only, right.expires.ns, fact.kind,
                     fact.limit.ticks, fact.time.ns)
         != 0;
}

bool fact_writer::write(int64_t seq, const order_report& fact) {
  auto& id = fact.id;
  return report_.run(seq, id.symbol.index, id.node, id.epoch, id.sequence,
                     text_of(id), fact.event, fact.time.ns, fact.reason)
         != 0;
}

bool fact_writer::write(int64_t seq, const fill& fact) {
  auto& id = fact.id;
  return fill_.run(id.symbol.index, fact.execution, seq, id.node, id.epoch,
                   id.sequence, text_of(id), fact.direction, fact.px.ticks,
                   fact.size.lots, fact.fee.e8, fact.maker, fact.time.ns)
         != 0;
}

bool fact_writer::write(int64_t seq, const funding_payment& fact) {
  return funding_.run(fact.symbol.index, fact.time.ns, seq, fact.paid.e8,
                      fact.funding_rate.e8)
         != 0;
}

bool fact_writer::write(int64_t seq, const state_changed& fact) {
  return state_.run(seq, fact.state, fact.gate_epoch, fact.flatten,
                    fact.time.ns, fact.source, fact.reason, fact.resume_code)
         != 0;
}

void fact_writer::write(const account_state& fact) {
  auto slot = fact.time.ns / slot_ns % slots;
  in_transaction(*db_, "append the account", [&] {
    account_.run(slot, fact.time.ns, fact.equity.e8, fact.peak.e8, fact.cash.e8,
                 fact.unrealised.e8, fact.realised.e8, fact.fees.e8,
                 fact.funding.e8, fact.gross.e8, fact.open_orders);
    snapshot_.run(fact.time.ns, fact.peak.e8, marks_text(fact.positions));
  });
}

// -- reading ------------------------------------------------------------------

decision fact_row<decision>::read(const sqlite_statement& row) {
  return {read_decision_id(row, 1),
          {row.integer(3)},
          {row.as<int32_t>(4)},
          {row.integer(5)},
          {row.integer(6)},
          {row.integer(7)},
          row.text(8)};
}

decision_outcome fact_row<decision_outcome>::read(const sqlite_statement& row) {
  return {
    read_decision_id(row, 1), {row.integer(3)}, row.as<decision_result>(4),
    row.as<risk_gate>(5),     row.integer(6),   row.integer(7),
    read_order_id(row, 8)};
}

order_intent fact_row<order_intent>::read(const sqlite_statement& row) {
  auto right = permit{
    read_order_id(row, 1), read_decision_id(row, 5), row.as<uint64_t>(7),
    row.as<side>(8),       {row.integer(9)},         {row.integer(10)},
    {row.integer(11)},     row.integer(12) != 0,     {row.integer(13)}};
  return {right, row.as<order_kind>(14), {row.integer(15)}, {row.integer(16)}};
}

order_report fact_row<order_report>::read(const sqlite_statement& row) {
  return {read_order_id(row, 1),
          row.as<order_event>(5),
          {row.integer(6)},
          row.text(7)};
}

fill fact_row<fill>::read(const sqlite_statement& row) {
  return {read_order_id(row, 1), row.as<uint64_t>(5), row.as<side>(6),
          {row.integer(7)},      {row.integer(8)},    {row.integer(9)},
          row.integer(10) != 0,  {row.integer(11)}};
}

funding_payment fact_row<funding_payment>::read(const sqlite_statement& row) {
  return {{row.as<uint16_t>(1)},
          {row.integer(2)},
          {row.integer(3)},
          {row.integer(4)}};
}

state_changed fact_row<state_changed>::read(const sqlite_statement& row) {
  return {row.as<trading_state>(1),
          row.as<uint64_t>(2),
          row.integer(3) != 0,
          {row.integer(4)},
          row.text(5),
          row.text(6),
          row.text(7)};
}

account_state fact_row<account_state>::read(const sqlite_statement& row) {
  return {{row.integer(1)},
          {row.integer(2)},
          {row.integer(3)},
          {row.integer(4)},
          {row.integer(5)},
          {row.integer(6)},
          {row.integer(7)},
          {row.integer(8)},
          {row.integer(9)},
          row.as<uint32_t>(10),
          {}};
}

account_snapshot fact_row<account_snapshot>::read(const sqlite_statement& row) {
  account_snapshot result{{row.integer(1)}, {}};
  std::istringstream marks{row.text(2)};
  for (int64_t ticks = 0; marks >> ticks;)
    result.marks.push_back({ticks});
  return result;
}

} // namespace qalpha
