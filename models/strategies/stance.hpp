// The three opinions of a classic rule.

#pragma once

#include "models/execution/decision.hpp"

#include <cstdint>
#include <string_view>

namespace qalpha {

/// What a rule without degrees wants. The numeric value is the sign.
enum class stance : int8_t {
  short_side = -1,
  flat = 0,
  long_side = 1,
};

/// @returns all of the capital in the direction of `x`.
constexpr exposure full_exposure(stance x) noexcept {
  return {static_cast<int32_t>(x) * 10'000};
}

constexpr std::string_view to_string(stance x) noexcept {
  switch (x) {
    case stance::short_side:
      return "short";
    case stance::flat:
      return "flat";
    case stance::long_side:
      return "long";
  }
  return "?";
}

} // namespace qalpha
