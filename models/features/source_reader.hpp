// Columns of a market as numbers.

#pragma once

#include "models/features/feature_plan.hpp"
#include "models/market/bar.hpp"
#include "models/market/bar_context.hpp"
#include "models/market/instrument.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace qalpha {

/// Reads the columns of a plan. The decimal text of a value and the value in
/// integers give the same double: one division of integers that it holds
/// exactly.
class source_reader {
public:
  source_reader(const feature_plan& plan, const instrument& rules)
    : source_reader(plan.sources, rules) {
    // nop
  }

  /// @param columns indexes of `market_columns`, in place of a plan's sources
  source_reader(std::vector<size_t> columns, const instrument& rules);

  /// Reads the columns that bars have.
  /// @param to one array of `count` for each source of the plan
  void read(const bar* from, size_t count, double* const* to) const noexcept;

  /// Reads the other columns: `undefined` where nothing is known.
  /// @param to one value for each source of the plan
  void read(const bar_context& from, double* const* to) const noexcept;

private:
  void read(size_t column, const bar* from, size_t count,
            double* to) const noexcept;
  double value(size_t column, const bar_context& from) const noexcept;
  double price_of(int64_t ticks) const noexcept;
  double size_of(quantity x) const noexcept;
  double worth_of(int64_t tick_lots) const noexcept;
  double depth_of(const bar_context& from) const noexcept;

  int64_t tick_e8_;
  int64_t lot_e8_;
  // Indexes of `market_columns`.
  std::vector<size_t> columns_;
};

} // namespace qalpha
