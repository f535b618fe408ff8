#define CAF_SUITE cli_why_text

#include "runtime/cli/why_text.hpp"

#include "runtime/node/node_view.hpp"

#include <caf/test/dsl.hpp>

using namespace qalpha;

namespace {

constexpr int64_t second = 1'000'000'000;

// 2026-01-05 12:00:07 UTC.
constexpr utc_time noon{1'767'614'407 * second};

constexpr order_id order{1, {0}, 3, 7};

instrument rules() {
  // Ticks of 0.1, lots of 0.001.
  return *instrument::make({0}, {"BTCUSDT", 10'000'000, 100'000, {}, {}});
}

decision_story pending() {
  return {.what = {.id = {{0}, 12},
                   .time = noon,
                   .wanted = {2'500},
                   .target = {12},
                   .reference = {642'105},
                   .equity = {10'021'40'000'000},
                   .reason = "sma_cross: fast over slow"}};
}

decision_story refused(risk_gate gate, int64_t value, int64_t limit) {
  auto result = pending();
  result.outcome = decision_outcome{.decision = result.what.id,
                                    .time = noon,
                                    .result = decision_result::refused,
                                    .gate = gate,
                                    .value = value,
                                    .limit = limit};
  return result;
}

decision_story ordered() {
  auto result = pending();
  result.outcome = decision_outcome{.decision = result.what.id,
                                    .time = noon,
                                    .result = decision_result::ordered,
                                    .order = order};
  order_story story{
    .intent = {.kind = order_kind::post_only, .limit = {642'104}},
    .status = order_status::cancelled,
    .filled = {5}};
  story.intent.right.id = order;
  story.intent.right.size = {12};
  story.reports
    = {{order, order_event::accepted, noon, ""},
       {order, order_event::cancelled, noon + timespan{5 * second}, "by us"}};
  story.fills = {{order,
                  1,
                  side::buy,
                  {642'104},
                  {5},
                  {8'000'000},
                  true,
                  noon + timespan{second}}};
  result.orders.push_back(story);
  return result;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

} // namespace

CAF_TEST(an_order_is_told_from_decision_to_fill) {
  auto expected
    = "2026-01-05 12:00:07 UTC  #12  target +0.012 at 64210.5  (wanted +25 % "
      "of 10 021.40 USDT)\n"
      "    reason   sma_cross: fast over slow\n"
      "    ordered  qa-0001-0000-00000003-00000007  buy 0.012 post_only at "
      "64210.4  cancelled, 0.005 filled\n"
      "      cancelled  12:00:12: by us\n"
      "      fill   12:00:08  0.005 @ 64210.4  fee 0.08 USDT maker\n";
  CAF_CHECK_EQUAL(why_text(rules(), ordered()), expected);
}

CAF_TEST(a_refusal_names_gate_value_and_limit) {
  auto text = why_text(
    rules(), refused(risk_gate::max_gross_leverage, 310'000'000, 300'000'000));
  CAF_CHECK(contains(text, "    refused  12:00:07  max_gross_leverage: 3.10x, "
                           "limit 3.00x\n"));
}

CAF_TEST(every_gate_speaks_in_its_own_units) {
  auto text = [](risk_gate gate, int64_t value, int64_t limit) {
    return refusal_text(rules(), gate, value, limit);
  };
  CAF_CHECK_EQUAL(text(risk_gate::trading_state, 4, 2),
                  "trading_state: the state was halted, needs active");
  CAF_CHECK_EQUAL(
    text(risk_gate::max_order_notional, 5'100'000'000'000, 5'000'000'000'000),
    "max_order_notional: 51 000.00 USDT, limit 50 000.00 USDT");
  CAF_CHECK_EQUAL(text(risk_gate::min_notional, 320'000'000, 500'000'000),
                  "min_notional: 3.20 USDT, at least 5.00 USDT");
  CAF_CHECK_EQUAL(text(risk_gate::price_collar, 2'500'000, 2'000'000),
                  "price_collar: 2.50 % from the mark, limit 2.00 %");
  CAF_CHECK_EQUAL(text(risk_gate::order_rate, 100, 100),
                  "order_rate: 100 orders in the window, limit 100");
  CAF_CHECK_EQUAL(text(risk_gate::size, 0, 1), "size: 0.000, at least 0.001");
  CAF_CHECK_EQUAL(text(risk_gate::equity, -100'000'000, 0),
                  "equity: equity was -1.00 USDT, must be positive");
  for (uint8_t i = 0; i <= static_cast<uint8_t>(risk_gate::duplicate); ++i)
    CAF_CHECK(!contains(text(static_cast<risk_gate>(i), 0, 0), "?"));
}

CAF_TEST(decisions_without_an_order_say_why) {
  CAF_CHECK(
    contains(why_text(rules(), pending()), "    pending  no outcome yet\n"));
  auto story = pending();
  story.outcome = decision_outcome{.result = decision_result::unchanged};
  CAF_CHECK(contains(why_text(rules(), story), "already there"));
  story.outcome->result = decision_result::superseded;
  CAF_CHECK(contains(why_text(rules(), story), "superseded"));
}

CAF_TEST(a_short_target_and_a_rebate_keep_their_signs) {
  auto story = ordered();
  story.what.wanted = {-10'000};
  story.what.target = {-12};
  story.orders[0].fills[0].fee = {-8'000'000};
  auto text = why_text(rules(), story);
  CAF_CHECK(contains(text, "target -0.012"));
  CAF_CHECK(contains(text, "wanted -100 %"));
  CAF_CHECK(contains(text, "rebate 0.08 USDT maker"));
}

CAF_TEST(a_reason_cannot_steer_the_terminal) {
  auto story = pending();
  story.what.reason = "\x1b]0;x\x07";
  CAF_CHECK(contains(why_text(rules(), story), "reason   ?]0;x?\n"));
}

CAF_TEST(the_json_has_the_same_content_exactly) {
  auto line = why_json(
    rules(), {ordered(), pending(), refused(risk_gate::order_rate, 7, 7)});
  auto json = parse_line(line);
  CAF_REQUIRE(json.IsObject());
  auto& all = json["decisions"];
  CAF_REQUIRE(all.Size() == 3);
  CAF_CHECK_EQUAL(text_of(json, "symbol"), "BTCUSDT");
  CAF_CHECK_EQUAL(text_of(all[0], "target"), "0.012");
  CAF_CHECK_EQUAL(text_of(all[0], "equity"), "10021.4");
  auto& sent = all[0]["orders"][0];
  CAF_CHECK_EQUAL(text_of(sent, "status"), "cancelled");
  CAF_CHECK_EQUAL(text_of(sent["fills"][0], "fee"), "0.08");
  CAF_CHECK_EQUAL(text_of(sent["reports"][1], "event"), "cancelled");
  CAF_CHECK(all[1]["outcome"].IsNull());
  CAF_CHECK_EQUAL(text_of(all[2]["outcome"], "gate"), "order_rate");
  CAF_CHECK_EQUAL(all[2]["outcome"]["limit"].GetInt64(), 7);
}
