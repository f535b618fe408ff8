#define CAF_SUITE config_writer

#include "runtime/config/config_writer.hpp"

#include "models/machine/json_tree.hpp"
#include "runtime/config/config_hash.hpp"
#include "runtime/config/setting.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

CAF_TEST(every_row_of_the_schema_holds_its_own_default) {
  for (const auto& row : settings()) {
    if (!row.get)
      continue;
    node_config config;
    auto raw = row.get(config, row.step);
    if (auto number = std::get_if<int64_t>(&raw);
        number && row.lowest != row.highest) {
      CAF_MESSAGE(row.path);
      CAF_CHECK(*number >= row.lowest && *number <= row.highest);
      CAF_CHECK_EQUAL(*number % row.step, 0);
    }
    row.set(config, raw, row.step);
    CAF_CHECK(row.get(config, row.step) == raw);
    CAF_CHECK(!row.help.empty());
  }
}

CAF_TEST(the_effective_configuration_gives_itself_again) {
  for (auto text : {R"({})", R"({"mode": "backtest", "speed": "max", "seed": 3,
           "symbols": [{"name": "A", "tick": "0.01", "lot": "0.1",
                        "min_notional": "5 USDT", "max_order": "7"}],
           "data": {"files": {"A": "/a \" b.csv"}, "interval": "5m"},
           "strategy": {"name": "buy_and_hold"},
           "market": {"reference_venue": "bybit",
                      "reference_names": {"A": "B"}},
           "sizing": {"decay": 0.9371}})"}) {
    auto first = read_config_text(text, "x.json");
    CAF_REQUIRE(first);
    auto json = parse_json(config_json(first.config));
    CAF_REQUIRE(json);
    // The member `config` comes first and is followed by the hash.
    auto whole = config_json(first.config);
    auto begin = whole.find('{', 1);
    auto end = whole.find(", \"config_hash\"");
    auto second = read_config_text(whole.substr(begin, end - begin),
                                   "again.json");
    CAF_REQUIRE(second);
    CAF_CHECK_EQUAL(config_hash(second.config.values),
                    config_hash(first.config.values));
    CAF_CHECK(second.config.values.data.files
              == first.config.values.data.files);
    auto& market = second.config.values.market;
    CAF_CHECK(market.reference_venue
              == first.config.values.market.reference_venue);
    CAF_CHECK(market.reference_names
              == first.config.values.market.reference_names);
  }
}

CAF_TEST(the_hash_follows_what_a_run_does) {
  node_config config;
  auto hash = config_hash(config);
  config.run_dir = "elsewhere";
  config.log.level = log_level::debug;
  CAF_CHECK_EQUAL(config_hash(config), hash);
  config.strategy.parameters["slow"] = 21;
  CAF_CHECK_NOT_EQUAL(config_hash(config), hash);
}

CAF_TEST(the_schema_is_json_with_every_setting) {
  auto schema = parse_json(config_schema());
  CAF_REQUIRE(schema);
  for (const auto& row : settings()) {
    auto* place = schema->find("properties");
    auto rest = row.path;
    for (;;) {
      auto dot = rest.find('.');
      CAF_REQUIRE(place != nullptr);
      place = place->find(rest.substr(0, dot));
      if (dot == std::string_view::npos)
        break;
      CAF_REQUIRE(place != nullptr);
      place = place->find("properties");
      rest.remove_prefix(dot + 1);
    }
    CAF_CHECK(place != nullptr && place->find("description") != nullptr);
  }
}
