#include "runtime/venues/scanned_symbol.hpp"

namespace qalpha {

scanned_symbols::scanned_symbols(const symbol_table& symbols)
  : symbols_(symbols) {
  for (const auto& x : symbols.all())
    scanned_.emplace_back(x);
}

} // namespace qalpha
