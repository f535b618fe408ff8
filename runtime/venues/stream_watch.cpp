#include "runtime/venues/stream_watch.hpp"

namespace qalpha {

stream_watch::stream_watch(const std::vector<stream_spec>& streams)
  : streams_(&streams), states_(streams.size()) {
  for (size_t i = 0; i < streams.size(); ++i) {
    states_[i].proved = streams[i].first_within == timespan{0};
    states_[i].deadline = moment::max();
    unproved_ += states_[i].proved ? 0 : 1;
  }
}

void stream_watch::subscribed(moment now) {
  for (size_t i = 0; i < states_.size(); ++i)
    states_[i].deadline = now + (*streams_)[i].first_within;
}

bool stream_watch::heard(symbol_id symbol, size_t kind) {
  if (unproved_ == 0)
    return false;
  auto result = false;
  for (size_t i = 0; i < states_.size(); ++i) {
    auto& spec = (*streams_)[i];
    if (states_[i].proved || spec.symbol != symbol || spec.kind != kind)
      continue;
    states_[i].proved = true;
    --unproved_;
    result = true;
  }
  return result;
}

stream_watch::findings stream_watch::check(moment now) {
  findings result;
  for (size_t i = 0; i < states_.size(); ++i) {
    auto& state = states_[i];
    if (state.proved || now < state.deadline)
      continue;
    if (state.again)
      result.useless = true;
    state.again = true;
    state.deadline = now + (*streams_)[i].first_within;
    result.again.push_back(i);
  }
  return result;
}

} // namespace qalpha
