#include "models/features/feature_entry.hpp"

#include <cmath>

namespace qalpha {

size_t memory_of_decay(double k) noexcept {
  if (k >= 1)
    return 1;
  return static_cast<size_t>(
    std::ceil(std::log(forgotten_weight) / std::log1p(-k)));
}

} // namespace qalpha
