// From a wanted exposure to a position size.

#pragma once

#include "models/execution/decision.hpp"
#include "models/market/bar.hpp"
#include "models/market/instrument.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace qalpha {

/// How exposure is scaled before it meets equity and price.
enum class sizing_method : uint8_t {
  /// As the strategy says.
  fixed,
  /// Times target volatility / estimated volatility (MATHS: EWMA, annualised).
  volatility_target,
  /// Times the fractional Kelly share of the strategy's past returns, Gaussian
  /// approximation f = fraction * mean / variance, never negative.
  fractional_kelly,
};

constexpr std::string_view to_string(sizing_method x) noexcept {
  switch (x) {
    case sizing_method::fixed:
      return "fixed";
    case sizing_method::volatility_target:
      return "volatility_target";
    case sizing_method::fractional_kelly:
      return "fractional_kelly";
  }
  return "?";
}

/// Settings of `sizer`.
struct sizing_settings {
  sizing_method method = sizing_method::fixed;

  /// Share of equity that exposure 10'000 stands for, before scaling; divided
  /// among the symbols of the run by the caller.
  int64_t allocation_bps = 10'000;

  /// Annualised volatility aimed at, 0.5 is 50 %.
  double target_volatility = 0.5;

  /// Weight of the past in the EWMA of squared log returns, per bar.
  double decay = 0.94;

  /// Share of the Kelly optimum that is used.
  double kelly_fraction = 0.25;

  /// Bars after which mean and variance of Kelly have forgotten half.
  double kelly_half_life = 500;

  /// Upper bound of the scale, whatever the method says.
  double max_scale = 3.0;

  /// A change of the scaled exposure smaller than this share of the current one
  /// is not worth its costs (basis points).
  int64_t dead_band_bps = 1'000;
};

/// Scales the exposure of one symbol.
class sizer {
public:
  /// @pre `bar_interval > 0`; used to annualise (365 days).
  sizer(sizing_settings settings, timespan bar_interval);

  /// Takes one closed bar. Costs nothing for `fixed`.
  void on_bar(const bar& closed);

  /// @returns `wanted` scaled and capped, or `nullopt` while the estimate is
  ///          not warm (fewer than two bars), which means: do not trade.
  std::optional<exposure> scale(exposure wanted) const;

  /// @returns `true` if going from `current` to `next` is worth a trade: a new
  ///          sign, a way to zero, or a change beyond the dead band.
  bool worthwhile(exposure current, exposure next) const noexcept;

private:
  sizing_settings settings_;
  double bars_per_year_;
  double last_close_ = 0;
  double variance_ = 0;
  double mean_ = 0;
  double second_moment_ = 0;
  uint64_t returns_ = 0;
};

/// @returns the signed position that stands for `scaled` at `reference`,
///          rounded toward zero to whole lots: equity × share × allocation /
///          (price × lot). Zero for equity that is not positive.
quantity position_for(exposure scaled, money equity, int64_t allocation_bps,
                      price reference, const instrument& rules);

} // namespace qalpha
