// A venue as bytes.

#include "models/simulation/byte_archive.hpp"
#include "models/simulation/venue.hpp"

#include <utility>

namespace qalpha {

namespace {

// Raised with every change of what is saved.
constexpr uint32_t format = 1;

using level_list = std::vector<std::pair<price, quantity>>;

level_list levels_of(const book& from, side which) {
  level_list result;
  for (auto& level : from.top(which, from.depth(which)))
    result.emplace_back(level.px, level.qty);
  return result;
}

void set_levels(book& to, side which, const level_list& levels) {
  for (auto& [px, qty] : levels)
    to.set(which, px, qty);
}

// Everything of a lane but its levels; the same list for both directions.
template <class Archive, class Lane>
void archive_lane(Archive& archive, Lane& lane) {
  archive(lane.symbol, lane.pending, lane.open, lane.waiting, lane.has_book,
          lane.consistent, lane.has_mark, lane.next_funding, lane.owed);
}

} // namespace

std::string simulated_venue::save() const {
  byte_writer out;
  out(format, account_, pulses_, uint64_t{in_flight_}, receipts_);
  for (auto& lane : lanes_) {
    archive_lane(out, lane);
    out(levels_of(lane.levels, side::buy), levels_of(lane.levels, side::sell));
  }
  std::vector<venue_order> ended;
  for (auto& id : finished_order_)
    ended.push_back(finished_.at(id));
  out(ended, std::vector(forgotten_.begin(), forgotten_.end()));
  return out.sealed();
}

bool simulated_venue::restore(std::string_view saved) {
  byte_reader in{saved};
  simulated_venue next{*instruments_, settings_, {}};
  uint32_t version = 0;
  uint64_t in_flight = 0;
  in(version, next.account_, next.pulses_, in_flight, next.receipts_);
  auto count = lanes_.size();
  if (!in.intact() || version != format || next.pulses_.size() != count
      || next.account_.positions.size() != count)
    return false;
  next.in_flight_ = in_flight;
  for (auto& lane : next.lanes_) {
    level_list bids;
    level_list asks;
    archive_lane(in, lane);
    in(bids, asks);
    set_levels(lane.levels, side::buy, bids);
    set_levels(lane.levels, side::sell, asks);
  }
  std::vector<venue_order> ended;
  std::vector<std::pair<order_id, uint32_t>> forgotten;
  in(ended, forgotten);
  if (!in.complete())
    return false;
  for (auto& order : ended)
    next.keep(std::move(order));
  next.forgotten_ = {forgotten.begin(), forgotten.end()};
  *this = std::move(next);
  return true;
}

} // namespace qalpha
