#define CAF_SUITE storage_copying_journal

#include "runtime/storage/copying_journal.hpp"

#include "runtime/storage/memory_journal.hpp"
#include "runtime/storage/redis/resp.hpp"
#include "tests/runtime/storage/journal_world.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

/// Keeps rows as text: "fills time=... symbol=...".
class kept final : public store_sink {
public:
  void append(store_stream stream, std::string_view row) override {
    auto& layout = layout_of(stream);
    auto text = std::string{layout.name};
    row_reader values{layout, row};
    for (store_value value; values.next(value);) {
      text += " " + std::string{values.column().name} + "=";
      append_text(text, value);
    }
    rows.push_back(values.valid() ? text : "not a row of " + text);
  }

  std::vector<std::string> rows;
};

struct world {
  memory_journal truth{instruments(), start};
  kept out;
  copying_journal log{truth, instruments(), out};
};

} // namespace

CAF_TEST(each_fact_is_copied_in_units_that_anybody_reads) {
  world w;
  auto id = order_of(9, 1);
  w.log.append(make_decision(1));
  w.log.append(make_intent(id));
  w.log.append(make_report(id, order_event::accepted));
  CAF_CHECK(w.log.append(make_fill(id, 1)));
  w.log.append(decision_outcome{.decision = {{0}, 1},
                                .time = {5'000},
                                .result = decision_result::refused,
                                .gate = risk_gate::price_collar,
                                .value = 3,
                                .limit = 2});
  CAF_CHECK(
    w.log.append(funding_payment{{1}, {6'000}, {-250'000'000}, {10'000}}));
  CAF_REQUIRE_EQUAL(w.out.rows.size(), 6u);
  CAF_CHECK_EQUAL(w.out.rows[0],
                  "decisions time=1000 symbol=BTCUSDT decision=1 "
                  "wanted_bps=2500 target=0.01 reference=60000 equity=10000 "
                  "reason=sma_cross fast 10 above slow 9");
  CAF_CHECK_EQUAL(w.out.rows[1],
                  "orders time=2000 symbol=BTCUSDT order_id=" + to_string(id)
                    + " decision=1 side=buy kind=limit size=0.01 "
                      "limit_price=60000 low=59000 high=61000 reduce_only=0");
  CAF_CHECK_EQUAL(w.out.rows[2], "reports time=3000 symbol=BTCUSDT order_id="
                                   + to_string(id) + " event=accepted reason=");
  CAF_CHECK_EQUAL(w.out.rows[3],
                  "fills time=4000 symbol=BTCUSDT order_id=" + to_string(id)
                    + " execution=1 side=buy price=60000 size=0.01 "
                      "fee=0.00033 maker=1");
  CAF_CHECK_EQUAL(w.out.rows[4],
                  "outcomes time=5000 symbol=BTCUSDT decision=1 result=refused "
                  "gate=price_collar value=3 bound=2 order_id=");
  CAF_CHECK_EQUAL(w.out.rows[5],
                  "funding time=6000 symbol=ETHUSDT paid=-2.5 rate=0.0001");
}

CAF_TEST(a_fill_that_is_known_is_not_copied_again) {
  world w;
  auto id = order_of(9, 1);
  w.log.append(make_intent(id));
  CAF_CHECK(w.log.append(make_fill(id, 1)));
  CAF_CHECK(!w.log.append(make_fill(id, 1)));
  CAF_CHECK_EQUAL(w.out.rows.size(), 2u);
}

CAF_TEST(a_copy_never_holds_what_loosens_a_halt) {
  world w;
  w.log.append(state_changed{.state = trading_state::halted,
                             .gate_epoch = 4,
                             .flatten = true,
                             .time = {7},
                             .source = "operator",
                             .reason = "drawdown",
                             .resume_code = "k7-secret"});
  CAF_CHECK_EQUAL(w.out.rows.back(),
                  "states time=7 state=halted gate_epoch=4 flatten=1 "
                  "source=operator reason=drawdown");
  CAF_CHECK(w.log.recall_state().state == trading_state::halted);
}

CAF_TEST(the_market_is_copied_as_the_feeds_see_it) {
  kept out;
  copying_witness market{instruments(), out};
  market.saw(bar_closed{{1},
                        {{60'000'000'000},
                         {120'000'000'000},
                         {300'000},
                         {300'200},
                         {299'900},
                         {300'100},
                         {250}}});
  market.saw(feed_health{.symbol = {0},
                         .time = {8},
                         .status = feed_status::stale,
                         .previous = feed_status::live,
                         .age = std::chrono::seconds{2},
                         .gaps = 1,
                         .events = 9});
  market.saw(quote{{0}, {9}, {600'000}, {600'001}, {3}, {4}});
  market_event trade{.time = {10}, .sequence = 77, .px = {600'000}, .qty = {5}};
  market_event level{.time = {10}, .kind = market_event_kind::bid_level};
  market.saw(market_batch{{0}, {11}, {trade, level}});
  CAF_REQUIRE_EQUAL(out.rows.size(), 4u);
  CAF_CHECK_EQUAL(
    out.rows[0], "bars time=60000000000 symbol=ETHUSDT interval_ns=60000000000 "
                 "open=3000 high=3002 low=2999 close=3001 volume=2.5");
  CAF_CHECK_EQUAL(out.rows[1],
                  "health time=8 symbol=BTCUSDT status=stale previous=live "
                  "age_ns=2000000000 gaps=1 events=9");
  CAF_CHECK_EQUAL(out.rows[2], "quotes time=9 symbol=BTCUSDT bid=60000 "
                               "bid_size=0.003 ask=60000.1 ask_size=0.004");
  CAF_CHECK_EQUAL(out.rows[3],
                  "trades time=10 symbol=BTCUSDT trade=77 side=buy "
                  "price=60000 size=0.005");
}
