// Recorded rows of a book and of trades, as golden vectors have them.

#pragma once

#include "tests/models/features/golden_table.hpp"
#include "tests/models/features/order_flow/books.hpp"

#include "models/features/order_flow/book_top.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <string>
#include <vector>

namespace qalpha::test {

inline constexpr double tick = 0.1;
inline constexpr size_t golden_levels = 5;

/// Compares, and says at the end how much and how well.
class order_flow_judge {
public:
  ~order_flow_judge() {
    CAF_MESSAGE(judge_.columns << " columns and values, worst at "
                               << judge_.worst
                               << " of the tolerance: " << judge_.worst_name);
  }

  /// Undefined cells have to be undefined.
  void column(const std::string& name, const number_column& actual,
              const number_column& expected) {
    auto good = judge_.judge(name, actual, expected, 1e-9);
    for (size_t row = 0; good && row < expected.size(); ++row)
      good = std::isnan(actual[row]) == std::isnan(expected[row]);
    if (!good)
      CAF_ERROR(name << " is off: " << judge_.worst_name);
  }

  void value(const std::string& name, double actual, double expected) {
    column(name, {actual}, {expected});
  }

  /// For values that are tiny.
  void relative(const std::string& name, double actual, double expected) {
    value(name, actual / expected, 1);
  }

private:
  golden_judge judge_;
};

inline int64_t ticks_of(double price, double size = tick) {
  return std::llround(price / size);
}

inline std::vector<book_top> golden_books() {
  auto table = golden_table("orderflow/book_l2.csv");
  std::vector<book_top> result(table.at("ts_us").size());
  for (size_t i = 0; i < golden_levels; ++i) {
    auto level = std::to_string(i);
    for (size_t row = 0; row < result.size(); ++row) {
      result[row].bids[i] = {ticks_of(table.at("bp" + level)[row]),
                             table.at("bq" + level)[row]};
      result[row].asks[i] = {ticks_of(table.at("ap" + level)[row]),
                             table.at("aq" + level)[row]};
    }
  }
  return result;
}

} // namespace qalpha::test
