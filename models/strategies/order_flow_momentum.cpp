#include "models/strategies/order_flow_momentum.hpp"

#include "models/strategies/feature_values.hpp"

namespace qalpha {

namespace {

constexpr double basis_point = 1e-4;

} // namespace

std::vector<feature_request> order_flow_momentum::features() const {
  return {
    {"order_flow_z",
     "flow",
     {},
     {{"period", static_cast<double>(settings_.window)}}},
    {"relative_spread", "now", {}, {}},
    {"sma",
     "spread",
     {{"close", "now"}},
     {{"period", static_cast<double>(settings_.spread_window)}}},
  };
}

std::optional<exposure>
order_flow_momentum::on_bar(const bar&, std::span<const double> values) {
  if (!all_defined(values))
    return opinion_of(stance::undecided);
  score_ = values[0];
  spread_ = values[2];
  if ((stance_ == stance::long_side && score_ < 0)
      || (stance_ == stance::short_side && score_ > 0))
    stance_ = stance::flat;
  if (clearly_above(spread_, settings_.max_spread))
    return opinion_of(stance_);
  if (score_ >= settings_.entry)
    stance_ = stance::long_side;
  else if (settings_.with_short && score_ <= -settings_.entry)
    stance_ = stance::short_side;
  return opinion_of(stance_);
}

std::string order_flow_momentum::reason() const {
  return "order_flow_momentum: flow " + value_text(score_)
         + " deviations, spread " + value_text(spread_ / basis_point) + " bp";
}

fallible<std::unique_ptr<strategy>>
make_order_flow_momentum(std::span<const double> values) {
  return std::unique_ptr<strategy>{std::make_unique<order_flow_momentum>(
    order_flow_momentum::settings{static_cast<size_t>(values[0]), values[1],
                                  static_cast<size_t>(values[2]),
                                  values[3] * basis_point, values[4] == 1})};
}

} // namespace qalpha
