// Bars of one instrument as training reads them.

#pragma once

#include "models/features/market_columns.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace qalpha {

/// What a training set is made of, one object an instrument.
struct market_rows {
  /// Of the instrument, for people and for faults.
  std::string name;
  /// One vector a market column, empty if there is none; "time" is the close of
  /// the bar. NaN where there is no value.
  std::array<std::vector<double>, market_columns.size()> columns;

  size_t rows() const noexcept {
    return columns[time_column].size();
  }
};

} // namespace qalpha
