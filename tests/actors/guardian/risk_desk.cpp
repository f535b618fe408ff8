#define CAF_SUITE guardian.risk_desk

#include "actors/guardian/risk_desk.hpp"

#include "tests/actors/actor_fixture.hpp"

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct fixture : actor_fixture {
  risk_desk_actor aut;

  ~fixture() override {
    bury();
  }

  void start_desk() {
    aut = start(run_risk_desk);
    peers.risk_desk = aut;
    introduce(aut);
  }

  void activate() {
    tell(aut, state_changed{.state = trading_state::active, .gate_epoch = 3});
    tell(aut, feed_health{.time = t0, .status = feed_status::live});
    tell(aut, mark_updated{{0}, t0, {1'000}});
  }

  permit_request request(uint32_t sequence, int64_t lots) {
    return {.id = {1, {0}, 1, sequence},
            .size = {lots},
            .reference = {1'000},
            .time = t0};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(risk_desk_actor_tests, fixture)

CAF_TEST(no_permit_before_the_guardian_has_told_the_state) {
  start_desk();
  tell(aut, feed_health{.time = t0, .status = feed_status::live});
  tell(aut, mark_updated{{0}, t0, {1'000}});
  tell(aut, request(1, 10));
  CAF_CHECK(to_executors[0]->last<permit_refused>().gate
            == risk_gate::trading_state);
}

CAF_TEST(permit_goes_to_the_executor_of_its_symbol) {
  start_desk();
  activate();
  tell(aut, request(1, 10));
  CAF_CHECK_EQUAL(to_executors[0]->count<permit>(), 1u);
  CAF_CHECK_EQUAL(to_executors[0]->last<permit>().gate_epoch, 3u);
  CAF_CHECK_EQUAL(to_executors[1]->count<permit>(), 0u);
}

CAF_TEST(restarted_desk_counts_what_the_journal_remembers) {
  log.account.positions[0]
    = {.size = {1'000}, .cost = {1'000 * money::scale}, .mark = {1'000}};
  log.account.peak = {12'000 * money::scale};
  open_order known{.status = order_status::unknown, .filled = {400}};
  known.intent.right = {.id = {1, {0}, 1, 9}, .size = {1'000}};
  log.symbols[0].orders = {known};
  start_desk();
  activate();
  tell(aut, request(10, 10));
  CAF_CHECK(to_executors[0]->last<permit_refused>().gate
            == risk_gate::unknown_order);
  auto now = state_of<risk_desk_state>(aut).machine->account(t0);
  CAF_CHECK_EQUAL(now.open_orders, 1u);
  CAF_CHECK_EQUAL(now.positions[0].size.lots, 1'000);
  CAF_CHECK_EQUAL(now.peak.e8, log.account.peak.e8);
  tell(aut, order_settled{{1, {0}, 1, 9}, order_status::cancelled, t0});
  tell(aut, request(11, 10));
  CAF_CHECK_EQUAL(to_executors[0]->count<permit>(), 1u);
}

CAF_TEST(account_reaches_journal_guardian_and_notifier) {
  start_desk();
  calls.clear();
  tell(aut, pulse{.sequence = 1, .time = t0, .stage = 2});
  CAF_REQUIRE_EQUAL(calls.size(), 1u);
  CAF_CHECK_EQUAL(calls[0], "journal account");
  CAF_CHECK_EQUAL(to_guardian.count<account_state>(), 1u);
  CAF_CHECK_EQUAL(to_notifier.count<account_state>(), 1u);
}

CAF_TEST(round_trip_reaches_the_recorder) {
  start_desk();
  for (auto direction : {side::buy, side::sell})
    tell(aut, fill{.id = {1, {0}, 1, 1},
                   .direction = direction,
                   .px = {1'000},
                   .size = {5},
                   .time = t0});
  CAF_CHECK_EQUAL(trades.trades.size(), 1u);
}

CAF_TEST(report_holds_the_final_account) {
  start_desk();
  tell(aut, mark_updated{{0}, t0, {1'000}});
  tell(aut, fill{.id = {1, {0}, 1, 1}, .px = {1'000}, .size = {5}, .time = t0});
  tell(aut, mark_updated{{0}, t0 + second, {1'200}});
  self->send(aut, atom::report_v);
  consume_messages();
  account_report_ptr answer;
  self->receive([&](account_report_ptr& x) { answer = x; });
  CAF_REQUIRE(answer != nullptr);
  CAF_CHECK_EQUAL(answer->account.equity.e8, 10'001 * money::scale);
  CAF_CHECK_EQUAL(answer->account.time.ns, (t0 + second).ns);
  CAF_CHECK_EQUAL(answer->curve.peak().e8, 10'001 * money::scale);
}

CAF_TEST_FIXTURE_SCOPE_END()
