#define CAF_SUITE config_fuzz

#include "runtime/config/config_writer.hpp"

#include "tests/models/random.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

namespace {

constexpr std::string_view seed_text = R"({
  "mode": "backtest", "seed": 42, "speed": "max", // comment
  "account": {"cash": "10000 USDT"},
  "symbols": [{"name": "BTCUSDT", "tick": "0.01", "lot": "0.001"}, "ETHUSDT",],
  "data": {"files": {"BTCUSDT": "b.csv", "ETHUSDT": "e.csv"}, "interval": "1h"},
  "strategy": {"name": "sma_cross", "params": {"fast": 20, "slow": 100}},
  "sizing": {"allocation": "100 %", "decay": 0.94},
  "risk": {"max_gross_leverage": 3, "price_collar": "2 %"},
  "venue": {"maker_fee": "2 bp", "order_latency": "5ms"}
})";

// Pieces that break things more often than single bytes do.
constexpr std::string_view pieces[] = {
  "{",        "}",        "[",    "]",
  ",",        ":",        "\"",   "\\",
  "\\u0000",  "\\ud800",  "null", "true",
  "1e999",    "-0",       "0.1",  "99999999999999999999",
  "NaN",      "\xff\xfe", "// ",  "/*",
  "\n",       "%",        "-",    "\"seed\": 1,",
  "\"\": 1,",
};

std::string mutate(std::string text, test::dice& roll) {
  for (auto changes = roll(1, 6); changes > 0; --changes) {
    auto at = static_cast<size_t>(
      roll(0, static_cast<int64_t>(text.empty() ? 0 : text.size() - 1)));
    switch (roll(0, 4)) {
      case 0:
        if (!text.empty())
          text[at] = static_cast<char>(roll(0, 255));
        break;
      case 1:
        text.erase(at, static_cast<size_t>(roll(1, 20)));
        break;
      case 2:
        text.insert(at, pieces[roll(0, std::size(pieces) - 1)]);
        break;
      case 3:
        text.insert(at, text.substr(at, static_cast<size_t>(roll(1, 40))));
        break;
      default:
        text.resize(at);
    }
  }
  return text;
}

} // namespace

CAF_TEST(mutated_configurations_are_read_or_refused_in_clean_lines) {
  test::dice roll;
  CAF_REQUIRE(read_config_text(seed_text, "x.json"));
  for (int i = 0; i < 20'000; ++i) {
    auto result = read_config_text(mutate(std::string{seed_text}, roll),
                                   "x.json");
    if (result) {
      CAF_REQUIRE(!config_json(result.config).empty());
      continue;
    }
    for (const auto& fault : result.faults) {
      CAF_REQUIRE(fault.text.size() < 2'000);
      for (auto ch : fault.text)
        CAF_REQUIRE(static_cast<unsigned char>(ch) >= 0x20);
    }
  }
}
