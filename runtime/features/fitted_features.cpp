#include "runtime/features/fitted_features.hpp"

#include "models/features/order_flow/integrated_flow.hpp"

#include <fmt/format.h>

#include <cmath>
#include <vector>

namespace qalpha {

namespace {

/// @returns the flows of the rows in which all are known, in units of the mean
///          size of a level.
std::vector<level_flows> normalised_flows(const market_table& table) {
  auto first = market_column_index("order_flow");
  auto& depths = table.columns[market_column_index("book_depth")];
  std::vector<level_flows> result;
  if (depths.empty())
    return result;
  for (size_t row = 0; row < table.rows(); ++row) {
    flow_bucket bucket;
    bucket.depth = depths[row];
    auto known = bucket.depth > 0;
    for (size_t level = 0; level < bucket.sums.size() && known; ++level) {
      auto& column = table.columns[first + level];
      known = !column.empty() && std::isfinite(column[row]);
      if (known)
        bucket.sums[level] = column[row];
    }
    if (known)
      result.push_back(bucket.normalised());
  }
  return result;
}

} // namespace

fallible<fitted_feature> fit_integrated_flow(const market_table& table) {
  auto flows = normalised_flows(table);
  if (flows.empty())
    return fault{"order_flow_integrated: expected rows with order_flow to "
                 "order_flow_10 and book_depth, found none"};
  auto fitted = integrated_flow::fit(flows, book_top::most_levels);
  if (!fitted)
    return fault{"order_flow_integrated: " + fitted.error().text};
  fitted_feature result{{"order_flow_integrated", "order_flow_integrated"},
                        flows.size()};
  for (size_t i = 0; i < fitted->weights().size(); ++i)
    result.request.parameters["weight_" + std::to_string(i + 1)]
      = fitted->weights()[i];
  result.quality
    = fmt::format("the weights explain {:.1f} % of the variance of {} rows",
                  100 * fitted->explained(), flows.size());
  return result;
}

} // namespace qalpha
