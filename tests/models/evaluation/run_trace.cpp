#define CAF_SUITE run_trace

#include "models/evaluation/run_trace.hpp"

#include <caf/test/unit_test.hpp>

#include <functional>
#include <set>
#include <vector>

using namespace qalpha;

namespace {

instrument named(uint16_t index, const char* name) {
  return *instrument::make({index}, {name, 1, money::scale, {}, {}});
}

universe forward() {
  return {named(0, "BTCUSDT"), named(1, "ETHUSDT")};
}

universe backward() {
  return {named(0, "ETHUSDT"), named(1, "BTCUSDT")};
}

// One fact of each kind, all fields set.
struct facts {
  explicit facts(uint16_t symbol = 0) {
    auto id = order_id{1, {symbol}, 2, 3};
    auto cause = decision_id{{symbol}, 4};
    mind = {cause, {10}, {10'000}, {5}, {6}, {7}, "why"};
    end = {cause, {11}, decision_result::refused, risk_gate::size, 8, 9, id};
    right = {id, cause, 1, side::buy, {5}, {4}, {8}, true, {99}};
    intent = {right, order_kind::limit, {6}, {12}};
    report = {id, order_event::rejected, {13}, "because"};
    done = {id, 77, side::sell, {6}, {5}, {3}, true, {14}};
    paid = {{symbol}, {15}, {2}, {1}};
    halt = {trading_state::halted, 3, true, {16}, "switch", "limit", "code"};
  }

  decision mind;
  decision_outcome end;
  permit right;
  order_intent intent;
  order_report report;
  fill done;
  funding_payment paid;
  state_changed halt;

  void add_to(run_trace& trace) const {
    trace.add(mind);
    trace.add(end);
    trace.add(intent);
    trace.add(report);
    trace.add(done);
    trace.add(paid);
    trace.add(halt);
  }

  std::string hash() const {
    auto all = forward();
    run_trace trace{all};
    add_to(trace);
    return trace.hash();
  }
};

} // namespace

CAF_TEST(an_empty_trace_has_a_hash) {
  run_trace trace{forward()};
  CAF_CHECK_EQUAL(trace.size(), 0u);
  CAF_CHECK_EQUAL(trace.hash().size(), 16u);
  CAF_CHECK_EQUAL(trace.hash(), run_trace{backward()}.hash());
  CAF_CHECK_NOT_EQUAL(trace.hash(), run_trace{universe{}}.hash());
}

CAF_TEST(the_hash_is_the_same_on_every_machine) {
  CAF_CHECK_EQUAL(facts{}.hash(), facts{}.hash());
  // Computed by an implementation in another language from the description.
  CAF_CHECK_EQUAL(facts{}.hash(), "4f5e78da16d250c4");
}

CAF_TEST(every_field_counts) {
  using change = std::function<void(facts&)>;
  std::vector<change> changes{
    [](facts&) {},
    [](facts& x) { x.mind.id.sequence = 9; },
    [](facts& x) { x.mind.time.ns = 9; },
    [](facts& x) { x.mind.wanted.bps = -10'000; },
    [](facts& x) { x.mind.target.lots = -5; },
    [](facts& x) { x.mind.reference.ticks = 9; },
    [](facts& x) { x.mind.equity.e8 = 9; },
    [](facts& x) { x.mind.reason = "wha"; },
    [](facts& x) { x.end.decision.sequence = 9; },
    [](facts& x) { x.end.time.ns = 9; },
    [](facts& x) { x.end.result = decision_result::ordered; },
    [](facts& x) { x.end.gate = risk_gate::equity; },
    [](facts& x) { x.end.value = -8; },
    [](facts& x) { x.end.limit = 8; },
    [](facts& x) { x.end.order.sequence = 9; },
    [](facts& x) { x.intent.right.id.sequence = 9; },
    [](facts& x) { x.intent.right.decision.sequence = 9; },
    [](facts& x) { x.intent.right.direction = side::sell; },
    [](facts& x) { x.intent.right.size.lots = 9; },
    [](facts& x) { x.intent.right.low.ticks = 9; },
    [](facts& x) { x.intent.right.high.ticks = 9; },
    [](facts& x) { x.intent.right.reduce_only = false; },
    [](facts& x) { x.intent.right.expires.ns = 9; },
    [](facts& x) { x.intent.kind = order_kind::market; },
    [](facts& x) { x.intent.limit.ticks = 9; },
    [](facts& x) { x.intent.time.ns = 9; },
    [](facts& x) { x.report.id.sequence = 9; },
    [](facts& x) { x.report.event = order_event::accepted; },
    [](facts& x) { x.report.time.ns = 9; },
    [](facts& x) { x.report.reason.clear(); },
    [](facts& x) { x.done.id.sequence = 9; },
    [](facts& x) { x.done.direction = side::buy; },
    [](facts& x) { x.done.px.ticks = 9; },
    [](facts& x) { x.done.size.lots = 9; },
    [](facts& x) { x.done.fee.e8 = -3; },
    [](facts& x) { x.done.maker = false; },
    [](facts& x) { x.done.time.ns = 9; },
    [](facts& x) { x.paid.symbol.index = 1; },
    [](facts& x) { x.paid.time.ns = 9; },
    [](facts& x) { x.paid.paid.e8 = -2; },
    [](facts& x) { x.paid.funding_rate.e8 = 9; },
    [](facts& x) { x.halt.state = trading_state::reducing; },
    [](facts& x) { x.halt.flatten = false; },
    [](facts& x) { x.halt.time.ns = 9; },
    [](facts& x) { x.halt.source = "person"; },
    [](facts& x) { x.halt.reason = "wish"; },
  };
  std::set<std::string> hashes;
  for (const auto& apply : changes) {
    facts all;
    apply(all);
    hashes.insert(all.hash());
  }
  CAF_CHECK_EQUAL(hashes.size(), changes.size());
}

CAF_TEST(what_belongs_to_a_process_does_not_count) {
  facts other;
  other.intent.right.gate_epoch = 9;
  other.halt.gate_epoch = 9;
  other.halt.resume_code = "other";
  other.done.execution = 9;
  for (auto id : {&other.end.order, &other.intent.right.id, &other.report.id,
                  &other.done.id}) {
    id->node = 9;
    id->epoch = 9;
  }
  CAF_CHECK_EQUAL(other.hash(), facts{}.hash());
}

CAF_TEST(symbols_may_interleave_and_be_listed_in_any_order) {
  run_trace first{forward()};
  facts{0}.add_to(first);
  auto second_symbol = facts{1};
  second_symbol.done.px.ticks = 1'000;
  second_symbol.halt.state = trading_state::active;
  second_symbol.add_to(first);
  CAF_MESSAGE("the same facts, the other symbol first, under other indexes");
  run_trace second{backward()};
  auto eth = facts{0};
  eth.done.px.ticks = 1'000;
  eth.halt.state = trading_state::active;
  auto btc = facts{1};
  second.add(eth.mind);
  second.add(btc.mind);
  second.add(btc.end);
  second.add(eth.end);
  second.add(eth.intent);
  second.add(eth.report);
  second.add(btc.intent);
  second.add(btc.report);
  second.add(btc.halt);
  second.add(eth.done);
  second.add(btc.done);
  second.add(btc.paid);
  second.add(eth.paid);
  CAF_CHECK_EQUAL(first.hash(), second.hash());
  CAF_CHECK_EQUAL(first.size(), second.size());
  CAF_MESSAGE("whose facts they are does count");
  run_trace swapped{backward()};
  facts{0}.add_to(swapped);
  second_symbol.add_to(swapped);
  CAF_CHECK_NOT_EQUAL(first.hash(), swapped.hash());
}

CAF_TEST(the_order_within_a_symbol_counts) {
  facts all;
  run_trace first{forward()};
  first.add(all.report);
  first.add(all.done);
  run_trace second{forward()};
  second.add(all.done);
  second.add(all.report);
  CAF_CHECK_NOT_EQUAL(first.hash(), second.hash());
}

CAF_TEST(only_halts_and_reductions_count) {
  run_trace trace{forward()};
  auto before = trace.hash();
  for (auto state : {trading_state::starting, trading_state::reconciled,
                     trading_state::active})
    trace.add(state_changed{state, 1, false, {1}, "a", "b", "c"});
  CAF_CHECK_EQUAL(trace.hash(), before);
  CAF_CHECK_EQUAL(trace.size(), 0u);
}
