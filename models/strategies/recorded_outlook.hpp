// A strategy that hears what was said before.

#pragma once

#include "models/outlook/outlook.hpp"
#include "models/strategies/strategy.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace qalpha {

/// Lets a strategy that listens hear recorded forecasts at the close of the
/// bars that they were made at, so that one recording serves many runs. A bar
/// without a forecast is one at which the model was silent.
class recorded_outlook final : public strategy {
public:
  /// @param forecasts of one symbol, oldest first; outlive the strategy
  /// @pre `rule` listens
  recorded_outlook(std::unique_ptr<strategy> rule,
                   std::span<const forecast_made> forecasts)
    : rule_(std::move(rule)), forecasts_(forecasts) {
    // nop
  }

  std::vector<feature_request> features() const override {
    return rule_->features();
  }

  std::optional<exposure> on_bar(const bar& closed,
                                 std::span<const double> values) override {
    rule_->on_bar(closed, values);
    while (next_ < forecasts_.size()
           && forecasts_[next_].time < closed.close_time)
      ++next_;
    outlook said{.time = closed.close_time};
    said.asked.set(place_of(model_role::forecaster));
    if (next_ < forecasts_.size()
        && forecasts_[next_].time == closed.close_time)
      said.forecast = forecasts_[next_];
    return rule_->on_outlook(said);
  }

  std::string reason() const override {
    return rule_->reason();
  }

private:
  std::unique_ptr<strategy> rule_;
  std::span<const forecast_made> forecasts_;
  size_t next_ = 0;
};

} // namespace qalpha
