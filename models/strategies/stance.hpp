// The opinions of a classic rule.

#pragma once

#include "models/execution/decision.hpp"

#include <cstdint>
#include <optional>

namespace qalpha {

/// What a rule without degrees wants. The value of the first three is the sign.
enum class stance : int8_t {
  short_side = -1,
  flat = 0,
  long_side = 1,
  /// Warming up.
  undecided = 2,
};

/// All of the capital in the direction of each stance.
inline constexpr std::optional<exposure> stance_opinions[] = {
  exposure{-10'000},
  exposure{0},
  exposure{10'000},
  std::nullopt,
};

/// @returns the exposure that `x` stands for. To be returned as it is: GCC 12
/// builds an optional from two short stores and loads it back with one long
/// load, which stalls the processor for 6 ns on each bar; a load from this
/// table does not.
constexpr const std::optional<exposure>& opinion_of(stance x) noexcept {
  return stance_opinions[static_cast<int8_t>(x) + 1];
}

} // namespace qalpha
