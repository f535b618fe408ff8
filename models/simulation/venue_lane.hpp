// What a simulated venue keeps per symbol.

#pragma once

#include "models/market/book.hpp"
#include "models/simulation/venue_order.hpp"

#include <cstdint>
#include <limits>
#include <utility>
#include <variant>
#include <vector>

namespace qalpha {

/// A command on its way to the matching engine.
struct venue_command {
  utc_time arrival;
  /// Number of this command, in the order in which the venue was told.
  uint64_t receipt = 0;
  std::variant<order_intent, cancel_order, query_order> what;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, venue_command& x) {
    return f(caf::meta::type_name("venue_command"), x.arrival, x.receipt,
             x.what);
  }
};

/// An order in the book of the venue.
struct lane_order {
  venue_order order;

  /// The order took all it could and rests at a price that the market, which
  /// does not know of us, still shows on the other side. What is shown there
  /// was ours already and is not taken twice.
  bool shadowed = false;

  /// Filled within the bar at hand; counts against `bar_volume_share_bps`.
  quantity in_bar;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, lane_order& x) {
    return f(caf::meta::type_name("lane_order"), x.order, x.shadowed, x.in_bar);
  }
};

/// Funding of a position that was held at `boundary` and waits for a price.
struct funding_due {
  utc_time boundary;
  quantity held;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, funding_due& x) {
    return f(caf::meta::type_name("funding_due"), x.boundary, x.held);
  }
};

/// The part of a symbol that every bar touches: small, so that the symbols of a
/// run lie side by side.
struct venue_pulse {
  /// Last price at which positions are valued; zero before the first.
  price mark;

  /// A bar that opens before this time changes nothing but the mark.
  int64_t quiet_until_ns = std::numeric_limits<int64_t>::min();

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, venue_pulse& x) {
    return f(caf::meta::type_name("venue_pulse"), x.mark, x.quiet_until_ns);
  }
};

/// The rest of a symbol.
struct venue_lane {
  symbol_id symbol;

  /// By arrival, ties by receipt.
  std::vector<venue_command> pending;

  /// By arrival. Orders that ended stay until the end of the step.
  std::vector<lane_order> open;

  /// The last of `open` has arrived while no price was known. All later
  /// commands but queries wait with it: it came first.
  bool waiting = false;

  book levels;

  /// A complete book was seen: matching is on books from then on.
  bool has_book = false;

  /// `levels` is between two groups of changes.
  bool consistent = false;

  /// The venue publishes mark prices; without them, trades set the mark.
  bool has_mark = false;

  /// Zero before the first event.
  utc_time next_funding;

  std::vector<funding_due> owed;
};

} // namespace qalpha
