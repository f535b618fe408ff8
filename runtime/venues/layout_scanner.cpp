#include "runtime/venues/layout_scanner.hpp"

namespace qalpha {

bool layout_scanner::unguessed_steps(const step_scale& scale, unsigned& places,
                                     int64_t& out) noexcept {
  uint64_t digits = 0;
  if (!decimal(digits, places) || *at_ != '"')
    return false;
  ++at_;
  out = scale.steps(digits, places);
  return out >= 0;
}

} // namespace qalpha
