#include "runtime/storage/common_step.hpp"

#include <algorithm>

namespace qalpha {

void common_step::add(timespan difference) {
  // Real files have a handful of differences. The bound keeps a file of
  // random times from making this quadratic.
  constexpr size_t most_candidates = 64;
  auto same = std::find_if(
    counts_.begin(), counts_.end(),
    [&](const auto& entry) { return entry.first == difference.count(); });
  if (same != counts_.end())
    ++same->second;
  else if (counts_.size() < most_candidates)
    counts_.emplace_back(difference.count(), 1);
}

timespan common_step::result() const {
  auto best = std::min_element(
    counts_.begin(), counts_.end(), [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
  return timespan{best == counts_.end() ? 0 : best->first};
}

} // namespace qalpha
