#include "models/execution/sizing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace qalpha {

namespace {

constexpr double seconds_per_year = 365.0 * 86'400.0;

constexpr int64_t full = 10'000;

/// @returns `x` rounded to basis points, within the range of `exposure`.
exposure to_exposure(double bps) noexcept {
  constexpr auto most = double{std::numeric_limits<int32_t>::max()};
  return {static_cast<int32_t>(std::lround(std::clamp(bps, -most, most)))};
}

} // namespace

double ewma_variance(double variance, double log_return, double decay,
                     bool first) noexcept {
  auto square = log_return * log_return;
  return first ? square : decay * variance + (1 - decay) * square;
}

double volatility_scale(double volatility, double target, double cap) noexcept {
  return volatility > 0 ? std::min(cap, target / volatility) : cap;
}

double gaussian_kelly(double mean, double variance, double cost) noexcept {
  if (std::abs(mean) <= cost || variance <= 0)
    return 0;
  return (mean - std::copysign(cost, mean)) / variance;
}

sizer::sizer(sizing_settings settings, timespan bar_interval)
  : settings_(settings),
    bars_per_year_(seconds_per_year * 1e9
                   / static_cast<double>(bar_interval.count())),
    forgetting_(std::exp2(-1 / settings.kelly_half_life)) {
  // nop
}

void sizer::on_bar(const bar& closed) {
  if (settings_.method == sizing_method::fixed)
    return;
  auto close = static_cast<double>(closed.close.ticks);
  auto before = last_close_;
  last_close_ = close;
  if (before <= 0)
    return;
  if (settings_.method == sizing_method::volatility_target) {
    variance_ = ewma_variance(variance_, std::log(close / before),
                              settings_.decay, returns_ == 0);
    ++returns_;
    return;
  }
  // A bar that is watched from outside says nothing about the strategy.
  if (held_.bps != 0)
    learn((close / before - 1) * held_.bps / full);
}

void sizer::learn(double simple_return) noexcept {
  ++returns_;
  weight_ = forgetting_ * weight_ + 1;
  mean_ += (simple_return - mean_) / weight_;
  second_moment_ += (simple_return * simple_return - second_moment_) / weight_;
}

std::optional<exposure> sizer::scale(exposure wanted) {
  held_ = wanted;
  // The way out needs no estimate.
  if (wanted.bps == 0)
    return wanted;
  auto factor = 1.0;
  switch (settings_.method) {
    case sizing_method::fixed:
      return wanted;
    case sizing_method::volatility_target:
      if (returns_ == 0)
        return std::nullopt;
      factor = volatility_scale(std::sqrt(variance_ * bars_per_year_),
                                settings_.target_volatility,
                                settings_.max_scale);
      break;
    case sizing_method::fractional_kelly:
      if (returns_ < settings_.kelly_warm_up)
        return std::nullopt;
      factor = settings_.kelly_fraction
               * gaussian_kelly(mean_, second_moment_ - mean_ * mean_, 0);
      break;
  }
  factor = std::clamp(factor, 0.0, settings_.max_scale);
  return to_exposure(wanted.bps * factor);
}

bool sizer::worthwhile(exposure current, exposure next) const noexcept {
  if (current == next)
    return false;
  if (next.bps == 0 || (current.bps > 0) != (next.bps > 0)
      || (current.bps < 0) != (next.bps < 0))
    return true;
  auto change = std::abs(int64_t{next.bps} - current.bps);
  auto held = std::abs(int64_t{current.bps});
  return change * full >= held * settings_.dead_band_bps;
}

quantity position_for(exposure scaled, money equity, int64_t allocation_bps,
                      price reference, const instrument& rules) {
  if (equity.e8 <= 0 || reference.ticks <= 0)
    return {};
  // One division at the end, so that only the last step rounds.
  auto budget = static_cast<__int128>(equity.e8) * scaled.bps * allocation_bps;
  auto per_lot = static_cast<__int128>(reference.ticks) * rules.unit_e8() * full
                 * full;
  auto lots = budget / per_lot;
  if (lots > std::numeric_limits<int64_t>::max()
      || lots < std::numeric_limits<int64_t>::min())
    throw std::overflow_error{"position: target exceeds 2^63 lots"};
  return {static_cast<int64_t>(lots)};
}

} // namespace qalpha
