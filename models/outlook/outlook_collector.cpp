#include "models/outlook/outlook_collector.hpp"

#include <utility>

namespace qalpha {

void outlook_collector::begin(utc_time bar_close) {
  said_ = outlook{.time = bar_close, .asked = asked_};
  spoken_.reset();
  open_ = asked_.any();
}

bool outlook_collector::expects(model_role who, utc_time about) {
  // Once counted as missing when its bar was ended, it is not counted again.
  return open_ && about == said_.time && !spoken_[place_of(who)];
}

bool outlook_collector::heard(model_role who) {
  spoken_.set(place_of(who));
  return (spoken_ & asked_) == asked_;
}

bool outlook_collector::take(const forecast_made& answer) {
  if (!expects(model_role::forecaster, answer.time))
    return false;
  said_.forecast = answer;
  return heard(model_role::forecaster);
}

bool outlook_collector::take(const regime_observed& answer) {
  if (!expects(model_role::regimes, answer.time))
    return false;
  said_.market = answer;
  return heard(model_role::regimes);
}

bool outlook_collector::take(const policy_advised& answer) {
  if (!expects(model_role::policy, answer.time))
    return false;
  said_.advice = answer;
  return heard(model_role::policy);
}

bool outlook_collector::take(const model_silent& answer) {
  return expects(answer.who, answer.time) && heard(answer.who);
}

outlook outlook_collector::close() {
  for (size_t i = 0; i < model_role_count; ++i) {
    auto is_late = asked_[i] && !spoken_[i];
    late_[i] += is_late ? 1 : 0;
    late_in_a_row_[i] = is_late ? late_in_a_row_[i] + 1 : 0;
  }
  open_ = false;
  return std::move(said_);
}

} // namespace qalpha
