// What the tests of the executor share.

#pragma once

#include "models/execution/executor.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace qalpha::test {

/// Keeps effects by kind, and one word each in the order of telling.
struct executor_log final : executor::effects {
  std::vector<permit_request> requests;
  std::vector<order_intent> orders;
  std::vector<cancel_order> cancels;
  std::vector<query_order> queries;
  std::vector<reconcile_query> comparisons;
  std::vector<fill> fills;
  std::vector<funding_payment> payments;
  std::vector<order_settled> settled;
  std::vector<decision_outcome> outcomes;
  std::vector<symbol_reconciled> verdicts;
  std::vector<std::string> words;

  void tell(const permit_request& x) override {
    keep(requests, x, "request");
  }

  void tell(const order_intent& x) override {
    keep(orders, x, "order");
  }

  void tell(const cancel_order& x) override {
    keep(cancels, x, "cancel");
  }

  void tell(const query_order& x) override {
    keep(queries, x, "query");
  }

  void tell(const reconcile_query& x) override {
    keep(comparisons, x, "compare");
  }

  void tell(const fill& x) override {
    keep(fills, x, "fill");
  }

  void tell(const funding_payment& x) override {
    keep(payments, x, "funding");
  }

  void tell(const order_settled& x) override {
    keep(settled, x, "settled");
  }

  void tell(const decision_outcome& x) override {
    keep(outcomes, x, "outcome");
  }

  void tell(const symbol_reconciled& x) override {
    keep(verdicts, x, "verdict");
  }

  void clear() {
    *this = executor_log{};
  }

private:
  template <class Fact>
  void keep(std::vector<Fact>& all, const Fact& x, const char* word) {
    all.push_back(x);
    words.emplace_back(word);
  }
};

/// One symbol with a tick of 0.1, a lot of 0.001 and a mark of 1000 ticks.
inline instrument_rules plain_rules() {
  return {.name = "BTCUSDT", .tick_e8 = 10'000'000, .lot_e8 = 100'000};
}

/// An executor that is driven by hand, and everybody around it.
struct executor_fixture {
  static constexpr utc_time t0{1'700'000'000'000'000'000};
  static constexpr timespan second = std::chrono::seconds{1};

  instrument rules = *instrument::make({}, plain_rules());
  execution_settings settings;
  executor_log out;
  std::optional<executor> aut;
  utc_time now = t0;
  uint64_t decisions = 0;
  uint64_t executions = 0;
  uint64_t gate_epoch = 1;

  executor_fixture() {
    aut.emplace(rules, settings, 1, 1);
  }

  /// Starts over with these settings.
  void use(execution_settings fresh,
           instrument_rules fresh_rules = plain_rules()) {
    settings = fresh;
    rules = *instrument::make({}, std::move(fresh_rules));
    aut.emplace(rules, settings, 1, 1);
  }

  template <class Fact>
  void step(const Fact& fact) {
    aut->step(fact, out);
  }

  /// Lets `d` pass and tells the time.
  void wait(timespan d) {
    now = now + d;
    step(now);
  }

  // -- neighbours -------------------------------------------------------------

  void enter(trading_state state, bool flatten = false) {
    step(state_changed{.state = state,
                       .gate_epoch = ++gate_epoch,
                       .flatten = flatten,
                       .time = now});
  }

  void snapshot(int64_t position, std::vector<order_id> open = {}) {
    step(venue_snapshot{{}, now, {position}, std::move(open)});
  }

  void show_market(int64_t mark = 1'000) {
    step(feed_health{.time = now, .status = feed_status::live});
    step(mark_updated{{}, now, {mark}});
    step(quote{{}, now, {mark - 1}, {mark + 1}, {5}, {5}});
  }

  /// Reconciled at `position`, active, with a live market.
  void activate(int64_t position = 0) {
    aut->start(now, out);
    snapshot(position);
    enter(trading_state::active);
    show_market();
    out.clear();
  }

  void want(int64_t lots) {
    step(target_position{{{}, ++decisions}, now, {lots}, {1'000}});
  }

  permit permit_for(const permit_request& x) const {
    return {.id = x.id,
            .decision = x.decision,
            .gate_epoch = gate_epoch,
            .direction = x.direction,
            .size = x.size,
            .low = {980},
            .high = {1'020},
            .reduce_only = x.reduce_only,
            .expires = x.time + 5 * second};
  }

  void grant() {
    step(permit_for(out.requests.back()));
  }

  void refuse(risk_gate gate, int64_t value = 0, int64_t limit = 0) {
    auto& x = out.requests.back();
    step(permit_refused{x.id, x.decision, gate, value, limit, now});
  }

  /// Sends an order of `lots` to the venue: target, permit, order.
  order_id place(int64_t target) {
    want(target);
    grant();
    return out.orders.back().right.id;
  }

  void report(order_id id, order_event event, std::string reason = {}) {
    step(order_report{id, event, now, std::move(reason)});
  }

  /// Fills `lots`; negative for a sale.
  void filled(order_id id, int64_t lots) {
    step(fill{.id = id,
              .execution = ++executions,
              .direction = lots < 0 ? side::sell : side::buy,
              .px = {1'000},
              .size = magnitude(quantity{lots}),
              .time = now});
  }

  order_id id_of(uint32_t sequence) const {
    return {1, {}, 1, sequence};
  }
};

} // namespace qalpha::test
