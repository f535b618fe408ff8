// What the tests of books and their synchronisation share.

#pragma once

#include "models/market/book.hpp"
#include "models/market/depth.hpp"
#include "models/market/market_event.hpp"

#include <map>
#include <vector>

namespace qalpha::test {

/// The simplest book there is: what a `book` has to agree with.
struct map_book {
  std::map<int64_t, int64_t> bids;
  std::map<int64_t, int64_t> asks;

  friend bool operator==(const map_book&, const map_book&) = default;

  void set(side which, price px, quantity qty) {
    auto& levels = which == side::buy ? bids : asks;
    if (qty.lots == 0)
      levels.erase(px.ticks);
    else
      levels[px.ticks] = qty.lots;
  }

  /// @returns up to `limit` levels, best first.
  std::vector<book_level> top(side which, size_t limit) const {
    std::vector<book_level> result;
    auto put = [&](auto first, auto last) {
      for (; first != last && result.size() < limit; ++first)
        result.push_back({{first->first}, {first->second}});
    };
    if (which == side::buy)
      put(bids.rbegin(), bids.rend());
    else
      put(asks.begin(), asks.end());
    return result;
  }
};

inline bool same_levels(const book& levels, const map_book& expected) {
  for (auto which : {side::buy, side::sell}) {
    auto& map = which == side::buy ? expected.bids : expected.asks;
    if (levels.depth(which) != map.size()
        || levels.top(which, map.size() + 1)
             != expected.top(which, map.size() + 1))
      return false;
  }
  return true;
}

/// Follows events as a reader without any checks does.
struct depth_reader {
  book levels;
  uint64_t resets = 0;
  uint64_t groups = 0;
  uint64_t interruptions = 0;
  uint64_t sequence = 0;
  uint64_t jumps = 0;
  uint64_t crossed = 0;

  void read(const std::vector<market_event>& events) {
    for (auto& event : events)
      read(event);
  }

  void read(const market_event& event) {
    switch (event.kind) {
      case market_event_kind::book_reset:
        ++resets;
        levels.clear();
        break;
      case market_event_kind::bid_level:
        levels.set(side::buy, event.px, event.qty);
        break;
      case market_event_kind::ask_level:
        levels.set(side::sell, event.px, event.qty);
        break;
      case market_event_kind::book_complete:
        ++groups;
        jumps += event.sequence != sequence + 1;
        sequence = event.sequence;
        crossed += levels.crossed();
        break;
      case market_event_kind::interrupted:
        ++interruptions;
        levels.clear();
        break;
      default:
        break;
    }
  }
};

} // namespace qalpha::test
