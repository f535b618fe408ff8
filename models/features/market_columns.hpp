// The columns of a market that features start from.

#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace qalpha {

/// Values that a column can have.
enum class value_range {
  any,
  not_negative,
  positive,
};

/// One column: a value a bar, known when the bar closes.
struct market_column {
  std::string_view name;
  value_range range;
  /// Meaning and unit.
  std::string_view help;
};

/// All of them. The first `bar_columns` belong to the bar itself: where one of
/// them is wrong, the whole bar is. Those before the time are zero in a bar
/// that is missing.
inline constexpr std::array market_columns{
  market_column{"open", value_range::positive, "first trade of the bar, price"},
  market_column{"high", value_range::positive, "highest trade, price"},
  market_column{"low", value_range::positive, "lowest trade, price"},
  market_column{"close", value_range::positive, "last trade, price"},
  market_column{"volume", value_range::not_negative, "traded, base units"},
  market_column{"quote_volume", value_range::not_negative,
                "traded, quote units"},
  market_column{"trade_count", value_range::not_negative, "number of trades"},
  market_column{"taker_buy_volume", value_range::not_negative,
                "bought by takers, base units"},
  market_column{"time", value_range::any, "close of the bar, milliseconds UTC"},
  market_column{"mark", value_range::positive, "mark price at the close"},
  market_column{"index", value_range::positive, "index price at the close"},
  market_column{"reference", value_range::positive,
                "price at the reference venue at the close"},
  market_column{"funding_rate", value_range::any,
                "rate of the next funding, a fraction"},
  market_column{"open_interest", value_range::not_negative,
                "contracts open, base units"},
  market_column{"bid", value_range::positive, "best bid at the close, price"},
  market_column{"ask", value_range::positive, "best ask at the close, price"},
  market_column{"bid_size", value_range::not_negative,
                "size at the best bid, base units"},
  market_column{"ask_size", value_range::not_negative,
                "size at the best ask, base units"},
  market_column{"order_flow", value_range::any,
                "order flow imbalance of the bar, base units"},
};

inline constexpr size_t bar_columns = 5;

/// Index of the column that every row has.
inline constexpr size_t time_column = 8;

static_assert(market_columns[time_column].name == "time");

/// @returns the index of a column, or the number of columns if it is unknown.
constexpr size_t market_column_index(std::string_view name) noexcept {
  size_t result = 0;
  while (result < market_columns.size() && market_columns[result].name != name)
    ++result;
  return result;
}

} // namespace qalpha
