// Books for tests of order flow.

#pragma once

#include "models/features/order_flow/book_top.hpp"

#include <random>
#include <utility>
#include <vector>

namespace qalpha::test {

using price_and_size = std::pair<int64_t, double>;

inline book_top book_of(const std::vector<price_and_size>& bids,
                        const std::vector<price_and_size>& asks) {
  book_top result;
  for (size_t i = 0; i < bids.size(); ++i)
    result.bids[i] = {bids[i].first, bids[i].second};
  for (size_t i = 0; i < asks.size(); ++i)
    result.asks[i] = {asks[i].first, asks[i].second};
  return result;
}

/// A market whose best prices go up and down by ticks, three levels a side.
inline std::vector<book_top> random_books(uint64_t seed, size_t count) {
  std::mt19937_64 random{seed};
  auto dice = [&](int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>{low, high}(random);
  };
  std::vector<book_top> result;
  int64_t bid = 10'000;
  int64_t spread = 1;
  for (size_t i = 0; i < count; ++i) {
    if (dice(0, 2) == 0) {
      bid += dice(-1, 1);
      spread = dice(1, 3);
    }
    book_top now;
    for (int64_t j = 0; j < 3; ++j) {
      auto at = static_cast<size_t>(j);
      now.bids[at] = {bid - j, static_cast<double>(dice(1, 1'000)) / 64};
      now.asks[at] = {bid + spread + j,
                      static_cast<double>(dice(1, 1'000)) / 64};
    }
    result.push_back(now);
  }
  return result;
}

/// The same market seen in a mirror at price zero: bids are asks.
inline book_top mirrored(const book_top& x) {
  book_top result;
  for (size_t i = 0; i < book_top::most_levels; ++i) {
    if (x.asks[i].ticks != book_top::no_ask)
      result.bids[i] = {-x.asks[i].ticks, x.asks[i].size};
    if (x.bids[i].ticks != book_top::no_bid)
      result.asks[i] = {-x.bids[i].ticks, x.bids[i].size};
  }
  return result;
}

} // namespace qalpha::test
