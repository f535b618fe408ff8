// What the ALLOCATOR notices about models: that they are late, or that two of
// them disagree.

#pragma once

#include "models/checkpoints/model_role.hpp"
#include "models/market/symbol_id.hpp"
#include "models/market/time.hpp"

#include <caf/meta/type_name.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace qalpha {

/// Fact: forecast and policy have begun to disagree, or have ceased to.
/// ALLOCATOR → GUARDIAN, WATCHDOG.
struct models_disagree {
  symbol_id symbol;
  utc_time time;
  /// 0 to 1, see `disagreement_monitor`.
  double average = 0;
  /// Decisions for which it has been too high; zero: no longer.
  uint32_t in_a_row = 0;

  friend bool operator==(const models_disagree&, const models_disagree&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, models_disagree& x) {
    return f(caf::meta::type_name("models_disagree"), x.symbol, x.time,
             x.average, x.in_a_row);
  }
};

/// Fact: a model has begun to miss its time, or answers about all symbols in
/// time again. ALLOCATOR → GUARDIAN, WATCHDOG.
struct model_late {
  /// By whose bar it was noticed.
  symbol_id symbol;
  utc_time time;
  model_role who = model_role::forecaster;
  /// Bars of this symbol in a row without an answer in time; zero: no longer.
  uint32_t in_a_row = 0;
  /// Since the start, over all symbols.
  uint64_t total = 0;

  friend bool operator==(const model_late&, const model_late&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, model_late& x) {
    return f(caf::meta::type_name("model_late"), x.symbol, x.time, x.who,
             x.in_a_row, x.total);
  }
};

/// @returns how sure a distribution is of its direction: the probability of a
///          rise less that of a fall, -1 to 1.
/// @param levels between 0 and 1, rising
/// @param quantiles at these levels, rising
inline double direction_of(std::span<const double> levels,
                           std::span<const double> quantiles) noexcept {
  auto size = std::min(levels.size(), quantiles.size());
  if (size == 0)
    return 0;
  size_t above = 0;
  while (above < size && quantiles[above] < 0)
    ++above;
  double below_zero = 0;
  if (above == 0)
    below_zero = levels.front();
  else if (above == size)
    below_zero = levels[size - 1];
  else {
    auto step = quantiles[above] - quantiles[above - 1];
    auto part = step > 0 ? -quantiles[above - 1] / step : 0;
    below_zero = levels[above - 1] + part * (levels[above] - levels[above - 1]);
  }
  return 1 - 2 * below_zero;
}

} // namespace qalpha
