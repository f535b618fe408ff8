// One side of the order book of the demo market.

#pragma once

#include "models/market/market_event.hpp"
#include "models/simulation/random_stream.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace qalpha {

/// A fixed number of levels at even distances behind the best price. Keeps what
/// was changed since it was last published.
class demo_ladder {
public:
  static constexpr size_t depth = 20;

  demo_ladder() = default;

  /// @param step distance of the levels in ticks
  demo_ladder(side which, int64_t step) : which_(which), step_(step) {
    // nop
  }

  /// Quantities of new levels; see `demo_profile::level_lots`.
  struct supply {
    int64_t lots;
    random_stream* random;
  };

  int64_t best() const noexcept {
    return best_;
  }

  /// Fills all levels anew.
  void reset(int64_t best, supply from);

  /// Moves the best price; levels that stay within reach keep their quantity.
  /// Appends removed and new levels to `out`, and those that were touched.
  void move(int64_t best, supply from, utc_time time,
            std::vector<market_event>& out);

  /// Appends all levels.
  void publish(utc_time time, std::vector<market_event>& out) const;

  /// A trade takes `lots` at `ticks`. A level is never emptied by it: more is
  /// offered at once.
  void take(int64_t ticks, int64_t lots);

  /// Somebody changes the quantity of a level near the touch.
  void refresh(supply from);

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, demo_ladder& x) {
    return f(caf::meta::type_name("demo_ladder"), x.which_, x.step_, x.best_,
             x.lots_, x.touched_);
  }

private:
  // Signed distance of neighbouring levels, away from the other side.
  int64_t outward() const noexcept {
    return -sign(which_) * step_;
  }

  static int64_t draw(size_t level, supply from);
  void tell(int64_t ticks, int64_t lots, utc_time time,
            std::vector<market_event>& out) const;

  side which_ = side::buy;
  int64_t step_ = 1;
  int64_t best_ = 0;
  std::array<int64_t, depth> lots_{};
  // Bit i: level i differs from what was published.
  uint32_t touched_ = 0;
};

} // namespace qalpha
