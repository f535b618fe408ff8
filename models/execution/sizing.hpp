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

  /// Returns of the strategy (bars on which it wanted a position) before Kelly
  /// has an opinion; of fewer, the mean is noise.
  uint64_t kelly_warm_up = 30;

  /// Upper bound of the scale, whatever the method says.
  double max_scale = 3.0;

  /// A change of the scaled exposure smaller than this share of the current one
  /// is not worth its costs (basis points).
  int64_t dead_band_bps = 1'000;
};

/// @returns the EWMA of squared log returns, λ·σ² + (1 − λ)·r², per bar; the
///          first return is its own estimate.
double ewma_variance(double variance, double log_return, double decay,
                     bool first) noexcept;

/// @returns target / volatility, at most `cap`; `cap` for a volatility of zero.
double volatility_scale(double volatility, double target, double cap) noexcept;

/// @returns the share of capital that maximises growth under Gaussian returns,
///          (μ − sgn(μ)·cost) / σ², negative for a short; zero if |μ| does not
///          exceed `cost` or there is no variance.
double gaussian_kelly(double mean, double variance, double cost) noexcept;

/// Scales the exposure of one symbol. A bar is shown to `on_bar` first, then
/// the strategy's opinion about it to `scale`.
class sizer {
public:
  /// @pre `bar_interval > 0`; used to annualise (365 days).
  sizer(sizing_settings settings, timespan bar_interval);

  /// Takes one closed bar. Costs nothing for `fixed`.
  void on_bar(const bar& closed);

  /// Notes `wanted` as what the strategy holds during the following bars; its
  /// returns, unscaled, are what Kelly learns from, traded or not.
  /// @returns `wanted` scaled and capped, or `nullopt` while the estimate is
  ///          not warm (fewer than two bars, or `kelly_warm_up`), which means:
  ///          do not trade. Zero is zero at once: the way out needs no
  ///          estimate.
  std::optional<exposure> scale(exposure wanted);

  /// @returns `true` if going from `current` to `next` is worth a trade: a new
  ///          sign, a way to zero, or a change of at least the dead band.
  bool worthwhile(exposure current, exposure next) const noexcept;

private:
  void learn(double simple_return) noexcept;

  sizing_settings settings_;
  double bars_per_year_;
  // Weight of the past in the estimates of Kelly, per bar.
  double forgetting_;
  exposure held_;
  double last_close_ = 0;
  double variance_ = 0;
  double weight_ = 0;
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
