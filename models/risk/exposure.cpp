#include "models/risk/exposure.hpp"

#include <algorithm>

namespace qalpha {

bool exposure_book::reserve(const order_id& id, side direction,
                            quantity remaining) {
  auto taken = [&](const reservation& x) { return x.id == id; };
  if (std::any_of(open_.begin(), open_.end(), taken))
    return false;
  open_.push_back({id, direction, remaining, false});
  return true;
}

void exposure_book::filled(const fill& fact) {
  held_ += quantity{sign(fact.direction) * fact.size.lots};
  for (auto& entry : open_) {
    if (entry.id != fact.id)
      continue;
    // A venue may fill more than was ordered; the excess is held, not owed.
    entry.remaining
      = {std::max<int64_t>(0, entry.remaining.lots - fact.size.lots)};
    entry.unknown = false;
    if (entry.remaining.lots == 0)
      release(fact.id);
    return;
  }
}

void exposure_book::release(const order_id& id) {
  std::erase_if(open_, [&](const reservation& x) { return x.id == id; });
}

void exposure_book::set_unknown(const order_id& id, bool unknown) {
  for (auto& entry : open_)
    if (entry.id == id)
      entry.unknown = unknown;
}

quantity exposure_book::reserved(side direction) const noexcept {
  quantity sum;
  for (auto& entry : open_)
    if (entry.direction == direction)
      sum += entry.remaining;
  return sum;
}

quantity exposure_book::worst_case(side direction,
                                   quantity size) const noexcept {
  auto highest = held_ + reserved(side::buy);
  auto lowest = held_ - reserved(side::sell);
  if (direction == side::buy)
    highest += size;
  else
    lowest -= size;
  return std::max(magnitude(highest), magnitude(lowest));
}

quantity exposure_book::reducible(side direction) const noexcept {
  auto against = sign(direction) * held_.lots;
  if (against >= 0)
    return {};
  return {std::max<int64_t>(0, -against - reserved(direction).lots)};
}

bool exposure_book::has_unknown() const noexcept {
  return std::any_of(open_.begin(), open_.end(),
                     [](const reservation& x) { return x.unknown; });
}

} // namespace qalpha
