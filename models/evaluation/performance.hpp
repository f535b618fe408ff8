// What a run was worth, in the figures people compare.
//
// Conventions: simple returns of the equity at each UTC midnight, 365 of them a
// year; sample standard deviation; a risk-free rate of zero. A figure that
// cannot be computed is the reason why, never zero, infinity or NaN.

#pragma once

#include "models/evaluation/equity_curve.hpp"
#include "models/execution/ledger.hpp"
#include "models/machine/fallible.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace qalpha {

/// A number, or one line about why there is none.
using figure = fallible<double>;

/// Periods in a year of a market that never closes.
inline constexpr double days_per_year = 365;

/// Days that have to pass before a result is extrapolated to a year.
inline constexpr size_t fewest_days_for_cagr = 30;

/// Statistics of a series of simple returns. Shares, not percent.
struct return_statistics {
  /// Π(1 + r) − 1.
  figure total;
  /// Compound annual growth; -1 after ruin.
  figure cagr;
  /// Annualised.
  figure volatility;
  /// Mean / deviation, annualised.
  figure sharpe;
  /// Mean / downside deviation over all returns, annualised.
  figure sortino;
  /// CAGR / |deepest drawdown of this series|.
  figure calmar;
  /// Deepest fall below an earlier value, the start included; 0 or negative.
  figure max_drawdown;
  /// Root mean square of the distance from the peak.
  figure ulcer_index;
  /// Share of periods that end below the peak.
  figure underwater;
  /// Number of returns.
  size_t count = 0;
  /// Periods from a peak until it is reached again, the longest of them.
  size_t longest_drawdown = 0;
  /// The longest one had not ended when the series did.
  bool longest_is_open = false;
};

/// Measures returns of equal periods.
/// @param fewest_for_cagr CAGR of a shorter series is refused
return_statistics measure_returns(std::span<const double> returns,
                                  double periods_per_year,
                                  size_t fewest_for_cagr = 1);

/// Statistics of round trips, after fees and funding. Money in quote currency.
struct trade_statistics {
  /// Wins / all; trades of zero count as neither win nor loss.
  figure win_rate;
  /// Gross profit / |gross loss|.
  figure profit_factor;
  /// Mean profit of a trade.
  figure expectancy;
  figure average_win;
  /// Negative.
  figure average_loss;
  /// Average win / |average loss|.
  figure payoff;
  figure best;
  figure worst;
  /// System quality number: √n × mean / deviation of the profits.
  figure sqn;
  /// Seconds from the first to the last fill of a trade, of the trades whose
  /// begin is known (it is not for one that a restart interrupted).
  figure average_holding;
  figure longest_holding;
  uint64_t count = 0;
  uint64_t wins = 0;
  uint64_t losses = 0;
  uint64_t longs = 0;
  money gross_profit{};
  /// Sum of the losing trades; 0 or negative.
  money gross_loss{};
  uint64_t most_wins_in_a_row = 0;
  uint64_t most_losses_in_a_row = 0;
};

trade_statistics measure_trades(std::span<const closed_trade> trades);

/// What a run did, counted while it ran.
struct run_activity {
  /// Bars of all symbols.
  uint64_t bars = 0;
  /// Of these, bars at whose close the symbol had a position.
  uint64_t bars_in_position = 0;
  /// Σ |fill value|, if it was counted.
  std::optional<money> traded;
};

/// All figures of a run.
struct performance {
  money start;
  money end;
  utc_time from;
  utc_time to;
  /// Of the daily closes.
  return_statistics daily;
  /// Of every change of equity, so at least as deep as that of the days.
  figure max_drawdown;
  /// Times and amounts of `max_drawdown`.
  drawdown worst;
  trade_statistics trades;
  /// Share of bars with a position.
  figure exposure;
  /// Traded value / mean equity, times a year.
  figure turnover;
};

/// @returns the simple returns between neighbours; zero after ruin.
std::vector<double> returns_of(std::span<const money> equity);

/// @pre `curve` is finished
performance evaluate(const equity_curve& curve,
                     std::span<const closed_trade> trades,
                     const run_activity& activity);

} // namespace qalpha
