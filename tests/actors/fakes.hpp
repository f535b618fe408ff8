// Ports that keep what they are given. They share one list of words, so that a
// test sees which port was called before which.

#pragma once

#include "actors/node_context.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qalpha::test {

using words = std::vector<std::string>;

/// A journal that remembers what the test puts into its memories.
struct fake_journal final : journal {
  words* calls = nullptr;
  std::vector<symbol_memory> symbols;
  account_memory account;
  state_changed state;
  std::vector<decision_outcome> outcomes;
  std::vector<state_changed> states;
  std::vector<order_report> reports;
  std::set<uint64_t> executions;
  std::set<int64_t> payments;
  /// Every write fails.
  bool broken = false;

  void append(const decision&) override {
    note("decision");
  }

  void append(const decision_outcome& fact) override {
    note("outcome");
    outcomes.push_back(fact);
  }

  void append(const order_intent&) override {
    note("order");
  }

  void append(const order_report& fact) override {
    note("report");
    reports.push_back(fact);
  }

  bool append(const fill& fact) override {
    note("fill");
    return executions.insert(fact.execution).second;
  }

  bool append(const funding_payment& fact) override {
    note("funding");
    return payments.insert(fact.time.ns).second;
  }

  void append(const state_changed& fact) override {
    note("state " + std::string{to_string(fact.state)});
    states.push_back(fact);
    state = fact;
  }

  void append(const account_state&) override {
    note("account");
  }

  symbol_memory recall(symbol_id symbol) override {
    return symbols.at(symbol.index);
  }

  account_memory recall_account() override {
    return account;
  }

  state_changed recall_state() override {
    return state;
  }

private:
  void note(const std::string& what) {
    if (broken)
      throw std::runtime_error{"disk full"};
    calls->push_back("journal " + what);
  }
};

/// A venue that never answers by itself.
struct fake_connection final : venue_connection {
  words* calls = nullptr;
  std::vector<order_intent> orders;
  std::vector<cancel_order> cancels;
  std::vector<query_order> queries;
  std::vector<reconcile_query> comparisons;
  std::vector<symbol_id> cancelled_all;
  std::vector<symbol_id> subscriptions;

  void send(const approved_order& order) override {
    calls->push_back("venue order");
    orders.push_back(order.intent());
  }

  void send(const cancel_order& command) override {
    calls->push_back("venue cancel");
    cancels.push_back(command);
  }

  void send(const query_order& query) override {
    queries.push_back(query);
  }

  void send(const reconcile_query& query) override {
    comparisons.push_back(query);
  }

  void cancel_all(symbol_id symbol) override {
    cancelled_all.push_back(symbol);
  }

  void subscribe(symbol_id symbol) override {
    subscriptions.push_back(symbol);
  }
};

struct fake_books final : book_source {
  std::vector<symbol_id> wishes;

  void resync(symbol_id symbol) override {
    wishes.push_back(symbol);
  }
};

struct fake_recorder final : recorder {
  std::vector<closed_trade> trades;

  void record(const closed_trade& fact) override {
    trades.push_back(fact);
  }
};

struct fake_notices final : notices {
  words shown;
  std::vector<alert> alerts;

  void show(const fill&) override {
    shown.push_back("fill");
  }

  void show(const funding_payment&) override {
    shown.push_back("funding");
  }

  void show(const decision_outcome&) override {
    shown.push_back("outcome");
  }

  void show(const account_state&) override {
    shown.push_back("account");
  }

  void show(const state_changed&) override {
    shown.push_back("state");
  }

  void show(const alert& fact) override {
    shown.push_back("alert");
    alerts.push_back(fact);
  }
};

struct fake_heart final : pacemaker {
  std::vector<std::pair<uint16_t, uint64_t>> beats;
  /// Called with each beat.
  std::function<void()> look = [] {};

  void passed(symbol_id symbol, const pulse& fact) override {
    beats.emplace_back(symbol.index, fact.sequence);
    look();
  }
};

struct fake_incidents final : incident_log {
  std::vector<std::pair<std::string, std::string>> seen;

  void report(std::string_view actor, const std::string& what) override {
    seen.emplace_back(actor, what);
  }
};

/// Wants what it is told to want, and notes the open interest around each bar.
struct obedient : strategy {
  obedient(std::optional<exposure>& wish, std::vector<double>& interests)
    : wish_(&wish), interests_(&interests) {
    // nop
  }

  std::vector<feature_request> features() const override {
    return {{"value", "interest", {{"close", "open_interest"}}, {}}};
  }

  std::optional<exposure> on_bar(const bar&,
                                 std::span<const double> values) override {
    interests_->push_back(values[0]);
    return *wish_;
  }

  std::string reason() const override {
    return "obedient";
  }

private:
  std::optional<exposure>* wish_;
  std::vector<double>* interests_;
};

/// A node of `symbols` symbols: lots of one USDT at a mark of 1000 ticks,
/// 10'000 USDT.
struct fake_node {
  static constexpr utc_time t0{1'700'000'000'000'000'000};

  words calls;
  trading_gate gate;
  fake_connection venue;
  gateway door{gate, venue};
  fake_journal log;
  fake_recorder trades;
  fake_notices people;
  fake_heart heart;
  fake_incidents incidents;
  std::optional<exposure> wish;
  std::vector<double> interests;
  node_context context;

  explicit fake_node(uint16_t symbols = 2) {
    venue.calls = &calls;
    log.calls = &calls;
    log.symbols.resize(symbols);
    log.account.start = {10'000 * money::scale};
    log.account.peak = log.account.start;
    log.account.positions.resize(symbols);
    for (uint16_t i = 0; i < symbols; ++i)
      context.instruments.push_back(
        *instrument::make({i}, {.name = "S" + std::to_string(i),
                                .tick_e8 = 1'000'000,
                                .lot_e8 = 10'000'000}));
    context.start = log.account.start;
    context.node = 1;
    context.epoch = 1;
    context.make_strategy = [this](const instrument& rules) {
      auto rule = std::make_unique<obedient>(wish, interests);
      auto plan = *feature_plan::make(
        {std::chrono::milliseconds{60'000}, rule->features()});
      return symbol_strategy{std::move(rule), stream_features(plan, rules)};
    };
    context.gate = &gate;
    context.venue = &door;
    context.log = &log;
    context.trades = &trades;
    context.people = &people;
    context.heart = &heart;
    context.incidents = &incidents;
  }
};

} // namespace qalpha::test
