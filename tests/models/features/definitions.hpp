// Compares features with what their definitions say, row by row.

#pragma once

#include "tests/models/features/generated_rows.hpp"

#include <caf/test/unit_test.hpp>

#include <string>

namespace qalpha::test {

inline number_column& column_of(number_table& market, std::string_view name) {
  return market.columns[market_column_index(name)];
}

inline feature_plan plan_of_one(const feature_request& request) {
  feature_spec spec;
  spec.features.push_back(request);
  auto plan = feature_plan::make(spec);
  if (!plan)
    CAF_FAIL(plan.error().text);
  return std::move(*plan);
}

/// @returns the columns of one feature with the given parameters.
inline number_table
computed(const std::string& feature, const number_table& market,
         const std::map<std::string, double>& parameters = {}) {
  auto plan = plan_of_one({feature, "x", {}, parameters});
  feature_pipeline pipeline{plan};
  return run_at_once(pipeline, sources_of(plan, market));
}

/// @returns the last row of the first output.
inline double last_of(const std::string& feature, const number_table& market,
                      const std::map<std::string, double>& parameters = {}) {
  return computed(feature, market, parameters).columns[0].back();
}

/// Checks an output: undefined before row `first`, as defined from it on.
/// @param definition is called with a row and returns its value
template <class F>
void check_rows(const number_column& actual, size_t first, F definition) {
  for (size_t row = 0; row < actual.size(); ++row) {
    if (row < first) {
      if (!std::isnan(actual[row]))
        CAF_FAIL("row " << row << " has a value: " << actual[row]);
      continue;
    }
    auto expected = static_cast<double>(definition(row));
    // Written so that NaN fails.
    if (!(std::abs(actual[row] - expected)
          <= 1e-9 * std::abs(expected) + 1e-14))
      CAF_FAIL("row " << row << ": " << actual[row] << ", not " << expected);
  }
  CAF_CHECK(first < actual.size());
}

/// @returns the sum of `f(i)` over the last `count` rows up to `row`, in twice
///          the digits.
template <class F>
long double sum_over(size_t row, size_t count, F f) {
  long double result = 0;
  for (auto i = row + 1 - count; i <= row; ++i)
    result += f(i);
  return result;
}

/// @returns the sum of products of deviations from the means.
template <class F, class G>
long double products_over(size_t row, size_t count, F f, G g) {
  auto n = static_cast<long double>(count);
  auto mean_f = sum_over(row, count, f) / n;
  auto mean_g = sum_over(row, count, g) / n;
  return sum_over(row, count,
                  [&](size_t i) { return (f(i) - mean_f) * (g(i) - mean_g); });
}

} // namespace qalpha::test
