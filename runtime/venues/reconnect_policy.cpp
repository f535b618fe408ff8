#include "runtime/venues/reconnect_policy.hpp"

#include <algorithm>

namespace qalpha {

timespan reconnect_policy::failed() {
  auto bound = std::max(pace_.first, timespan{1});
  for (uint64_t i = 0; i < failures_ && bound < pace_.longest; ++i)
    bound *= 2;
  ++failures_;
  bound = std::min(bound, pace_.longest);
  // The remainder favours small pauses by less than one in 2^20.
  return timespan{static_cast<int64_t>(
    chance_() % (static_cast<uint64_t>(bound.count()) + 1))};
}

} // namespace qalpha
