#include "models/strategies/bollinger_reversion.hpp"

#include "models/strategies/feature_values.hpp"

namespace qalpha {

std::vector<feature_request> bollinger_reversion::features() const {
  return {{"bollinger",
           "band",
           {},
           {{"period", static_cast<double>(window_)},
            {"above", deviations_},
            {"below", deviations_}}},
          {"value", "price", {}, {}}};
}

std::optional<exposure>
bollinger_reversion::on_bar(const bar&, std::span<const double> values) {
  if (!all_defined(values))
    return opinion_of(stance::undecided);
  upper_ = values[0];
  middle_ = values[1];
  lower_ = values[2];
  auto close = values[3];
  auto below = clearly_above(middle_, close);
  auto above = clearly_above(close, middle_);
  if ((stance_ == stance::long_side && !below)
      || (stance_ == stance::short_side && !above))
    stance_ = stance::flat;
  if (clearly_above(lower_, close))
    stance_ = stance::long_side;
  else if (with_short_ && clearly_above(close, upper_))
    stance_ = stance::short_side;
  return opinion_of(stance_);
}

std::string bollinger_reversion::reason() const {
  return "bollinger_reversion: band " + value_text(lower_) + " to "
         + value_text(upper_) + ", mean " + value_text(middle_);
}

fallible<std::unique_ptr<strategy>>
make_bollinger_reversion(std::span<const double> values) {
  return std::unique_ptr<strategy>{std::make_unique<bollinger_reversion>(
    static_cast<size_t>(values[0]), values[1], values[2] == 1)};
}

} // namespace qalpha
