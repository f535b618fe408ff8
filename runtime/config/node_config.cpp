#include "runtime/config/node_config.hpp"

namespace qalpha {

std::vector<instrument_rules> default_symbols() {
  std::vector<instrument_rules> result;
  for (const auto& symbol : demo_universe())
    result.push_back(symbol.rules());
  return result;
}

} // namespace qalpha
