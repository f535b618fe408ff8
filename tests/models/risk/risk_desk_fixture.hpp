// What the tests of the risk desk share.

#pragma once

#include "models/risk/risk_desk.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace qalpha::test {

/// Keeps effects by kind.
struct desk_log final : risk_desk::effects {
  std::vector<permit> permits;
  std::vector<permit_refused> refusals;
  std::vector<account_view> views;
  std::vector<account_state> states;
  std::vector<closed_trade> trades;

  void tell(const permit& x) override {
    permits.push_back(x);
  }

  void tell(const permit_refused& x) override {
    refusals.push_back(x);
  }

  void tell(const account_view& x) override {
    views.push_back(x);
  }

  void tell(const account_state& x) override {
    states.push_back(x);
  }

  void tell(const closed_trade& x) override {
    trades.push_back(x);
  }

  void clear() {
    *this = desk_log{};
  }
};

/// A desk over two symbols whose lot is worth one USDT at their mark of 1000
/// ticks, with 10'000 USDT.
struct desk_fixture {
  static constexpr utc_time t0{1'700'000'000'000'000'000};
  static constexpr timespan second = std::chrono::seconds{1};

  static constexpr money usdt(int64_t x) {
    return {x * money::scale};
  }

  universe instruments;
  risk_limits limits;
  desk_log out;
  std::optional<risk_desk> desk;
  utc_time now = t0;
  uint32_t sequence = 0;
  uint64_t executions = 0;

  desk_fixture() {
    for (uint16_t i = 0; i < 2; ++i) {
      instrument_rules rules{.name = "S" + std::to_string(i),
                             .tick_e8 = 1'000'000,
                             .lot_e8 = 10'000'000,
                             .min_notional = usdt(10)};
      instruments.push_back(*instrument::make({i}, rules));
    }
    limits.max_order_notional = usdt(5'000);
    limits.max_position_notional = usdt(8'000);
    limits.max_gross_leverage_bps = 10'000;
    limits.max_orders = 5;
    start();
  }

  /// A fresh desk that is active, with live feeds and marks.
  void start(money equity = usdt(10'000)) {
    desk.emplace(instruments, limits, equity);
    enter(trading_state::active);
    for (uint16_t i = 0; i < 2; ++i) {
      set_feed(feed_status::live, i);
      mark(1'000, i);
    }
    out.clear();
  }

  template <class Fact>
  void step(const Fact& fact) {
    desk->step(fact, out);
  }

  void enter(trading_state state, bool flatten = false) {
    step(state_changed{
      .state = state, .gate_epoch = 7, .flatten = flatten, .time = now});
  }

  void set_feed(feed_status status, uint16_t symbol = 0) {
    step(feed_health{.symbol = {symbol}, .time = now, .status = status});
  }

  void mark(int64_t ticks, uint16_t symbol = 0) {
    step(mark_updated{{symbol}, now, {ticks}});
  }

  /// A request to buy, or to sell `-lots`.
  permit_request request(int64_t lots, bool reduce_only = false,
                         uint16_t symbol = 0) {
    return {.id = {1, {symbol}, 1, ++sequence},
            .decision = {{symbol}, 3},
            .direction = lots < 0 ? side::sell : side::buy,
            .size = magnitude(quantity{lots}),
            .reference = {1'000},
            .reduce_only = reduce_only,
            .time = now};
  }

  /// @returns the gate that refuses, `none` for a permit.
  risk_gate ask(const permit_request& query) {
    auto before = out.refusals.size();
    step(query);
    return out.refusals.size() == before ? risk_gate::none
                                         : out.refusals.back().gate;
  }

  risk_gate ask(int64_t lots, bool reduce_only = false, uint16_t symbol = 0) {
    return ask(request(lots, reduce_only, symbol));
  }

  void filled(const order_id& id, int64_t lots, int64_t px = 1'000) {
    step(fill{.id = id,
              .execution = ++executions,
              .direction = lots < 0 ? side::sell : side::buy,
              .px = {px},
              .size = magnitude(quantity{lots}),
              .time = now});
  }

  /// Holds `lots` more, without an order that anybody knows.
  void hold(int64_t lots, uint16_t symbol = 0) {
    filled({1, {symbol}, 1, 1'000'000}, lots);
  }

  void settled(const order_id& id, order_status status) {
    step(order_settled{id, status, now});
  }

  /// @returns `true` if the last refusal has these figures.
  bool refused_with(risk_gate gate, int64_t value, int64_t limit) const {
    auto& x = out.refusals.back();
    return x.gate == gate && x.value == value && x.limit == limit;
  }
};

} // namespace qalpha::test
