// The short name of an instrument inside one run.

#pragma once

#include <caf/meta/type_name.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>

namespace qalpha {

/// Position of an instrument in the run's list of instruments (see
/// `universe`). Text symbols appear only at the edges of the process.
struct symbol_id {
  uint16_t index = 0;

  friend constexpr auto operator<=>(const symbol_id&, const symbol_id&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, symbol_id& x) {
    return f(caf::meta::type_name("symbol_id"), x.index);
  }
};

} // namespace qalpha
