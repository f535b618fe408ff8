#include "models/strategies/symbol_strategy.hpp"

#include <chrono>
#include <utility>

namespace qalpha {

fallible<feature_plan> plan_of(const strategy_choice& which,
                               timespan interval) {
  auto made = make_strategy(which);
  if (!made)
    return made.error();
  using std::chrono::milliseconds;
  auto plan = feature_plan::make(
    {std::chrono::duration_cast<milliseconds>(interval), (*made)->features()});
  if (!plan)
    return fault{which.name + ": " + plan.error().text};
  return plan;
}

symbol_strategy make_live_strategy(const strategy_choice& which,
                                   timespan interval, const instrument& rules) {
  return {std::move(*make_strategy(which)),
          stream_features(*plan_of(which, interval), rules)};
}

} // namespace qalpha
