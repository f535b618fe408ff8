// Any bytes as an answer of Binance's REST interface.

#include "runtime/venues/binance/binance_answers.hpp"
#include "tests/runtime/venues/venue_fixture.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace qalpha;
  static const auto all = test::two_symbols();
  std::string_view text{reinterpret_cast<const char*>(data), size};
  if (auto depth = read_binance_depth(text, all[0]))
    for (const auto& level : depth->bids)
      if (level.px.ticks <= 0 || level.qty.lots < 0)
        std::abort();
  if (auto bars = read_binance_bars(text, all[0], utc_time{1}))
    for (const auto& x : *bars)
      if (broken_rule(x.value))
        std::abort();
  if (auto rules = read_binance_rules(text, {"BTCUSDT", "XRPUSDT"}))
    for (const auto& x : *rules)
      if (x.tick_e8 <= 0 || x.lot_e8 <= 0)
        std::abort();
  if (auto open = read_binance_interest(text, all[0]))
    if (open->qty.lots < 0)
      std::abort();
  read_binance_trades(text, all[0]);
  read_binance_time(text);
  return 0;
}
