#define CAF_SUITE config_reader

#include "runtime/config/config_reader.hpp"

#include "runtime/config/config_hash.hpp"
#include "runtime/config/config_writer.hpp"

#include <caf/test/unit_test.hpp>

#include <cstdlib>

using namespace qalpha;

namespace {

config_result read(std::string_view text, config_sources sources = {}) {
  return read_config_text(text, "x.json", sources);
}

/// @returns the messages, one a line.
std::string faults_of(std::string_view text, config_sources sources = {}) {
  std::string result;
  for (const auto& fault : read(text, std::move(sources)).faults)
    result += fault.text + "\n";
  return result;
}

config_override set(std::string path, std::string value) {
  auto source = "--set " + path + "=" + value;
  return {std::move(path), std::move(value), source};
}

} // namespace

CAF_TEST(an_empty_configuration_is_the_demo) {
  auto result = read("{}");
  CAF_REQUIRE(result);
  CAF_CHECK(result.config.values.mode == run_mode::demo);
  CAF_CHECK_EQUAL(result.config.values.symbols.size(), 3u);
  CAF_CHECK(result.config.origins.empty());
  CAF_CHECK_EQUAL(config_hash(result.config.values),
                  config_hash(node_config{}));
}

CAF_TEST(values_reach_their_fields) {
  auto result = read(R"({
    "seed": 9007199254740993, "speed": "max", "account": {"cash": "1 USDT"},
    "feed": {"stale_after": "3s"},
    "sizing": {"method": "volatility_target", "allocation": "50 %",
               "target_volatility": "25 %", "max_scale": 2},
    "execution": {"style": "taker"},
    "risk": {"max_gross_leverage": 1.25, "price_collar": "150 bp"},
    "venue": {"maker_fee": "-0.005 %", "order_latency": "12ms"},
    "journal": {"sync": "always"}, "log": {"console": false}})");
  CAF_REQUIRE(result);
  auto& c = result.config.values;
  // Beyond the whole numbers of a double.
  CAF_CHECK_EQUAL(c.seed, 9'007'199'254'740'993u);
  CAF_CHECK(!c.speed);
  CAF_CHECK_EQUAL(c.cash.e8, money::scale);
  CAF_CHECK(c.feed.stale_after == std::chrono::seconds{3});
  CAF_CHECK(c.sizing.method == sizing_method::volatility_target);
  CAF_CHECK_EQUAL(c.sizing.allocation_bps, 5'000);
  CAF_CHECK(c.sizing.target_volatility == 0.25);
  CAF_CHECK(c.execution.kind == order_kind::market);
  CAF_CHECK_EQUAL(c.risk.max_gross_leverage_bps, 12'500);
  CAF_CHECK_EQUAL(c.risk.price_collar_bps, 150);
  CAF_CHECK_EQUAL(c.venue.maker_fee.e8, -5'000);
  CAF_CHECK(c.venue.order_latency == std::chrono::milliseconds{12});
  CAF_CHECK(c.sync == journal_sync::always);
  CAF_CHECK(!c.log.console);
}

CAF_TEST(unknown_keys_are_errors_with_a_guess) {
  CAF_CHECK_EQUAL(faults_of(R"({"risk": {"max_ordres": 5}})"),
                  "x.json: risk.max_ordres: unknown key, did you mean "
                  "max_orders?\n");
  CAF_CHECK_EQUAL(faults_of(R"({"max_orders": 5})"),
                  "x.json: max_orders: unknown key, did you mean "
                  "risk.max_orders?\n");
  CAF_CHECK(!faults_of(R"({"risk.max_orders": 5})").empty());
}

CAF_TEST(every_mistake_is_one_line) {
  auto text = faults_of(R"({"seed": 1.5, "risk": {"max_orders": 0},
                            "venue": {"maker_fee": 0.0002}})");
  CAF_CHECK_EQUAL(std::count(text.begin(), text.end(), '\n'), 3);
  CAF_CHECK(text.find("x.json: risk.max_orders: expected a whole number from 1 "
                      "to 100000, found the number 0\n")
            != text.npos);
  // A bare number is an error that names the legal units.
  CAF_CHECK(text.find("venue.maker_fee: expected a share with its unit (% or "
                      "bp)")
            != text.npos);
}

CAF_TEST(numbers_without_units_and_wrong_types_are_errors) {
  for (auto text : {R"({"account": {"cash": 10000}})",
                    R"({"account": {"cash": "10000"}})",
                    R"({"feed": {"stale_after": 2}})",
                    R"({"feed": {"stale_after": "2"}})",
                    R"({"risk": {"price_collar": "2"}})",
                    R"({"seed": -1})",
                    R"({"seed": "1"})",
                    R"({"seed": null})",
                    R"({"speed": 0})",
                    R"({"speed": 1e400})",
                    R"({"speed": "fast"})",
                    R"({"mode": "papre"})",
                    R"({"risk": 5})",
                    R"({"risk": null})",
                    R"({"log": {"file": 1}})",
                    R"({"run_dir": ""})",
                    R"({"node": {"name": "a b"}})",
                    R"({"scheduler": {"max_throughput": 31}})",
                    R"({"risk": {"max_gross_leverage": 1.00001}})",
                    R"({"risk": {"price_collar": "0.005 %"}})",
                    R"({"demo": {"frame": "1.5ms"}})",
                    R"([])",
                    R"(5)",
                    R"({"strategy": {"params": {"fast": "5"}}})",
                    R"({"strategy": {"params": {"fast": 1e999}}})",
                    R"({"strategy": {"params": []}})"})
    CAF_CHECK(!faults_of(text).empty());
}

CAF_TEST(other_ways_of_the_demo_market_are_refused) {
  CAF_CHECK(read("{}").config.values.transport == demo_transport::memory);
  auto result = read(R"({"demo": {"transport": "socket"}})");
  CAF_REQUIRE(result);
  CAF_CHECK(result.config.values.transport == demo_transport::socket);
  CAF_CHECK_EQUAL(faults_of(R"({"demo": {"transport": "tcp"}})"),
                  "x.json: demo.transport: expected one of \"memory\", "
                  "\"socket\", found the text \"tcp\"\n");
}

CAF_TEST(modes_to_come_are_recognised_and_refused) {
  for (std::string mode : {"testnet", "live"}) {
    auto text = faults_of("{\"mode\": \"" + mode + "\"}");
    CAF_CHECK(text.find("comes with orders at real venues, not in this version")
              != text.npos);
  }
}

CAF_TEST(symbols_are_built_in_names_or_rules) {
  auto result = read(R"({"mode": "backtest", "symbols": ["ETHUSDT",
    {"name": "XRPUSDT", "tick": "0.0001", "lot": "0.1",
     "min_notional": "5 USDT", "max_order": "1000"}],
    "data": {"files": {"ETHUSDT": "e", "XRPUSDT": "/x"}}})");
  CAF_REQUIRE(result);
  auto& symbols = result.config.values.symbols;
  CAF_CHECK_EQUAL(symbols[1].tick_e8, 10'000);
  CAF_CHECK_EQUAL(symbols[1].max_order.lots, 10'000);
  for (auto bad :
       {R"([])", R"([{}])", R"(["DOGEUSDT"])", R"([5])", R"("BTCUSDT")",
        R"([{"name": "A", "tick": "0", "lot": "1"}])",
        R"([{"name": "A", "tick": 0.1, "lot": "1"}])",
        R"([{"name": "a", "tick": "0.1", "lot": "1"}])",
        R"([{"name": "A", "tick": "0.1", "lot": "1", "tik": "1"}])",
        R"([{"name": "A", "tick": "0.1", "lot": "0.2", "max_order": "0.3"}])",
        R"([{"name": "A", "tick": "0.00000001", "lot": "0.1"}])",
        R"(["BTCUSDT", "BTCUSDT"])"})
    CAF_CHECK(!faults_of(std::string{"{\"symbols\": "} + bad + "}").empty());
}

CAF_TEST(later_sources_win_and_every_value_knows_its_origin) {
  config_sources sources;
  sources.environment = {{"risk.max_orders", "6", "QALPHA__RISK__MAX_ORDERS"},
                         {"seed", "6", "QALPHA__SEED"}};
  sources.flags = {set("seed", "7")};
  auto result = read(R"({"seed": 5, "risk": {"max_orders": 5},
                         "speed": 2})",
                     sources);
  CAF_REQUIRE(result);
  CAF_CHECK_EQUAL(result.config.values.seed, 7u);
  CAF_CHECK_EQUAL(result.config.values.risk.max_orders, 6);
  auto& origins = result.config.origins;
  CAF_CHECK_EQUAL(origins["seed"], "--set seed=7");
  CAF_CHECK_EQUAL(origins["risk.max_orders"], "QALPHA__RISK__MAX_ORDERS");
  CAF_CHECK_EQUAL(origins["speed"], "x.json");
  auto shown = show_config(result.config);
  CAF_CHECK(shown.find("(QALPHA__RISK__MAX_ORDERS)") != shown.npos);
  CAF_CHECK(shown.find("(default)") != shown.npos);
}

CAF_TEST(mistakes_outside_the_file_name_their_place) {
  config_sources sources;
  sources.environment = {{"risk.max_ordres", "6", "QALPHA__RISK__MAX_ORDRES"}};
  sources.flags = {set("risk.max_orders", "many")};
  auto text = faults_of("{}", sources);
  CAF_CHECK(text.find("environment: QALPHA__RISK__MAX_ORDRES: ") != text.npos);
  CAF_CHECK(text.find("command line: --set risk.max_orders=many: ")
            != text.npos);
}

CAF_TEST(variables_of_the_environment_become_paths) {
  setenv("QALPHA__RISK__MAX_ORDERS", "5", 1);
  setenv("QALPHA__DATA__FILES__BTCUSDT", "x", 1);
  setenv("QALPHA__MARKET__REFERENCE_NAMES__BTCUSDT", "XBTUSDT", 1);
  std::map<std::string, std::string> found;
  for (const auto& entry : environment_overrides())
    found[entry.path] = entry.value;
  unsetenv("QALPHA__RISK__MAX_ORDERS");
  unsetenv("QALPHA__DATA__FILES__BTCUSDT");
  unsetenv("QALPHA__MARKET__REFERENCE_NAMES__BTCUSDT");
  CAF_CHECK_EQUAL(found["risk.max_orders"], "5");
  CAF_CHECK_EQUAL(found["data.files.BTCUSDT"], "x");
  CAF_CHECK_EQUAL(found["market.reference_names.BTCUSDT"], "XBTUSDT");
}

CAF_TEST(another_strategy_does_not_inherit_parameters) {
  auto other = read(R"({"strategy": {"name": "buy_and_hold"}})");
  CAF_REQUIRE(other);
  CAF_CHECK(other.config.values.strategy.parameters.empty());
  config_sources sources;
  sources.flags = {set("strategy.name", "donchian_breakout")};
  CAF_CHECK_EQUAL(faults_of(R"({"strategy": {"name": "sma_cross",
                               "params": {"fast": 5, "slow": 9}}})",
                            sources),
                  "");
  CAF_CHECK(!faults_of(R"({"strategy": {"name": "buy_and_hold",
                                        "params": {"fast": 5}}})")
               .empty());
}

CAF_TEST(impossible_combinations_are_refused_with_the_reason) {
  auto text = faults_of(R"({"sizing": {"allocation": "400 %"}})");
  CAF_CHECK(text.find("needs leverage 4, risk.max_gross_leverage allows 3")
            != text.npos);
  // Scaled sizes may reach their bound.
  CAF_CHECK(!faults_of(R"({"sizing": {"method": "volatility_target",
                                      "max_scale": 4}})")
               .empty());
  for (auto bad :
       {R"({"mode": "backtest"})",
        R"({"mode": "backtest", "symbols": ["BTCUSDT", "ETHUSDT"],
            "data": {"files": {"BTCUSDT": "x"}}})",
        R"({"mode": "backtest", "data": {"files": {"BTCUSDTT": "x"}}})",
        R"({"strategy": {"params": {"fast": 20, "slow": 5}}})",
        R"({"strategy": {"name": "sma_corss"}})",
        R"({"feed": {"stale_after": "50ms"}})",
        R"({"risk": {"max_order_notional": "4 USDT"}})",
        R"({"symbols": [{"name": "XRPUSDT", "tick": "0.0001", "lot": "1"}]})"})
    CAF_CHECK(!faults_of(bad).empty());
}

CAF_TEST(data_files_start_where_they_are_named) {
  constexpr auto text = R"({"mode": "backtest", "symbols": ["BTCUSDT"],
    "data": {"directory": "../d", "files": {"BTCUSDT": "b.csv"}}})";
  auto file = read_config_text(text, "configs/x.json");
  CAF_REQUIRE(file);
  CAF_CHECK_EQUAL(file.config.values.data.files["BTCUSDT"], "d/b.csv");
  config_sources sources;
  sources.flags = {set("data.directory", "other")};
  auto moved = read_config_text(text, "configs/x.json", sources);
  CAF_CHECK_EQUAL(moved.config.values.data.files["BTCUSDT"], "other/b.csv");
  sources = {};
  sources.data = {"here.csv"};
  auto given = read_config_text(text, "configs/x.json", sources);
  CAF_CHECK_EQUAL(given.config.values.data.files["BTCUSDT"], "here.csv");
  // A name that begins with the symbol needs no SYMBOL=.
  sources.data = {"dir/ETHUSDT_1h.csv", "BTCUSDT=b.csv"};
  auto several = read(R"({"mode": "backtest"})", sources);
  CAF_REQUIRE(several);
  CAF_CHECK_EQUAL(several.config.values.symbols.size(), 2u);
  sources.data = {"x.csv"};
  CAF_CHECK(!read(R"({"mode": "backtest"})", sources));
}

CAF_TEST(a_reference_is_another_venue_with_names_of_its_own) {
  auto plain = read(R"({"mode": "paper", "market":
    {"venue": "bybit", "reference_venue": "none"}})");
  CAF_REQUIRE(plain);
  CAF_CHECK(!plain.config.values.market.reference_venue);
  auto with = read(R"({"mode": "paper", "symbols": ["BTCUSDT",
    {"name": "SHIB1000USDT", "tick": "0.00001", "lot": "10"}],
    "market": {"venue": "bybit", "reference_venue": "binance",
    "reference_names": {"SHIB1000USDT": "1000SHIBUSDT"}}})");
  CAF_REQUIRE(with);
  auto& market = with.config.values.market;
  CAF_CHECK(market.reference_venue == data_venue::binance);
  CAF_CHECK_EQUAL(market.reference_names.at("SHIB1000USDT"), "1000SHIBUSDT");
  config_sources sources;
  sources.flags = {set("market.reference_names.BTCUSDT", "XBTUSDT")};
  auto moved = read(R"({"mode": "paper"})", sources);
  CAF_REQUIRE(moved);
  CAF_CHECK_EQUAL(moved.config.values.market.reference_names.at("BTCUSDT"),
                  "XBTUSDT");
}

CAF_TEST(a_reference_that_cannot_be_meant_is_refused) {
  auto refused = [](const char* market, const char* why) {
    auto text = faults_of(R"({"mode": "paper", "market": )"
                          + std::string{market} + "}");
    CAF_MESSAGE(text);
    CAF_CHECK(text.find(why) != std::string::npos);
  };
  refused(R"({"venue": "bybit", "reference_venue": "bybit"})",
          "market.reference_venue: expected another venue than market.venue, "
          "found both Bybit");
  refused(R"({"reference_venue": "bybitt"})", "did you mean \"bybit\"?");
  refused(R"({"reference_names": {"BTCUSD": "X"}})",
          "market.reference_names.BTCUSD: not in symbols, did you mean "
          "BTCUSDT?");
  refused(R"({"reference_names": {"BTCUSDT": "ETHUSDT"}})",
          "found \"ETHUSDT\" for BTCUSDT and ETHUSDT");
  refused(R"({"reference_names": {"BTCUSDT": 5}})", "expected a name, found");
}

CAF_TEST(files_that_cannot_be_read_are_one_line) {
  for (std::string path : {"/nonexistent/x.json", "/tmp", "/dev/zero"}) {
    auto result
      = read_config({.file = path, .environment = {}, .flags = {}, .data = {}});
    CAF_REQUIRE_EQUAL(result.faults.size(), 1u);
    CAF_CHECK(result.faults[0].text.starts_with(path + ": "));
  }
}

CAF_TEST(many_mistakes_are_cut_short) {
  std::string text = "{";
  for (int i = 0; i < 500; ++i)
    text += "\"zzz" + std::to_string(i) + "\": 1,";
  CAF_CHECK_EQUAL(read(text + "}").faults.size(), 21u);
}
