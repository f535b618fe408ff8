// Which numbers were seen before.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace qalpha {

/// A set of numbers that mostly arrive in rising order, such as the executions
/// of one symbol. Neighbours share an entry, so that a gapless run of any
/// length takes 16 bytes; the common insertion at the end is O(1).
class seen_numbers {
public:
  /// @returns `false` if `x` was inserted before.
  bool insert(uint64_t x);

  /// @returns the number of separate runs, for tests.
  size_t runs() const noexcept {
    return runs_.size();
  }

private:
  // Sorted, disjoint and not adjacent; both ends belong to the run.
  struct run {
    uint64_t first;
    uint64_t last;
  };

  bool insert_before_end(uint64_t x);

  std::vector<run> runs_;
};

} // namespace qalpha
