// What each field of Binance's messages means, and what is refused.

#define CAF_SUITE binance_decoder

#include "runtime/venues/binance/binance_decoder.hpp"

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
  binance_decoder decoder{two_symbols()};
  std::vector<std::string> samples = sample_lines("binance_streams.jsonl");

  /// Decodes the sample that contains `piece`.
  outcome sample(std::string_view piece) {
    for (const auto& line : samples)
      if (line.find(piece) != line.npos)
        return decode(decoder, line);
    CAF_FAIL("no sample contains " << piece);
  }

  /// Decodes the sample with `piece` after replacing it.
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
  T only(const outcome& x) {
    CAF_REQUIRE(!x.fault);
    CAF_REQUIRE_EQUAL(x.messages.size(), 1u);
    return std::get<T>(x.messages[0]);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(binance_decoder_tests, fixture)

CAF_TEST(depth_updates_carry_their_link_and_levels) {
  auto x = only<symbol_depth>(sample("\"U\":7001"));
  symbol_depth expected{.symbol = symbol_id{0}, .sent = at(1717243200123)};
  expected.update.time = at(1717243200120);
  expected.update.first = 7'001;
  expected.update.last = 7'010;
  expected.update.previous = 6'999;
  expected.update.bids = {{price{500'001}, quantity{1'250}},
                          {price{499'999}, quantity{0}},
                          {price{500'000}, quantity{12'005}}};
  expected.update.asks = {{price{500'002}, quantity{3}},
                          {price{501'000}, quantity{104'750}}};
  CAF_CHECK(x == expected);
}

CAF_TEST(trades_name_the_aggressor) {
  auto buy = only<public_trade>(sample("880011"));
  public_trade expected{.symbol = symbol_id{0},
                        .sent = at(1717243200130),
                        .time = at(1717243200129),
                        .id = 880'011,
                        .px = price{500'002},
                        .qty = quantity{17},
                        .aggressor = side::buy};
  CAF_CHECK(buy == expected);
  CAF_CHECK(only<public_trade>(sample("880012")).aggressor == side::sell);
  CAF_CHECK_EQUAL(only<public_trade>(sample("\"t\":4104")).id, 4'104u);
}

CAF_TEST(trades_outside_the_market_are_left_out) {
  auto x = sample("INSURANCE_FUND");
  CAF_CHECK(!x.fault);
  CAF_CHECK(x.messages.empty());
}

CAF_TEST(best_prices_have_the_time_of_matching) {
  for (auto piece : {"\"u\":7013", "\"u\":7014"}) {
    auto x = only<best_prices>(sample(piece));
    CAF_CHECK(x.bid == price{500'001});
    CAF_CHECK(x.bid_size == quantity{1'250});
  }
  auto x = only<best_prices>(sample("\"u\":7014"));
  CAF_CHECK(x.time == at(1717243200170));
  CAF_CHECK(x.ask == price{500'003});
  CAF_CHECK(x.ask_size == quantity{7'000});
}

CAF_TEST(marks_are_rounded_to_the_nearest_tick) {
  auto x = only<mark_state>(sample("50000.17345678"));
  mark_state expected{.symbol = symbol_id{0},
                      .time = at(1717243201000),
                      .mark = price{500'002},
                      .index = price{499'989},
                      .funding_rate_e8 = 10'000,
                      .next_funding = at(1717257600000)};
  CAF_CHECK(x == expected);
  auto negative = only<mark_state>(sample("-0.00250000"));
  CAF_CHECK_EQUAL(negative.funding_rate_e8, -250'000);
  CAF_CHECK(negative.index == price{});
  auto without_funding = only<mark_state>(sample("50000.14999999"));
  CAF_CHECK(without_funding.mark == price{500'001});
  CAF_CHECK(without_funding.next_funding == utc_time{});
}

CAF_TEST(bars_end_where_the_next_begins) {
  auto x = only<venue_bar>(sample("kline_1m"));
  CAF_CHECK(x.closed);
  CAF_CHECK(x.value.open_time == at(1717243200000));
  CAF_CHECK(x.value.close_time == at(1717243260000));
  CAF_CHECK(x.value.high == price{500'200});
  CAF_CHECK(x.value.low == price{499'901});
  CAF_CHECK(x.value.close == price{500'105});
  CAF_CHECK(x.value.volume == quantity{31'125});
}

CAF_TEST(liquidations_name_the_side_of_the_position) {
  auto x = only<liquidation>(sample("49750.13"));
  CAF_CHECK(x.long_position);
  CAF_CHECK(x.px == price{497'501});
  CAF_CHECK(x.qty == quantity{400});
  CAF_CHECK(!only<liquidation>(sample("0.51499")).long_position);
}

CAF_TEST(answers_and_notices_are_replies) {
  CAF_CHECK(only<venue_reply>(sample("\"id\":7}"))
            == (venue_reply{7, true, ""}));
  CAF_CHECK_EQUAL(only<venue_reply>(sample("\"id\":8}")).text,
                  "btcusdt@depth@100ms,btcusdt@aggTrade");
  CAF_CHECK(only<venue_reply>(sample("\"id\":9}"))
            == (venue_reply{9, false, "2: Invalid request: unknown stream"}));
  CAF_CHECK(!only<venue_reply>(sample("\"code\":3")).ok);
  CAF_CHECK_EQUAL(only<venue_reply>(sample("serverShutdown")).text,
                  "serverShutdown");
}

CAF_TEST(foreign_symbols_in_streams_of_all_markets_are_left_out) {
  auto x = only<mark_state>(sample("BTCUSD_PERP"));
  CAF_CHECK(x.symbol == symbol_id{0});
}

CAF_TEST(spot_messages_are_refused) {
  CAF_CHECK(replaced(",\"pu\":6999", "") == decode_fault::wrong_product);
  CAF_CHECK(replaced(",\"X\":\"MARKET\",\"m\":true", ",\"m\":true,\"M\":true")
            == decode_fault::wrong_product);
  CAF_CHECK(replaced("\"m\":false", "\"m\":false,\"M\":true")
            == decode_fault::wrong_product);
  CAF_CHECK(replaced("\"e\":\"bookTicker\",\"u\":7013", "\"u\":7013")
            == decode_fault::wrong_product);
}

CAF_TEST(other_products_and_symbols_are_refused) {
  CAF_CHECK(replaced("\"st\":1,\"U\"", "\"st\":2,\"U\"")
            == decode_fault::wrong_product);
  CAF_CHECK(
    replaced("\"s\":\"BTCUSDT\",\"U\":7001", "\"s\":\"BTCUSD_PERP\",\"U\":7001")
    == decode_fault::wrong_product);
  CAF_CHECK(replaced("\"s\":\"BTCUSDT\",\"U\":7001",
                     "\"s\":\"BTCUSD_240628\",\"U\":7001")
            == decode_fault::wrong_product);
  for (auto name :
       {"ETHUSDT", "BTCUSDT_240628", "", "BTCUSD", "BTCUSDTT", "btcusdt",
        "A23456789012345678901234567890", "BTCUSDT\\u0000"})
    CAF_CHECK(replaced("\"s\":\"BTCUSDT\",\"U\":7001",
                       "\"s\":\"" + std::string{name} + "\",\"U\":7001")
              == decode_fault::unknown_symbol);
  // No JSON: a zero byte within a text.
  CAF_CHECK(replaced("\"s\":\"BTCUSDT\",\"U\":7001",
                     "\"s\":\"BTCUSDT" + std::string(1, '\0') + "\",\"U\":7001")
            == decode_fault::malformed);
  CAF_CHECK(replaced("\"e\":\"depthUpdate\",\"E\":1717243200123",
                     "\"e\":\"24hrTicker\",\"E\":1717243200123")
            == decode_fault::unknown_kind);
}

CAF_TEST(numbers_that_are_none_are_refused) {
  auto forty_digits = std::string(40, '7');
  for (std::string bad :
       {"", "NaN", "Infinity", "1e308", "1e5", "5E4", "-50000.10", "+50000.10",
        "50000.15", "0.00", "50000.", ".5", "50000,1", " 50000.1", "0x10",
        "92233720368.6", forty_digits.c_str()})
    CAF_CHECK(replaced("\"50000.10\",\"1.250\"]", "\"" + bad + "\",\"1.250\"]")
              == decode_fault::bad_number);
  for (std::string bad : {"", "NaN", "-1.250", "1e-3", "1.2505", "1e308"})
    CAF_CHECK(replaced("\"1.250\"],", "\"" + bad + "\"],")
              == decode_fault::bad_number);
  CAF_CHECK(replaced("\"q\":\"0.017\"", "\"q\":\"0.000\"")
            == decode_fault::bad_number);
  CAF_CHECK(replaced("\"r\":\"0.00010000\"", "\"r\":\"1.5\"")
            == decode_fault::bad_number);
}

CAF_TEST(ids_and_times_are_whole_and_in_range) {
  for (std::string bad :
       {"-1", "1.5", "1e3", "1e308", "18446744073709551616"}) {
    CAF_CHECK(replaced("\"U\":7001", "\"U\":" + bad)
              == decode_fault::bad_number);
    CAF_CHECK(replaced("\"T\":1717243200120", "\"T\":" + bad)
              == decode_fault::bad_number);
  }
  for (std::string bad : {"0", "9223372036854775807", "7258118400001"})
    CAF_CHECK(replaced("\"T\":1717243200120", "\"T\":" + bad)
              == decode_fault::bad_number);
  CAF_CHECK(replaced("\"U\":7001", "\"U\":7011") == decode_fault::bad_number);
  CAF_CHECK(replaced("\"U\":7001", "\"U\":0001") == decode_fault::malformed);
  CAF_CHECK(replaced("\"U\":7001", "\"U\":NaN") == decode_fault::malformed);
}

CAF_TEST(missing_fields_wrong_types_and_duplicates_are_refused) {
  for (auto [piece, replacement] :
       {std::pair{"\"U\":7001,", ""},
        {"\"U\":7001", "\"U\":\"7001\""},
        {"\"U\":7001", "\"U\":null"},
        {"\"U\":7001", "\"U\":7001,\"U\":7001"},
        {"\"b\":[[", "\"b\":{},\"x\":[["},
        {"\"1.250\"],", "1.250],"},
        {"\"1.250\"],", "\"1.250\",\"0\"],"},
        {"\"50000.10\",\"1.250\"", ""},
        {"\"m\":false", "\"m\":0"},
        {"\"m\":false", "\"m\":\"false\""},
        {"\"S\":\"SELL\"", "\"S\":\"LONG\""},
        {"\"id\":7", "\"id\":\"seven\""},
        {"\"e\":\"depthUpdate\",\"E\":1717243200123", "\"e\":5"},
        {"\"s\":\"BTCUSDT\",\"U\":7001", "\"s\":{},\"U\":7001"},
        {"\"k\":{\"t\":1717243200000", "\"k\":7,\"j\":{\"t\":1"},
        {",\"data\":{\"e\":\"depthUpdate\"",
         ",\"date\":{\"e\":\"depthUpdate\""}})
    CAF_CHECK(replaced(piece, replacement) == decode_fault::bad_field);
}

CAF_TEST(unknown_fields_are_ignored) {
  CAF_CHECK(!replaced("\"U\":7001", "\"zz\":[1,{\"y\":null}],\"U\":7001"));
  CAF_CHECK(!replaced("\"m\":false}", "\"m\":false,\"new\":\"\\u00e9\"}"));
}

CAF_TEST(text_that_is_no_json_is_refused) {
  for (std::string bad :
       {"", " ", "{", "}", "nul", "{\"e\":\"depthUpdate\"", "[1,]", "{,}",
        "{\"a\":1}{\"a\":2}", "\xff\xfe", "{\"e\":\"\xc3\x28\"}",
        "{\"e\":\"\xed\xa0\x80\"}", "{'e':1}", "{\"e\":\"\t\"}"}) {
    CAF_CHECK(agree(decoder, bad));
    CAF_CHECK(decode(decoder, bad).fault == decode_fault::malformed);
  }
  using namespace std::string_view_literals;
  auto hidden = "{\"result\":null,\"id\":1}\0{"sv;
  CAF_CHECK(decode(decoder, hidden).fault == decode_fault::malformed);
  for (auto odd : {"5", "\"x\"", "null", "true"})
    CAF_CHECK(decode(decoder, odd).fault == decode_fault::bad_field);
  CAF_CHECK(decode(decoder, "{}").fault == decode_fault::unknown_kind);
}

CAF_TEST(size_depth_and_number_of_values_are_bounded) {
  std::string huge(size_t{64} << 20, '[');
  CAF_CHECK(decode(decoder, huge).fault == decode_fault::too_large);
  auto deep = std::string(1'000'000, '[');
  CAF_CHECK(decode(decoder, deep).fault == decode_fault::too_large);
  CAF_CHECK(decode(decoder, "[[[[[[[[[[[[]]]]]]]]]]]]").fault
            == decode_fault::too_large);
  std::string many = "[0";
  for (auto i = 0; i < 70'000; ++i)
    many += ",0";
  CAF_CHECK(decode(decoder, many + "]").fault == decode_fault::too_large);
  CAF_MESSAGE("the decoder goes on after it");
  CAF_CHECK(!sample("\"U\":7001").fault);
}

CAF_TEST(levels_keep_their_memory_while_streams_take_turns) {
  message_list out;
  const level_change* levels = nullptr;
  for (auto round = 0; round < 3; ++round) {
    decoder.decode(samples[0], out);
    auto& depth = std::get<symbol_depth>(out[0]);
    if (levels)
      CAF_CHECK(depth.update.bids.data() == levels);
    levels = depth.update.bids.data();
    CAF_CHECK_EQUAL(depth.update.bids.size(), 3u);
    decoder.decode(samples[4], out);
    CAF_CHECK(std::holds_alternative<public_trade>(out[0]));
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
