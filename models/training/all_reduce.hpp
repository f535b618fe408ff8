// Several processes that train one model.

#pragma once

#include "models/machine/fallible.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace qalpha {

/// Adds up numbers of all processes. Each calls it as often as the others, with
/// as many numbers.
class all_reduce {
public:
  virtual ~all_reduce() = default;

  /// Number of this process, from 0.
  virtual size_t rank() const noexcept = 0;

  /// How many there are.
  virtual size_t world() const noexcept = 0;

  /// Puts the sums of all processes, the same bits in each, into `values`.
  /// @returns a fault if another process is gone.
  virtual std::optional<fault> sum(std::span<float> values) = 0;
};

} // namespace qalpha
