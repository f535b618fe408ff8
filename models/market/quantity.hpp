// Quantities as integers.

#pragma once

#include <caf/meta/type_name.hpp>

#include <compare>
#include <cstdint>

namespace qalpha {

/// Quantity in lots of its instrument. Orders and fills carry positive
/// quantities and a side; positions and targets are signed (long is positive).
struct quantity {
  int64_t lots = 0;

  friend constexpr auto operator<=>(const quantity&, const quantity&) = default;

  friend constexpr quantity operator+(quantity a, quantity b) {
    return {a.lots + b.lots};
  }

  friend constexpr quantity operator-(quantity a, quantity b) {
    return {a.lots - b.lots};
  }

  friend constexpr quantity operator-(quantity a) {
    return {-a.lots};
  }

  constexpr quantity& operator+=(quantity b) {
    lots += b.lots;
    return *this;
  }

  constexpr quantity& operator-=(quantity b) {
    lots -= b.lots;
    return *this;
  }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, quantity& x) {
    return f(caf::meta::type_name("quantity"), x.lots);
  }
};

/// @returns the quantity without its sign.
constexpr quantity magnitude(quantity x) noexcept {
  return {x.lots < 0 ? -x.lots : x.lots};
}

} // namespace qalpha
