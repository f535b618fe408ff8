// With the flow of orders.

#pragma once

#include "models/features/feature.hpp"
#include "models/strategies/catalogue.hpp"
#include "models/strategies/stance.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace qalpha {

inline constexpr parameter order_flow_momentum_parameters[] = {
  {"window", 60, 30, 100'000, "bars that the order flow is compared with"},
  {"entry", 2, 0.1, 10, "deviations of the flow from its mean to go along with",
   false},
  {"spread_window", 20, 1, 100'000, "bars in the mean of the spread"},
  {"max_spread", 5, 0.01, 1'000,
   "mean spread up to which a position is opened, basis points", false},
  {"short", 0, 0, 1, "1 also sells on a flow out of the market"},
};

inline constexpr strategy_entry order_flow_momentum_entry{
  "order_flow_momentum",
  "long while orders keep arriving at the bid, where trading is cheap",
  order_flow_momentum_parameters,
};

/// Goes long when the order flow of a bar lies `entry` deviations above the
/// mean of the `window` bars before it, and out when one lies below the mean;
/// the other way round for shorts. Nothing is opened while the mean of the
/// relative spread over `spread_window` bars is more than `max_spread`: what
/// the flow of a bar foretells is smaller than a wide spread. After Cont,
/// Kukanov and Stoikov (2014), who find that this flow moves prices.
class order_flow_momentum final : public strategy {
public:
  struct settings {
    size_t window;
    double entry;
    size_t spread_window;
    /// A fraction.
    double max_spread;
    bool with_short;
  };

  explicit order_flow_momentum(const settings& values) : settings_(values) {
    // nop
  }

  std::vector<feature_request> features() const override;

  std::optional<exposure> on_bar(const bar& closed,
                                 std::span<const double> values) override;

  std::string reason() const override;

private:
  settings settings_;
  stance stance_ = stance::flat;
  // Behind the last opinion.
  double score_ = undefined;
  double spread_ = undefined;
};

/// @param values in the order of `order_flow_momentum_parameters`, each in its
///               range
fallible<std::unique_ptr<strategy>>
make_order_flow_momentum(std::span<const double> values);

} // namespace qalpha
