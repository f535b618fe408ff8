// Bars from the past, for those who start or restart.

#pragma once

#include "models/market/bar.hpp"
#include "models/market/bar_context.hpp"

#include <vector>

namespace qalpha {

/// Fact: closed bars of one symbol, oldest first. VENUE → FEED at the start,
/// FEED → ALLOCATOR when asked with `atom::history`.
struct bar_history {
  symbol_id symbol;
  std::vector<bar> bars;
  /// Around each bar; empty if nothing is known, as of bars that the venue
  /// keeps.
  std::vector<bar_context> contexts;

  friend bool operator==(const bar_history&, const bar_history&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, bar_history& x) {
    return f(caf::meta::type_name("bar_history"), x.symbol, x.bars, x.contexts);
  }
};

} // namespace qalpha
