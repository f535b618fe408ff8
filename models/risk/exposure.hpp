// Worst-case exposure: what the account would hold if the market filled every
// order that is open, permitted or of unknown fate.

#pragma once

#include "models/execution/order.hpp"
#include "models/market/quantity.hpp"
#include "models/market/side.hpp"

#include <cstddef>
#include <vector>

namespace qalpha {

/// Reservations of one symbol. A reservation starts with a permit, shrinks with
/// each fill and ends when the order can no longer be filled.
class exposure_book {
public:
  /// Reserves `remaining` lots for an order.
  /// @returns `false` if the id has a reservation already.
  bool reserve(const order_id& id, side direction, quantity remaining);

  /// Moves lots from reserved to held; an unknown id moves lots to held only.
  void filled(const fill& fact);

  /// Ends the reservation of `id`, if there is one.
  void release(const order_id& id);

  /// Notes whether the fate of `id` is unknown.
  void set_unknown(const order_id& id, bool unknown);

  /// Signed lots held according to all fills.
  quantity held() const noexcept {
    return held_;
  }

  void set_held(quantity lots) noexcept {
    held_ = lots;
  }

  /// Lots that open orders of this side can still add.
  quantity reserved(side direction) const noexcept;

  /// Largest |position| that fills of any subset of the open orders can cause,
  /// with one more order of `size` in `direction` (zero: none).
  quantity worst_case(side direction, quantity size) const noexcept;

  /// Largest size of a reduce-only order in `direction` that cannot open a
  /// position, whatever else is filled first.
  quantity reducible(side direction) const noexcept;

  bool has_unknown() const noexcept;

  size_t open_orders() const noexcept {
    return open_.size();
  }

private:
  struct reservation {
    order_id id;
    side direction;
    quantity remaining;
    bool unknown;
  };

  quantity held_;
  // A symbol has one or two open orders; a vector beats a map.
  std::vector<reservation> open_;
};

} // namespace qalpha
