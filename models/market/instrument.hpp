// Trading rules of one instrument and the arithmetic that follows from them.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/money.hpp"
#include "models/market/price.hpp"
#include "models/market/quantity.hpp"
#include "models/market/side.hpp"
#include "models/market/symbol_id.hpp"

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// Rules of an instrument as a venue publishes them, in units of 1e-8.
struct instrument_rules {
  /// Venue symbol in capitals, for example "BTCUSDT".
  std::string name;

  /// Price increment in quote currency; positive.
  int64_t tick_e8 = 0;

  /// Quantity increment in base currency; positive.
  int64_t lot_e8 = 0;

  /// Smallest value of an order that opens or adds; zero means no minimum.
  money min_notional;

  /// Largest quantity of one order in lots; zero means no maximum.
  quantity max_order;

  friend bool operator==(const instrument_rules&, const instrument_rules&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, instrument_rules& x) {
    return f(caf::meta::type_name("instrument_rules"), x.name, x.tick_e8,
             x.lot_e8, x.min_notional, x.max_order);
  }
};

/// A linear perpetual future: one lot times one tick has a fixed value.
class instrument {
public:
  /// Checks the rules.
  /// @returns a fault naming the rule if a step is not positive or the value of
  ///          one tick of one lot is not a whole multiple of 1e-8.
  static fallible<instrument> make(symbol_id id, instrument_rules rules);

  symbol_id id() const noexcept {
    return id_;
  }

  const std::string& name() const noexcept {
    return rules_.name;
  }

  const instrument_rules& rules() const noexcept {
    return rules_;
  }

  /// Value of a price change of one tick for one lot, in units of 1e-8 quote.
  int64_t unit_e8() const noexcept {
    return unit_e8_;
  }

  /// @returns price times quantity; has the sign of the quantity.
  money value(price px, quantity qty) const {
    return money_from(static_cast<__int128>(px.ticks) * qty.lots * unit_e8_);
  }

  /// @returns the largest number of lots whose value at `px` is at most
  ///          `budget`; zero for a budget that is not positive.
  /// @pre `px.ticks > 0`
  quantity affordable(money budget, price px) const {
    if (budget.e8 <= 0)
      return {};
    auto per_lot = static_cast<__int128>(px.ticks) * unit_e8_;
    return {static_cast<int64_t>(budget.e8 / per_lot)};
  }

  /// Converts a price in units of 1e-8 quote.
  /// @returns `nullopt` if it is not positive or not a whole number of ticks.
  std::optional<price> exact_price(int64_t e8) const noexcept;

  /// Converts a price in units of 1e-8 quote to the nearest tick, at least one.
  /// @pre `e8 > 0`
  price nearest_price(int64_t e8) const noexcept;

  /// Converts a quantity in units of 1e-8 base, rounding toward zero.
  quantity whole_lots(int64_t e8) const noexcept;

  /// @returns the price in quote currency; for features and display only.
  double to_double(price px) const noexcept {
    return static_cast<double>(px.ticks) * tick_;
  }

  /// @returns the quantity in base currency; for features and display only.
  double to_double(quantity qty) const noexcept {
    return static_cast<double>(qty.lots) * lot_;
  }

  /// @returns the price as decimal text with the places of one tick.
  std::string text(price px) const;

  /// @returns the quantity as decimal text with the places of one lot.
  std::string text(quantity qty) const;

private:
  instrument(symbol_id id, instrument_rules rules, int64_t unit_e8);

  symbol_id id_;
  instrument_rules rules_;
  int64_t unit_e8_;
  double tick_;
  double lot_;
};

/// All instruments of a run; `universe[id.index].id() == id`.
using universe = std::vector<instrument>;

/// @returns the instrument called `name`, if the run has one.
const instrument* find_instrument(const universe& all, std::string_view name);

} // namespace qalpha
