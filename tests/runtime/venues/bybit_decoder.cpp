// What each field of Bybit's messages means, and what is refused.

#define CAF_SUITE bybit_decoder

#include "runtime/venues/bybit/bybit_decoder.hpp"

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
  bybit_decoder decoder{two_symbols()};
  std::vector<std::string> samples = sample_lines("bybit_streams.jsonl");

  outcome sample(std::string_view piece) {
    for (const auto& line : samples)
      if (line.find(piece) != line.npos)
        return decode(decoder, line);
    CAF_FAIL("no sample contains " << piece);
  }

  std::optional<decode_fault> replaced(std::string_view piece,
                                       std::string_view replacement) {
    for (auto line : samples) {
      auto at = line.find(piece);
      if (at == line.npos)
        continue;
      line.replace(at, piece.size(), replacement);
      CAF_CHECK(agree(decoder, line));
      return decode(decoder, line).fault;
    }
    CAF_FAIL("no sample contains " << piece);
  }

  template <class T>
  T nth(const outcome& x, size_t index, size_t of) {
    CAF_REQUIRE(!x.fault);
    CAF_REQUIRE_EQUAL(x.messages.size(), of);
    return std::get<T>(x.messages[index]);
  }

  template <class T>
  T only(const outcome& x) {
    return nth<T>(x, 0, 1);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(bybit_decoder_tests, fixture)

CAF_TEST(snapshots_hold_the_whole_book) {
  auto x = only<symbol_snapshot>(sample("\"u\":5001"));
  symbol_snapshot expected{.symbol = symbol_id{0}, .sent = at(1717243200100)};
  expected.snapshot.time = at(1717243200098);
  expected.snapshot.last = 5'001;
  expected.snapshot.bids = {{price{500'001}, quantity{1'250}},
                            {price{499'999}, quantity{500}}};
  expected.snapshot.asks = {{price{500'002}, quantity{3}}};
  CAF_CHECK(x == expected);
}

CAF_TEST(changes_continue_the_update_before) {
  auto x = only<symbol_depth>(sample("\"u\":5002"));
  CAF_CHECK_EQUAL(x.update.first, 5'002u);
  CAF_CHECK_EQUAL(x.update.last, 5'002u);
  CAF_CHECK_EQUAL(x.update.previous, 5'001u);
  CAF_CHECK(x.update.time == at(1717243200119));
  CAF_CHECK(x.update.bids[0] == (level_change{price{500'001}, quantity{0}}));
  CAF_CHECK(x.update.bids[1]
            == (level_change{price{500'000}, quantity{2'000}}));
  CAF_MESSAGE("without a time of matching, that of sending counts");
  CAF_CHECK(only<symbol_depth>(sample("\"u\":5003")).update.time
            == at(1717243200140));
}

CAF_TEST(update_one_and_depth_one_replace_the_book) {
  CAF_CHECK_EQUAL(only<symbol_snapshot>(sample("\"u\":1,")).snapshot.last, 1u);
  CAF_CHECK_EQUAL(only<symbol_snapshot>(sample("orderbook.1.")).snapshot.last,
                  600u);
}

CAF_TEST(one_frame_can_hold_many_trades) {
  auto x = sample("publicTrade.BTCUSDT");
  auto first = nth<public_trade>(x, 0, 2);
  public_trade expected{.symbol = symbol_id{0},
                        .sent = at(1717243200200),
                        .time = at(1717243200198),
                        .px = price{500'002},
                        .qty = quantity{17},
                        .aggressor = side::buy};
  CAF_CHECK(first == expected);
  CAF_MESSAGE("the third is a block trade");
  CAF_CHECK(nth<public_trade>(x, 1, 2).aggressor == side::sell);
}

CAF_TEST(tickers_say_only_what_changed) {
  auto x = sample("\"cs\":99001");
  mark_state mark{.symbol = symbol_id{0},
                  .time = at(1717243200300),
                  .mark = price{500'002},
                  .index = price{499'989},
                  .funding_rate_e8 = -12'500,
                  .next_funding = at(1717257600000)};
  CAF_CHECK(nth<mark_state>(x, 0, 3) == mark);
  auto best = nth<best_prices>(x, 1, 3);
  CAF_CHECK(best.ask == price{500'002});
  CAF_CHECK(best.ask_size == quantity{3});
  CAF_CHECK(nth<open_contracts>(x, 2, 3)
            == (open_contracts{symbol_id{0}, at(1717243200300), {1'000'500}}));
  auto partial = only<best_prices>(sample("\"cs\":99002"));
  CAF_CHECK(partial.bid == price{500'000});
  CAF_CHECK(partial.ask == price{});
  CAF_CHECK(only<mark_state>(sample("\"cs\":99003")).mark == price{500'003});
  CAF_CHECK(sample("\"cs\":99004").messages.empty());
}

CAF_TEST(bars_end_where_the_next_begins) {
  auto x = only<venue_bar>(sample("kline.1."));
  CAF_CHECK(x.closed);
  CAF_CHECK(x.value.close_time == at(1717243260000));
  CAF_CHECK(x.value.low == price{499'901});
  CAF_CHECK(x.value.volume == quantity{31'125});
}

CAF_TEST(liquidations_name_the_side_of_the_position) {
  auto x = only<liquidation>(sample("allLiquidation"));
  CAF_CHECK(x.long_position);
  CAF_CHECK(x.px == price{5'100});
  CAF_CHECK(x.qty == quantity{2'500});
}

CAF_TEST(answers_and_pongs_are_replies) {
  CAF_CHECK(only<venue_reply>(sample("\"12\"")) == (venue_reply{12, true, ""}));
  CAF_CHECK(only<venue_reply>(sample("error:handler"))
            == (venue_reply{0, false, "error:handler not found"}));
  CAF_CHECK(only<venue_reply>(sample("\"op\":\"ping\""))
            == (venue_reply{0, true, "pong"}));
  CAF_CHECK(only<venue_reply>(sample("\"op\":\"pong\""))
            == (venue_reply{13, true, "pong"}));
}

CAF_TEST(foreign_messages_are_refused) {
  CAF_CHECK(replaced("\"topic\":\"orderbook.50.BTCUSDT\",\"type\":\"snapshot\"",
                     "\"topic\":\"orderbook.50.BTCUSD\",\"type\":\"snapshot\"")
            == decode_fault::unknown_symbol);
  CAF_CHECK(replaced("orderbook.50.", "orderbook.rpi.")
            == decode_fault::unknown_kind);
  CAF_CHECK(replaced("orderbook.50.", "priceLimit.")
            == decode_fault::unknown_kind);
  CAF_CHECK(replaced("orderbook.50.BTCUSDT", "orderbook")
            == decode_fault::unknown_symbol);
  CAF_CHECK(
    replaced("\"markPrice\":\"50000.17\"", "\"usdIndexPrice\":\"50000.17\"")
    == decode_fault::wrong_product);
  CAF_CHECK(replaced("\"s\":\"BTCUSDT\"", "\"s\":\"XRPUSDT\"")
            == decode_fault::bad_field);
}

CAF_TEST(bad_values_are_refused) {
  for (std::string bad : {"", "NaN", "1e308", "-1", "50000.15", "0"})
    CAF_CHECK(
      replaced("[\"50000.10\",\"1.250\"]", "[\"" + bad + "\",\"1.250\"]")
      == decode_fault::bad_number);
  CAF_CHECK(replaced("\"u\":5002", "\"u\":0") == decode_fault::bad_number);
  CAF_CHECK(replaced("\"u\":5002", "\"u\":-5") == decode_fault::bad_number);
  CAF_CHECK(replaced("\"v\":\"0.250\"", "\"v\":\"0\"")
            == decode_fault::bad_number);
  CAF_CHECK(replaced("\"S\":\"Buy\"", "\"S\":\"buy\"")
            == decode_fault::bad_field);
  CAF_CHECK(replaced("\"type\":\"delta\"", "\"type\":\"change\"")
            == decode_fault::bad_field);
  CAF_CHECK(replaced("\"type\":\"delta\"", "\"type\":\"delta\",\"ts\":5")
            == decode_fault::bad_field);
  CAF_CHECK(replaced("\"markPrice\":\"50000.17\"", "\"markPrice\":\"NaN\"")
            == decode_fault::bad_number);
  CAF_CHECK(replaced("\"1717257600000\"", "\"2024-06-01\"")
            == decode_fault::bad_number);
}

CAF_TEST(size_and_depth_are_bounded) {
  CAF_CHECK(decode(decoder, std::string(size_t{64} << 20, '{')).fault
            == decode_fault::too_large);
  CAF_CHECK(decode(decoder, std::string(100'000, '[')).fault
            == decode_fault::too_large);
  CAF_CHECK(decode(decoder, "[]").fault == decode_fault::bad_field);
  CAF_CHECK(decode(decoder, "{\"topic\":5}").fault == decode_fault::bad_field);
}

CAF_TEST_FIXTURE_SCOPE_END()
