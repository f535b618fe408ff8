#include "runtime/reports/activity.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace qalpha {

namespace {

/// A position existed at all closes in [from, until).
struct holding {
  utc_time from;
  utc_time until;
};

constexpr utc_time never{std::numeric_limits<int64_t>::max()};

/// A maker's fill has the time of the close of its bar and counts there; a
/// taker's at the same time belongs to the bar that opens then.
constexpr utc_time counted_from(utc_time time, bool maker) noexcept {
  return maker ? time : time + timespan{1};
}

using holdings = std::vector<std::vector<holding>>;

holdings from_fills(const backtest_result& result, size_t symbols) {
  holdings all(symbols);
  std::vector<quantity> held(symbols);
  for (auto& fact : result.facts.fills) {
    auto index = fact.id.symbol.index;
    auto before = held[index];
    held[index].lots += sign(fact.direction) * fact.size.lots;
    auto time = counted_from(fact.time, fact.maker);
    if (before.lots == 0)
      all[index].push_back({time, never});
    else if (held[index].lots == 0)
      all[index].back().until = time;
  }
  return all;
}

holdings from_trades(const backtest_input& input,
                     const backtest_result& result) {
  holdings all(input.instruments.size());
  auto maker = input.execution.kind != order_kind::market;
  for (auto& trade : result.trades)
    all[trade.symbol.index].push_back(
      {counted_from(trade.opened, maker), counted_from(trade.closed, maker)});
  return all;
}

uint64_t closes_within(const std::vector<bar>& bars, const holding& span) {
  auto from = std::ranges::lower_bound(bars, span.from, {}, &bar::close_time);
  auto until = std::ranges::lower_bound(bars, span.until, {}, &bar::close_time);
  return until > from ? static_cast<uint64_t>(until - from) : 0;
}

} // namespace

fallible<uint64_t> bars_in_position(const backtest_input& input,
                                    const backtest_result& result) {
  auto is_open = [](const position& x) { return x.size.lots != 0; };
  if (!input.keep_facts
      && std::ranges::any_of(result.account.account.positions, is_open))
    return fault{"a position is open and the fills were not kept"};
  auto all = input.keep_facts ? from_fills(result, input.instruments.size())
                              : from_trades(input, result);
  uint64_t count = 0;
  for (size_t i = 0; i < all.size(); ++i)
    for (auto& span : all[i])
      count += closes_within(input.bars[i], span);
  return count;
}

std::optional<money> traded_value(const backtest_input& input,
                                  const backtest_result& result) {
  if (!input.keep_facts)
    return std::nullopt;
  __int128 sum = 0;
  for (auto& fact : result.facts.fills)
    sum += input.instruments[fact.id.symbol.index].value(fact.px, fact.size).e8;
  if (sum > std::numeric_limits<int64_t>::max())
    return std::nullopt;
  return money{static_cast<int64_t>(sum)};
}

} // namespace qalpha
