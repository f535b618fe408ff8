#include "runtime/venues/simulated/market_source.hpp"

#include <utility>

namespace qalpha {

demo_source::demo_source(demo_market market, timespan warm_up,
                         timespan bar_interval)
  : market_(std::move(market)), warm_up_(warm_up), bar_interval_(bar_interval) {
  // nop
}

std::vector<bar_closed> demo_source::history() {
  return market_.warm_up(warm_up_, bar_interval_);
}

std::vector<market_batch> demo_source::books() const {
  return market_.books();
}

std::optional<market_frame> demo_source::next() {
  market_frame result;
  result.batches = market_.advance();
  result.time = market_.now();
  result.venue_down = market_.venue_down();
  return result;
}

std::string demo_source::save() const {
  return market_.save();
}

bool demo_source::restore(std::string_view saved) {
  return market_.restore(saved);
}

} // namespace qalpha
