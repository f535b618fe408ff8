// Prices as integers.

#pragma once

#include <caf/meta/type_name.hpp>

#include <compare>
#include <cstdint>

namespace qalpha {

/// Price in ticks of its instrument. One tick is the minimum increment. Valid
/// prices are positive; zero means "no price" and is used only inside events
/// that say so. Decimal text is converted at the edges (see `instrument`).
struct price {
  int64_t ticks = 0;

  friend constexpr auto operator<=>(const price&, const price&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, price& x) {
    return f(caf::meta::type_name("price"), x.ticks);
  }
};

/// A price between two ticks.
struct fine_price {
  int64_t ticks = 0;

  /// Beyond `ticks`, in units of 1e-8 of a tick.
  int64_t part_e8 = 0;

  friend bool operator==(const fine_price&, const fine_price&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, fine_price& x) {
    return f(caf::meta::type_name("fine_price"), x.ticks, x.part_e8);
  }
};

} // namespace qalpha
