// Positions, balances and profit of one account, exact to 1e-8.

#pragma once

#include "models/execution/order.hpp"
#include "models/market/instrument.hpp"

#include <cstdint>
#include <vector>

namespace qalpha {

/// Position in one instrument by average cost.
struct position {
  /// Signed lots.
  quantity size;
  /// What the open lots cost (signed like `size`). The average entry price is
  /// cost / size; keeping the sum instead makes partial closes exact.
  money cost;
  /// Profit of closed lots before fees and funding.
  money realised;
  /// Paid in total; negative if rebates prevail.
  money fees;
  /// Paid in total; negative if received.
  money funding;
  /// Last mark; before the first, the price of the first fill; zero ticks
  /// before both.
  price mark;

  friend bool operator==(const position&, const position&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, position& x) {
    return f(caf::meta::type_name("position"), x.size, x.cost, x.realised,
             x.fees, x.funding, x.mark);
  }
};

/// A round trip: the position left zero and came back to it, or changed sign.
struct closed_trade {
  symbol_id symbol;
  utc_time opened;
  utc_time closed;
  /// Largest size held; positive for long.
  quantity size;
  /// After fees and funding. A fill that turns a position around shares its
  /// fee between the trade it ends and the trade it begins.
  money profit;

  friend bool operator==(const closed_trade&, const closed_trade&) = default;
};

/// Book-keeping of one account.
///
///   equity = start + Σ realised − Σ fees − Σ funding + Σ unrealised
///
/// holds exactly after every call: rounding of partial closes moves between
/// realised and cost, never out of the sum.
class ledger {
public:
  /// @pre `instruments` outlives the ledger
  ledger(const universe& instruments, money start);

  /// Continues with the positions of an earlier life, in the order of the
  /// instruments. A position without a mark is valued at its entry price. Round
  /// trips that are open begin anew: what they earned before is in the
  /// position, not in the next `closed_trade`, whose opening time is not set.
  void restore(const std::vector<position>& positions);

  /// Books a fill.
  /// @returns `true` if a round trip ended with it; see `last_trade`.
  /// @pre `fact.px` and `fact.size` are positive
  bool apply(const fill& fact);

  void apply(const funding_payment& fact);

  /// Values the position in `symbol` at `mark`.
  /// @pre `mark.ticks > 0`
  void mark(symbol_id symbol, price mark) {
    auto& pos = positions_[symbol.index];
    if (pos.size.lots != 0) {
      auto change = static_cast<__int128>(mark.ticks - pos.mark.ticks)
                    * pos.size.lots * units_[symbol.index];
      unrealised_ += money_from(change);
    }
    pos.mark = mark;
  }

  const position& at(symbol_id symbol) const {
    return positions_[symbol.index];
  }

  const std::vector<position>& positions() const noexcept {
    return positions_;
  }

  const closed_trade& last_trade() const noexcept {
    return last_trade_;
  }

  money start() const noexcept {
    return start_;
  }

  /// Balance without open profits.
  money cash() const {
    return start_ + realised_ - fees_ - funding_;
  }

  money equity() const {
    return cash() + unrealised_;
  }

  money realised() const noexcept {
    return realised_;
  }

  money unrealised() const noexcept {
    return unrealised_;
  }

  money fees() const noexcept {
    return fees_;
  }

  money funding() const noexcept {
    return funding_;
  }

  /// @returns Σ |size| × mark.
  money gross() const;

private:
  // Accumulates the round trip that is open in one symbol.
  struct round_trip {
    utc_time opened;
    quantity peak;
    money profit;
  };

  /// Books `change` lots in the direction of the position, or from zero.
  void open(symbol_id symbol, quantity change, price px, money fee,
            utc_time time);

  /// Books `change` lots against the position, at most all of it.
  /// @returns `true` if the position is zero now.
  bool close(symbol_id symbol, quantity change, price px, money fee,
             utc_time time);

  const universe* instruments_;
  money start_;
  money realised_;
  money unrealised_;
  money fees_;
  money funding_;
  std::vector<position> positions_;
  std::vector<round_trip> trips_;
  std::vector<int64_t> units_;
  closed_trade last_trade_;
};

} // namespace qalpha
