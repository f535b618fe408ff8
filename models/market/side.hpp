// The two sides of a trade.

#pragma once

#include <cstdint>
#include <string_view>

namespace qalpha {

/// Direction of an order, a fill or an aggressor. The numeric value is the sign
/// of the position change.
enum class side : int8_t {
  sell = -1,
  buy = 1,
};

/// @returns +1 for buy, -1 for sell.
constexpr int64_t sign(side x) noexcept {
  return static_cast<int64_t>(x);
}

constexpr side opposite(side x) noexcept {
  return x == side::buy ? side::sell : side::buy;
}

constexpr std::string_view to_string(side x) noexcept {
  return x == side::buy ? "buy" : "sell";
}

} // namespace qalpha
