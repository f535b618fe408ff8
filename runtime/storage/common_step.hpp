// The interval of bars, told from their times.

#pragma once

#include "models/market/time.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace qalpha {

/// Counts differences of times that follow each other.
class common_step {
public:
  void add(timespan difference);

  /// @returns the most common difference, the shortest of several that are
  ///          equally common; zero if there is none.
  timespan result() const;

private:
  std::vector<std::pair<int64_t, uint64_t>> counts_;
};

} // namespace qalpha
