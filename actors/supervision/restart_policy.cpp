#include "actors/supervision/restart_policy.hpp"

#include <algorithm>

namespace qalpha {

std::optional<timespan> restart_policy::on_crash(monotonic_time now,
                                                 uint64_t jitter_seed) {
  while (!crashes_.empty() && now - crashes_.front() > intensity_.window)
    crashes_.pop_front();
  if (crashes_.size() >= intensity_.max_restarts)
    return std::nullopt;
  auto doublings = std::min<size_t>(crashes_.size(), 20);
  auto delay = std::min(intensity_.first_delay * (int64_t{1} << doublings),
                        intensity_.longest_delay);
  crashes_.push_back(now);
  // Up to a quarter more, from a mix of the seed and the number of the crash.
  auto mix = (jitter_seed + crashes_.size()) * 0x9E3779B97F4A7C15u >> 33;
  return delay + delay * static_cast<int64_t>(mix % 256) / 1024;
}

} // namespace qalpha
