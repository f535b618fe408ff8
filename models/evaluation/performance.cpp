#include "models/evaluation/performance.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace qalpha {

namespace {

/// Deviations below this are rounding noise of a constant series.
constexpr double no_deviation = 1e-12;

fault because(std::string reason) {
  return {std::move(reason)};
}

double mean_of(std::span<const double> xs) {
  return std::accumulate(xs.begin(), xs.end(), 0.0)
         / static_cast<double>(xs.size());
}

/// @returns the sample standard deviation.
/// @pre at least two values
double deviation_of(std::span<const double> xs, double mean) {
  auto sum = 0.0;
  for (auto x : xs)
    sum += (x - mean) * (x - mean);
  return std::sqrt(sum / static_cast<double>(xs.size() - 1));
}

// -- returns ------------------------------------------------------------------

/// What a walk along the equity shows. Starts at 1.
struct path {
  double end = 1;
  bool ruined = false;
  double deepest = 0;
  double squares = 0;
  size_t below = 0;
  size_t longest = 0;
  bool longest_open = false;
};

path walk(std::span<const double> returns) {
  path result;
  auto peak = 1.0;
  size_t since = 0;
  for (size_t i = 0; i < returns.size(); ++i) {
    result.end *= 1 + returns[i];
    result.ruined = result.ruined || result.end <= 0;
    auto depth = std::min(result.end / peak - 1, 0.0);
    result.deepest = std::min(result.deepest, depth);
    result.squares += depth * depth;
    if (result.end < peak) {
      ++result.below;
      result.longest = std::max(result.longest, i + 1 - since);
    } else {
      // The period that brings the peak back belongs to the drawdown.
      if (i > since)
        result.longest = std::max(result.longest, i + 1 - since);
      peak = result.end;
      since = i + 1;
    }
  }
  result.longest_open = result.end < peak
                        && returns.size() - since == result.longest;
  return result;
}

figure growth(const path& way, size_t count, double periods_per_year,
              size_t fewest) {
  if (way.ruined)
    return -1.0;
  if (count < fewest)
    return because("too short: " + std::to_string(count) + " days of "
                   + std::to_string(fewest) + " needed");
  return std::pow(way.end, periods_per_year / static_cast<double>(count)) - 1;
}

figure sortino_of(std::span<const double> returns, double mean, double year) {
  auto sum = 0.0;
  for (auto r : returns)
    sum += std::min(r, 0.0) * std::min(r, 0.0);
  if (sum == 0)
    return because("no period lost");
  return mean * year / std::sqrt(sum / static_cast<double>(returns.size()))
         / std::sqrt(year);
}

/// Fills in the ratios of mean and deviation.
void add_ratios(return_statistics& to, std::span<const double> returns,
                double year) {
  auto mean = mean_of(returns);
  to.sortino = sortino_of(returns, mean, year);
  if (returns.size() < 2)
    return;
  auto deviation = deviation_of(returns, mean);
  to.volatility = deviation * std::sqrt(year);
  if (deviation < no_deviation)
    to.sharpe = because("all returns are equal");
  else
    to.sharpe = mean / deviation * std::sqrt(year);
}

return_statistics all_absent(size_t count, const std::string& reason) {
  auto none = figure{because(reason)};
  return_statistics result{none, none, none, none, none,
                           none, none, none, none};
  result.count = count;
  return result;
}

// -- trades -------------------------------------------------------------------

/// Longest runs of wins and of losses; a trade of zero ends both.
void add_streaks(trade_statistics& to, std::span<const closed_trade> trades) {
  uint64_t wins = 0;
  uint64_t losses = 0;
  for (const auto& trade : trades) {
    wins = trade.profit.e8 > 0 ? wins + 1 : 0;
    losses = trade.profit.e8 < 0 ? losses + 1 : 0;
    to.most_wins_in_a_row = std::max(to.most_wins_in_a_row, wins);
    to.most_losses_in_a_row = std::max(to.most_losses_in_a_row, losses);
  }
}

void add_sums(trade_statistics& to, std::span<const closed_trade> trades) {
  to.count = trades.size();
  for (const auto& trade : trades) {
    to.longs += trade.size.lots > 0 ? 1 : 0;
    if (trade.profit.e8 > 0) {
      ++to.wins;
      to.gross_profit += trade.profit;
    } else if (trade.profit.e8 < 0) {
      ++to.losses;
      to.gross_loss += trade.profit;
    }
  }
}

figure ratio(double above, uint64_t below, const char* reason) {
  if (below == 0)
    return because(reason);
  return above / static_cast<double>(below);
}

/// Figures that follow from the sums.
void add_averages(trade_statistics& to) {
  constexpr auto no_wins = "no trade won";
  constexpr auto no_losses = "no trade lost";
  auto profit = to_double(to.gross_profit);
  auto loss = to_double(to.gross_loss);
  to.win_rate = static_cast<double>(to.wins) / static_cast<double>(to.count);
  to.expectancy = to_double(to.gross_profit + to.gross_loss)
                  / static_cast<double>(to.count);
  to.average_win = ratio(profit, to.wins, no_wins);
  to.average_loss = ratio(loss, to.losses, no_losses);
  if (to.losses == 0)
    to.profit_factor = to.payoff = because(no_losses);
  else
    to.profit_factor = profit / -loss;
  if (to.losses > 0 && to.wins == 0)
    to.payoff = because(no_wins);
  else if (to.losses > 0)
    to.payoff = *to.average_win / -*to.average_loss;
}

void add_holding(trade_statistics& to, std::span<const closed_trade> trades) {
  auto sum = 0.0;
  auto longest = 0.0;
  uint64_t known = 0;
  for (const auto& trade : trades) {
    if (trade.opened.ns == 0)
      continue;
    auto held = std::chrono::duration<double>(trade.closed - trade.opened);
    sum += held.count();
    longest = std::max(longest, held.count());
    ++known;
  }
  constexpr auto unknown = "no trade has a known begin";
  to.average_holding = ratio(sum, known, unknown);
  to.longest_holding = known > 0 ? figure{longest} : because(unknown);
}

void add_spread(trade_statistics& to, std::span<const closed_trade> trades) {
  std::vector<double> profits;
  for (const auto& trade : trades)
    profits.push_back(to_double(trade.profit));
  to.best = std::ranges::max(profits);
  to.worst = std::ranges::min(profits);
  if (to.count < 2) {
    to.sqn = because("one trade has no deviation");
    return;
  }
  auto mean = mean_of(profits);
  auto deviation = deviation_of(profits, mean);
  if (deviation < no_deviation)
    to.sqn = because("all trades are equal");
  else
    to.sqn = std::sqrt(static_cast<double>(to.count)) * mean / deviation;
}

// -- runs ---------------------------------------------------------------------

figure turnover_of(const run_activity& activity,
                   std::span<const money> equity) {
  if (!activity.traded)
    return because("the traded value was not counted");
  if (equity.size() < 2)
    return because("no day has passed");
  auto sum = 0.0;
  for (auto x : equity)
    sum += to_double(x);
  if (sum <= 0)
    return because("mean equity is not positive");
  auto mean = sum / static_cast<double>(equity.size());
  return to_double(*activity.traded) / mean * days_per_year
         / static_cast<double>(equity.size() - 1);
}

figure depth_of(const drawdown& worst) {
  if (worst.peak.e8 <= 0)
    return because("equity was never positive");
  return to_double(worst.trough) / to_double(worst.peak) - 1;
}

} // namespace

std::vector<double> returns_of(std::span<const money> equity) {
  std::vector<double> result;
  for (size_t i = 1; i < equity.size(); ++i) {
    auto before = to_double(equity[i - 1]);
    result.push_back(before > 0 ? to_double(equity[i]) / before - 1 : 0.0);
  }
  return result;
}

return_statistics measure_returns(std::span<const double> returns,
                                  double periods_per_year,
                                  size_t fewest_for_cagr) {
  if (returns.empty())
    return all_absent(0, "no period has passed");
  auto count = static_cast<double>(returns.size());
  auto way = walk(returns);
  auto result = all_absent(returns.size(), way.ruined
                                             ? "equity reached zero"
                                             : "one return has no deviation");
  result.total = way.end - 1;
  result.cagr = growth(way, returns.size(), periods_per_year, fewest_for_cagr);
  result.max_drawdown = way.deepest;
  result.ulcer_index = std::sqrt(way.squares / count);
  result.underwater = static_cast<double>(way.below) / count;
  result.longest_drawdown = way.longest;
  result.longest_is_open = way.longest_open;
  if (way.ruined)
    return result;
  add_ratios(result, returns, periods_per_year);
  if (!result.cagr)
    result.calmar = result.cagr;
  else if (way.deepest == 0)
    result.calmar = because("equity never fell");
  else
    result.calmar = *result.cagr / -way.deepest;
  return result;
}

trade_statistics measure_trades(std::span<const closed_trade> trades) {
  auto none = figure{because("no trade was closed")};
  trade_statistics result{none, none, none, none, none, none,
                          none, none, none, none, none};
  if (trades.empty())
    return result;
  add_sums(result, trades);
  add_streaks(result, trades);
  add_averages(result);
  add_spread(result, trades);
  add_holding(result, trades);
  return result;
}

performance evaluate(const equity_curve& curve,
                     std::span<const closed_trade> trades,
                     const run_activity& activity) {
  const auto& equity = curve.daily();
  auto returns = returns_of(equity);
  return {
    .start = equity.front(),
    .end = equity.back(),
    .from = curve.first_time(),
    .to = curve.last_time(),
    .daily = measure_returns(returns, days_per_year, fewest_days_for_cagr),
    .max_drawdown = depth_of(curve.worst()),
    .worst = curve.worst(),
    .trades = measure_trades(trades),
    .exposure = ratio(static_cast<double>(activity.bars_in_position),
                      activity.bars, "no bar was seen"),
    .turnover = turnover_of(activity, equity)};
}

} // namespace qalpha
