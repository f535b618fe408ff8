// What the models say, weighed against what a trade costs.

#pragma once

#include "models/features/feature.hpp"
#include "models/outlook/guarded_position.hpp"
#include "models/strategies/catalogue.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace qalpha {

inline constexpr parameter trinity_parameters[] = {
  {"ahead", 0, 0, 10'000,
   "bars ahead whose distribution counts, 0 is the last of the forecast"},
  {"cost_bps", 12, 0, 1'000, "of a round trip, basis points", false},
  {"kelly_fraction", 0.25, 0.01, 1, "share of the Kelly optimum", false},
  {"max_exposure", 1, 0.01, 20, "largest share of the capital", false},
  {"trade_risk", 0.02, 0.001, 0.2,
   "share of the capital that a move of three average ranges may cost", false},
  {"atr", 14, 1, 10'000, "bars in the average range"},
  {"sideways", 0.7, 0, 1, "scale in a market that goes nowhere", false},
  {"high_volatility", 0.4, 0, 1, "scale in a wild market", false},
  {"unknown", 0.3, 0, 1,
   "scale without a regime or in a market like none in training", false},
  {"without_policy", 0.5, 0, 1, "scale while the policy is silent", false},
  {"patience", 12, 1, 100'000,
   "bars without a forecast after which the position is closed"},
};

inline constexpr strategy_entry trinity_entry{
  "trinity",
  "a fraction of Kelly from the forecast's quantiles, by regime and policy",
  trinity_parameters,
};

/// Figures of `trinity`, in the order of `trinity_parameters`.
struct trinity_settings {
  size_t ahead;
  double cost;
  double kelly_fraction;
  double max_exposure;
  double trade_risk;
  size_t atr;
  double sideways;
  double high_volatility;
  double unknown;
  double without_policy;
  size_t patience;
};

/// Share of capital = Kelly from the quantiles after costs, times a fraction,
/// within what a move of three average ranges may cost, times the scale of the
/// regime, times one less the disagreement with the policy, times how sure the
/// policy is; zero where policy and forecast have opposite signs (MATHS,
/// section 10). Without a forecast there is no opinion, and after `patience`
/// such bars none is left of the position either. Rounded to whole percents, so
/// that the last digits of a forecast cause no trades.
///
/// A side is entered with the stop and the take profit that the policy wants at
/// that bar, measured from its close; they hold until the side changes. Orders
/// do not carry them: the strategy sees at the close of a bar whether its high
/// or low was beyond one, and then wants nothing until it no longer wants that
/// side. So an exit comes up to a bar late and at another price than its level.
/// A node that restarts has forgotten the levels: the first side that it wants
/// counts as entered then.
class trinity final : public strategy {
public:
  explicit trinity(const trinity_settings& settings) : settings_(settings) {
    // nop
  }

  std::vector<feature_request> features() const override;

  bool listens() const override {
    return true;
  }

  std::optional<exposure> on_bar(const bar& closed,
                                 std::span<const double> values) override;

  std::optional<exposure> on_outlook(const outlook& said) override;

  std::string reason() const override {
    return reason_;
  }

private:
  struct weight {
    double scale;
    std::string text;
    // What the policy wants to leave a position by.
    double stop = 0;
    double take_profit = 0;
  };

  std::optional<exposure> without_forecast();
  exposure guard(int32_t wanted, const weight& advice);
  std::string exit_text() const;
  weight of_market(const outlook& said) const;
  weight of_advice(const outlook& said, double share) const;

  trinity_settings settings_;
  double range_ = undefined;
  size_t silent_bars_ = 0;
  // Of what was wanted, in basis points.
  guarded_position held_;
  double close_ = 0;
  // How the last exit came about.
  std::string exit_;
  std::string reason_ = "trinity: no forecast yet";
};

/// @param values in the order of `trinity_parameters`, each in its range
fallible<std::unique_ptr<strategy>>
make_trinity(std::span<const double> values);

} // namespace qalpha
