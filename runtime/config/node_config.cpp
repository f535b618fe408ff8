#include "runtime/config/node_config.hpp"

namespace qalpha {

std::vector<instrument_rules> default_symbols() {
  auto min_notional = money{5 * money::scale};
  return {
    // Name, tick, lot in units of 1e-8, smallest order, largest order in lots.
    {"BTCUSDT", 10'000'000, 100'000, min_notional, quantity{120'000}},
    {"ETHUSDT", 1'000'000, 100'000, min_notional, quantity{2'000'000}},
    {"SOLUSDT", 1'000'000, 10'000'000, min_notional, quantity{400'000}},
  };
}

} // namespace qalpha
