// The order in which a backtest sees the bars of several symbols.

#pragma once

#include "runtime/backtest/backtest.hpp"

#include <cstddef>
#include <limits>
#include <vector>

namespace qalpha {

/// Calls `visit(bar_closed)` for all bars in the order of their close, symbols
/// with equal times in the order of the instruments.
template <class Visit>
void for_each_bar(const backtest_input& input, Visit&& visit) {
  auto& all = input.bars;
  if (all.size() == 1) {
    for (auto& value : all.front())
      visit(bar_closed{symbol_id{0}, value});
    return;
  }
  std::vector<size_t> next(all.size(), 0);
  for (;;) {
    // The earliest close among the symbols, then all bars that have it: one
    // search serves a whole row of symbols.
    auto earliest = std::numeric_limits<int64_t>::max();
    for (size_t i = 0; i < all.size(); ++i)
      if (next[i] < all[i].size())
        earliest = std::min(earliest, all[i][next[i]].close_time.ns);
    if (earliest == std::numeric_limits<int64_t>::max())
      return;
    for (size_t i = 0; i < all.size(); ++i)
      while (next[i] < all[i].size()
             && all[i][next[i]].close_time.ns == earliest)
        visit(
          bar_closed{symbol_id{static_cast<uint16_t>(i)}, all[i][next[i]++]});
  }
}

} // namespace qalpha
