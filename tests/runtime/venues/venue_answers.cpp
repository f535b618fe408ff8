// Answers of REST: what they mean, and what is refused.

#define CAF_SUITE venue_answers

#include "runtime/venues/binance/binance_answers.hpp"
#include "runtime/venues/bybit/bybit_answers.hpp"
#include "tests/models/random.hpp"
#include "tests/runtime/venues/venue_fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <string>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr utc_time at(int64_t ms) {
  return {ms * 1'000'000};
}

struct fixture {
  universe all = two_symbols();
  const instrument& btc = all[0];
  std::vector<std::string> binance = sample_lines("binance_answers.jsonl");
  std::vector<std::string> bybit = sample_lines("bybit_answers.jsonl");

  template <class T>
  void check_fault(const fallible<T>& x, std::string_view text) {
    CAF_REQUIRE(!x);
    CAF_CHECK_EQUAL(x.error().text, text);
  }
};

std::string with(std::string text, std::string_view piece,
                 std::string_view replacement) {
  auto at = text.find(piece);
  CAF_REQUIRE(at != text.npos);
  return text.replace(at, piece.size(), replacement);
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(venue_answers_tests, fixture)

CAF_TEST(depth_answers_are_snapshots) {
  auto first = read_binance_depth(binance[0], btc);
  CAF_REQUIRE(first);
  CAF_CHECK_EQUAL(first->last, 7'005u);
  CAF_CHECK(first->time == at(1717243200140));
  CAF_CHECK(first->bids
            == (std::vector<level_change>{{price{500'001}, quantity{1'250}},
                                          {price{500'000}, quantity{2'000}}}));
  CAF_CHECK(first->asks
            == (std::vector<level_change>{{price{500'002}, quantity{3}}}));
  auto second = read_bybit_depth(bybit[0], btc);
  CAF_REQUIRE(second);
  CAF_CHECK_EQUAL(second->last, 5'001u);
  CAF_CHECK(second->time == at(1717243200098));
  CAF_CHECK_EQUAL(second->asks.size(), 1u);
}

CAF_TEST(trades_come_in_the_order_of_their_ids) {
  auto trades = read_binance_trades(binance[1], btc);
  CAF_REQUIRE(trades);
  CAF_REQUIRE_EQUAL(trades->size(), 2u);
  CAF_CHECK_EQUAL(trades->at(1).id, 880'012u);
  CAF_CHECK(trades->at(1).aggressor == side::sell);
  check_fault(read_binance_trades(with(binance[1], "880012", "880011"), btc),
              "binance trades of BTCUSDT: a is bad_number");
  check_fault(read_binance_trades(
                with(binance[1], "\"m\":false", "\"m\":false,\"M\":true"), btc),
              "binance trades of BTCUSDT: M is wrong_product");
}

CAF_TEST(open_interest_is_in_whole_lots) {
  std::string text = R"({"openInterest":"10659.5097","symbol":"BTCUSDT",)"
                     R"("time":1717243200030})";
  auto open = read_binance_interest(text, btc);
  CAF_REQUIRE(open);
  CAF_CHECK(*open
            == (open_contracts{btc.id(), at(1717243200030), {10'659'509}}));
  check_fault(read_binance_interest(with(text, "BTCUSDT", "ETHUSDT"), btc),
              "binance open interest of BTCUSDT: symbol is unknown_symbol");
  check_fault(read_binance_interest(with(text, "10659", "-10659"), btc),
              "binance open interest of BTCUSDT: openInterest is bad_number");
  check_fault(read_binance_interest("{}", btc),
              "binance open interest of BTCUSDT: symbol is bad_field");
}

CAF_TEST(the_last_bar_is_open_until_its_time_is_over) {
  auto bars = read_binance_bars(binance[2], btc, at(1717243319999));
  CAF_REQUIRE(bars);
  CAF_REQUIRE_EQUAL(bars->size(), 2u);
  CAF_CHECK(bars->at(0).closed);
  CAF_CHECK(!bars->at(1).closed);
  CAF_CHECK(bars->at(1).value.close_time == at(1717243320000));
  auto later = read_binance_bars(binance[2], btc, at(1717243320000));
  CAF_REQUIRE(later);
  CAF_CHECK(later->at(1).closed);
}

CAF_TEST(bars_of_bybit_are_turned_round) {
  auto bars = read_bybit_bars(bybit[1], btc, std::chrono::minutes{1});
  CAF_REQUIRE(bars);
  CAF_REQUIRE_EQUAL(bars->size(), 2u);
  CAF_CHECK(bars->at(0).value.open_time == at(1717243200000));
  CAF_CHECK(bars->at(0).value.close_time == at(1717243260000));
  CAF_CHECK(bars->at(0).closed);
  CAF_CHECK(!bars->at(1).closed);
  check_fault(read_bybit_bars(bybit[1], all[1], std::chrono::minutes{1}),
              "bybit bars of XRPUSDT: symbol is unknown_symbol");
}

CAF_TEST(rules_come_from_the_filters) {
  auto rules = read_binance_rules(binance[3], {"XRPUSDT", "BTCUSDT"});
  CAF_REQUIRE(rules);
  CAF_REQUIRE_EQUAL(rules->size(), 2u);
  CAF_CHECK(rules->at(1)
            == (instrument_rules{"BTCUSDT", 10'000'000, 100'000,
                                 money{10'000'000'000}, quantity{120'000}}));
  CAF_CHECK_EQUAL(rules->at(0).name, "XRPUSDT");
  CAF_CHECK(rules->at(0).max_order == quantity{10'000'000});
  check_fault(read_binance_rules(binance[3], {"ETHUSDT"}),
              "binance rules: there is no ETHUSDT");
  check_fault(read_binance_rules(binance[3], {"BTCUSDT_240628"}),
              "binance rules: contractType is wrong_product in BTCUSDT_240628");
  check_fault(
    read_binance_rules(with(binance[3], "\"0.10\"", "\"0\""), {"BTCUSDT"}),
    "binance rules: tickSize is bad_number in BTCUSDT");
}

CAF_TEST(rules_of_bybit_come_in_pages) {
  auto page = read_bybit_rules(bybit[2], {"BTCUSDT", "ETHUSDT"});
  CAF_REQUIRE(page);
  CAF_REQUIRE_EQUAL(page->rules.size(), 1u);
  CAF_CHECK(page->rules[0]
            == (instrument_rules{"BTCUSDT", 10'000'000, 100'000,
                                 money{500'000'000}, quantity{500'000}}));
  CAF_CHECK_EQUAL(page->next, "first%3DXRPUSDT");
  check_fault(read_bybit_rules(bybit[2], {"OLDUSDT"}),
              "bybit rules: status is wrong_product in OLDUSDT");
}

CAF_TEST(the_time_of_a_venue_is_exact) {
  auto first = read_binance_time(binance[4]);
  CAF_REQUIRE(first);
  CAF_CHECK(*first == at(1717243200150));
  auto second = read_bybit_time(bybit[3]);
  CAF_REQUIRE(second);
  CAF_CHECK_EQUAL(second->ns, 1'717'243'200'150'123'456);
}

CAF_TEST(refusals_are_told_in_the_words_of_the_venue) {
  check_fault(
    read_binance_depth("{\"code\":-1121,\"msg\":\"No such\\u001b[m\"}", btc),
    "binance depth of BTCUSDT: the venue refused it with code -1121, "
    "No such?[m");
  check_fault(
    read_binance_bars("{\"code\":-1003,\"msg\":\"Slow down\"}", btc, at(1)),
    "binance bars of BTCUSDT: the venue refused it with code -1003, "
    "Slow down");
  check_fault(read_bybit_time("{\"retCode\":10006,\"retMsg\":\"Too many\"}"),
              "bybit time: the venue refused it with code 10006, Too many");
}

CAF_TEST(bad_answers_are_named) {
  check_fault(read_binance_depth("<html>", btc),
              "binance depth of BTCUSDT: the answer is malformed");
  check_fault(read_binance_depth(std::string(size_t{9} << 20, ' '), btc),
              "binance depth of BTCUSDT: the answer is too_large");
  check_fault(read_binance_depth("[]", btc),
              "binance depth of BTCUSDT: message is bad_field");
  check_fault(read_binance_bars("{}", btc, at(1)),
              "binance bars of BTCUSDT: the answer is bad_field");
  check_fault(read_binance_bars("[[1]]", btc, at(1)),
              "binance bars of BTCUSDT: row is bad_field");
  check_fault(
    read_binance_depth("{\"lastUpdateId\":1,\"bids\":[],\"asks\":[]}", btc),
    "binance depth of BTCUSDT: T is wrong_product");
  check_fault(read_bybit_depth("{}", btc),
              "bybit depth of BTCUSDT: retCode is bad_field");
  check_fault(read_bybit_depth("{\"retCode\":0}", btc),
              "bybit depth of BTCUSDT: result is bad_field");
}

CAF_TEST(mutated_answers_never_crash) {
  dice roll;
  auto read_all = [&](const std::string& text) {
    read_binance_depth(text, btc);
    read_binance_trades(text, btc);
    read_binance_bars(text, btc, at(1717243320000));
    read_binance_rules(text, {"BTCUSDT"});
    read_binance_time(text);
    read_bybit_depth(text, btc);
    read_bybit_bars(text, btc, std::chrono::minutes{1});
    read_bybit_rules(text, {"BTCUSDT"});
    read_bybit_time(text);
  };
  for (const auto* samples : {&binance, &bybit})
    for (const auto& original : *samples)
      for (auto round = 0; round < 300; ++round) {
        auto text = original;
        auto at
          = static_cast<size_t>(roll(0, static_cast<int64_t>(text.size()) - 1));
        if (roll.chance(50))
          text[at] = static_cast<char>(roll(0, 255));
        else
          text.erase(at, static_cast<size_t>(roll(1, 9)));
        read_all(text);
      }
}

CAF_TEST_FIXTURE_SCOPE_END()
