// Features over the rows of a file.

#pragma once

#include "models/features/feature_plan.hpp"
#include "models/features/feature_source.hpp"
#include "runtime/features/market_table.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace qalpha {

/// @returns the market columns that the plan reads; one that the file does not
///          have is undefined in every row.
/// Lives as long as the table.
class plan_sources {
public:
  plan_sources(const feature_plan& plan, const market_table& table);

  const double* const* data() const noexcept {
    return pointers_.data();
  }

  /// @returns the names of columns that the plan reads and the file lacks.
  const std::vector<std::string>& missing() const noexcept {
    return missing_;
  }

private:
  std::vector<double> undefined_;
  std::vector<const double*> pointers_;
  std::vector<std::string> missing_;
};

/// Writes `timestamp` (open of the bar, milliseconds) and one column a feature:
/// the shortest digits that give the same double back, nothing where undefined.
void write_feature_table(std::ostream& out, const feature_plan& plan,
                         const market_table& table);

/// Reads such a file again.
/// @returns a fault "FILE: row N, column C: expected ..., found ...", also for
///          a file whose columns are not those of the plan.
fallible<feature_table> read_feature_table(const std::string& path,
                                           const feature_plan& plan);

} // namespace qalpha
