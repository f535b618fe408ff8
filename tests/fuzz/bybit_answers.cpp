// Any bytes as an answer of Bybit's REST interface.

#include "runtime/venues/bybit/bybit_answers.hpp"
#include "tests/runtime/venues/venue_fixture.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace qalpha;
  static const auto all = test::two_symbols();
  std::string_view text{reinterpret_cast<const char*>(data), size};
  if (auto depth = read_bybit_depth(text, all[0]))
    for (const auto& level : depth->asks)
      if (level.px.ticks <= 0 || level.qty.lots < 0)
        std::abort();
  if (auto bars = read_bybit_bars(text, all[0], std::chrono::minutes{1}))
    for (const auto& x : *bars)
      if (broken_rule(x.value))
        std::abort();
  if (auto page = read_bybit_rules(text, {"BTCUSDT", "OLDUSDT"}))
    for (const auto& x : page->rules)
      if (x.tick_e8 <= 0 || x.lot_e8 <= 0)
        std::abort();
  read_bybit_time(text);
  return 0;
}
