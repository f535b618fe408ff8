#include "runtime/storage/seen_numbers.hpp"

#include <algorithm>
#include <iterator>

namespace qalpha {

bool seen_numbers::insert(uint64_t x) {
  if (runs_.empty() || x > runs_.back().last) {
    if (!runs_.empty() && x - 1 == runs_.back().last)
      runs_.back().last = x;
    else
      runs_.push_back({x, x});
    return true;
  }
  return insert_before_end(x);
}

bool seen_numbers::insert_before_end(uint64_t x) {
  // The first run that ends at or after x; it exists, see `insert`.
  auto next = std::lower_bound(
    runs_.begin(), runs_.end(), x,
    [](const run& r, uint64_t value) { return r.last < value; });
  if (next->first <= x)
    return false;
  auto joins_next = x + 1 == next->first;
  auto joins_previous = next != runs_.begin() && std::prev(next)->last + 1 == x;
  if (joins_next && joins_previous) {
    std::prev(next)->last = next->last;
    runs_.erase(next);
  } else if (joins_next) {
    next->first = x;
  } else if (joins_previous) {
    std::prev(next)->last = x;
  } else {
    runs_.insert(next, {x, x});
  }
  return true;
}

} // namespace qalpha
