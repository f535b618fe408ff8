#define CAF_SUITE reports_summary_json

#include "runtime/reports/summary_json.hpp"

#include "models/market/decimal.hpp"
#include "tests/runtime/reports/small_runs.hpp"

#include <caf/test/unit_test.hpp>

#include <rapidjson/document.h>

#include <limits>
#include <string_view>

using namespace qalpha;
using namespace qalpha::test;

namespace {

rapidjson::Document parse(const std::string& text) {
  rapidjson::Document result;
  result.Parse<rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
  CAF_REQUIRE(!result.HasParseError());
  CAF_REQUIRE(result.IsObject());
  return result;
}

void check_finite(const rapidjson::Value& x) {
  if (x.IsNumber())
    CAF_CHECK(std::isfinite(x.GetDouble()));
  if (x.IsArray())
    for (auto& one : x.GetArray())
      check_finite(one);
  if (x.IsObject())
    for (auto& member : x.GetObject())
      check_finite(member.value);
}

/// Each null has a reason, unless it is a time that has not come.
void check_reasons(const rapidjson::Value& x) {
  auto& reasons = x["reasons"];
  for (auto& member : x.GetObject()) {
    std::string key = member.name.GetString();
    auto unexplained = member.value.IsNull() && key != "from" && key != "to"
                       && !reasons.HasMember(key.c_str());
    CAF_CHECK_EQUAL(unexplained ? key : "", "");
  }
  for (auto& member : reasons.GetObject()) {
    CAF_CHECK(x[member.name].IsNull());
    CAF_CHECK(member.value.GetStringLength() > 0);
  }
}

rapidjson::Document check(const backtest_report& report) {
  auto text = summary_json(report);
  CAF_CHECK_EQUAL(text.find('\n'), std::string::npos);
  auto result = parse(text);
  check_finite(result);
  check_reasons(result);
  for (auto& symbol : result["symbols"].GetArray())
    check_reasons(symbol);
  return result;
}

} // namespace

CAF_TEST(members_come_in_a_fixed_order) {
  auto json = check(run(make_input(saw(600, 500'000, 1'000))).report);
  std::string keys;
  for (auto& member : json.GetObject())
    keys += std::string{member.name.GetString()} + " ";
  CAF_CHECK_EQUAL(
    keys,
    "run_hash engine config_hash bars seconds bars_per_second from to "
    "decisions refused "
    "orders fills start_equity final_equity profit gross_profit fees funding "
    "fees_share_of_gross funding_share_of_gross final_equity_without_costs "
    "ledger_difference market_change cagr volatility sharpe sortino calmar "
    "max_drawdown worst_drawdown longest_drawdown_days underwater trades wins "
    "losses longs win_rate profit_factor expectancy payoff best_trade "
    "worst_trade sqn average_holding_seconds exposure turnover reasons "
    "refused_by_gate assumptions data symbols ");
}

CAF_TEST(a_run_of_sixty_days_begins_like_this) {
  auto report = run(make_input(walk(24 * 60, 500'000, 2'500))).report;
  report.run_hash = "0123456789abcdef";
  auto text = summary_json(report);
  constexpr std::string_view begin
    = R"({"run_hash":"0123456789abcdef","engine":"fused",)"
      R"("config_hash":"00112233445566778899aabbccddeeff","bars":1440,)"
      R"("seconds":0.012,"bars_per_second":120000.0,)"
      R"("from":"2024-01-01T00:00:00.000000000Z",)"
      R"("to":"2024-03-01T00:00:00.000000000Z","decisions":105,"refused":0,)"
      R"("orders":105,"fills":104,"start_equity":10000,)";
  CAF_CHECK_EQUAL(text.substr(0, begin.size()), begin);
  auto amount = [&](const char* key, money value) {
    auto part = '"' + std::string{key} + "\":" + format_decimal_e8(value.e8);
    CAF_CHECK_NOT_EQUAL(text.find(part + ','), std::string::npos);
  };
  amount("final_equity", report.end);
  amount("profit", report.end - report.start);
  amount("fees", report.fees);
  amount("funding", report.funding);
}

CAF_TEST(values_equal_the_report) {
  auto [input, result, report] = run(make_input(saw(600, 500'000, 1'000)));
  auto json = check(report);
  CAF_CHECK_EQUAL(std::string{json["run_hash"].GetString()}, result.run_hash);
  CAF_CHECK_EQUAL(std::string{json["engine"].GetString()}, "fused");
  CAF_CHECK_EQUAL(json["bars"].GetUint64(), 600u);
  CAF_CHECK_EQUAL(json["orders"].GetUint64(), result.facts.orders.size());
  CAF_CHECK_EQUAL(json["fills"].GetUint64(), result.facts.fills.size());
  CAF_CHECK_EQUAL(json["trades"].GetUint64(), result.trades.size());
  CAF_CHECK_EQUAL(std::string{json["from"].GetString()},
                  "2024-01-01T00:00:00.000000000Z");
  CAF_CHECK_EQUAL(std::string{json["to"].GetString()},
                  "2024-01-26T00:00:00.000000000Z");
  CAF_CHECK(json["max_drawdown"].GetDouble() > 0);
  CAF_CHECK_EQUAL(json["max_drawdown"].GetDouble(),
                  -*report.figures.max_drawdown);
  CAF_CHECK_EQUAL(json["assumptions"].MemberCount(), report.assumptions.size());
  CAF_CHECK_EQUAL(std::string{json["assumptions"]["fees"].GetString()},
                  "maker 0.02 %, taker 0.055 %");
  CAF_CHECK_EQUAL(json["data"].Size(), 1u);
  CAF_CHECK_EQUAL(json["symbols"].Size(), 1u);
}

CAF_TEST(amounts_are_exact_beyond_the_digits_of_a_double) {
  auto report = run(make_input(saw(100, 500'000, 1'000))).report;
  report.end = money{std::numeric_limits<int64_t>::max()};
  report.start = money{100};
  report.fees = money{-1};
  auto text = summary_json(report);
  for (auto* part : {"\"final_equity\":92233720368.54775807,",
                     "\"start_equity\":0.000001,", "\"fees\":-0.00000001,"})
    CAF_CHECK_NOT_EQUAL(text.find(part), std::string::npos);
  parse(text);
}

CAF_TEST(runs_without_figures_say_why) {
  auto flat = check(run(make_input(slope(1, 500'000, 500'000))).report);
  CAF_CHECK(flat["cagr"].IsNull());
  CAF_CHECK_EQUAL(std::string{flat["reasons"]["cagr"].GetString()},
                  "too short: 1 h of 30 d needed");
  CAF_CHECK_EQUAL(std::string{flat["reasons"]["win_rate"].GetString()},
                  "no trade was closed");
  CAF_MESSAGE("no bars at all");
  auto nothing = check(run(make_input({})).report);
  CAF_CHECK(nothing["from"].IsNull());
  CAF_CHECK(nothing["market_change"].IsNull());
  CAF_MESSAGE("equity below zero");
  auto ruin = check(run_into_ruin().report);
  CAF_CHECK_EQUAL(ruin["cagr"].GetDouble(), -1.0);
  CAF_CHECK(ruin["max_drawdown"].GetDouble() > 1);
}

CAF_TEST(several_symbols_have_an_element_each) {
  auto input = make_input(saw(600, 500'000, 1'000));
  add_symbol(input, "ETHUSDT", saw(500, 30'000, 70));
  auto json = check(run(std::move(input)).report);
  CAF_REQUIRE_EQUAL(json["symbols"].Size(), 2u);
  CAF_CHECK_EQUAL(std::string{json["symbols"][1]["symbol"].GetString()},
                  "ETHUSDT");
  CAF_CHECK_EQUAL(json["data"][1]["bars"].GetUint64(), 500u);
}

CAF_TEST(any_text_and_number_gives_valid_json) {
  auto report = run(make_input(saw(100, 500'000, 1'000))).report;
  report.data[0].file = "\xff\xfe\"quotes\" and \n lines";
  report.data[0].symbol = "B\u00dcR";
  report.seconds = std::numeric_limits<double>::quiet_NaN();
  report.engine = "cut \xc3";
  auto json = parse(summary_json(report));
  CAF_CHECK_EQUAL(std::string{json["data"][0]["file"].GetString()},
                  "??\"quotes\" and \n lines");
  CAF_CHECK_EQUAL(std::string{json["data"][0]["symbol"].GetString()},
                  "B\u00dcR");
  CAF_CHECK_EQUAL(std::string{json["engine"].GetString()}, "cut ?");
  CAF_CHECK(json["seconds"].IsNull());
}
