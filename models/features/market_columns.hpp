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
                "arrived at the best bid less at the best ask, base units"},
  market_column{"order_flow_2", value_range::any,
                "as order_flow, at the second best prices"},
  market_column{"order_flow_3", value_range::any, "at the third best prices"},
  market_column{"order_flow_4", value_range::any, "at the fourth best prices"},
  market_column{"order_flow_5", value_range::any, "at the fifth best prices"},
  market_column{"order_flow_6", value_range::any, "at the sixth best prices"},
  market_column{"order_flow_7", value_range::any, "at the seventh best prices"},
  market_column{"order_flow_8", value_range::any, "at the eighth best prices"},
  market_column{"order_flow_9", value_range::any, "at the ninth best prices"},
  market_column{"order_flow_10", value_range::any, "at the tenth best prices"},
  market_column{"book_depth", value_range::not_negative,
                "mean size of one of the best 10 levels of a side over the "
                "changes of the book, base units"},
  market_column{"bid_depth", value_range::not_negative,
                "size of the best 10 bids at the close, base units"},
  market_column{"ask_depth", value_range::not_negative,
                "size of the best 10 asks at the close, base units"},
  market_column{"effective_cost", value_range::any,
                "sum over the trades of twice their distance from the middle "
                "before them times their size, quote units, positive where "
                "takers paid"},
  market_column{"realised_cost", value_range::any,
                "the same against the middle 5 s later, of the trades whose "
                "5 s ended with the bar or in it"},
  market_column{"impact_cost", value_range::any,
                "sum over these of twice the way of the middle meanwhile "
                "times their size, quote units"},
  market_column{"settled_value", value_range::not_negative,
                "what these traded, quote units"},
  market_column{"tick", value_range::positive, "smallest step of the price"},
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
