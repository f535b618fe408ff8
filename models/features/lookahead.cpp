#include "models/features/lookahead.hpp"

#include "models/features/pipeline.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qalpha {

namespace {

using table = std::vector<std::vector<double>>;

table compute(const feature_plan& plan, const double* const* sources,
              size_t rows) {
  table result(plan.columns.size(), std::vector<double>(rows));
  std::vector<double*> columns;
  for (auto& column : result)
    columns.push_back(column.data());
  feature_pipeline{plan}.update(sources, columns.data(), rows);
  return result;
}

bool is_same(double a, double b) {
  return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b)
         || (std::isnan(a) && std::isnan(b));
}

} // namespace

std::vector<lookahead_finding> find_lookahead(const feature_plan& plan,
                                              const double* const* sources,
                                              size_t rows, size_t cuts) {
  std::vector<lookahead_finding> result;
  std::vector<bool> found(plan.columns.size());
  auto whole = compute(plan, sources, rows);
  for (size_t i = 1; i <= cuts; ++i) {
    // Evenly, and at every position within a tile.
    auto known = rows * i / (cuts + 1);
    known = std::min(rows, known + i * 37 % tile_rows);
    if (known == 0 || known == rows)
      continue;
    auto part = compute(plan, sources, known);
    for (size_t column = 0; column < part.size(); ++column)
      for (size_t row = 0; row < known && !found[column]; ++row)
        if (!is_same(whole[column][row], part[column][row])) {
          found[column] = true;
          result.push_back({plan.columns[column].name, row, whole[column][row],
                            part[column][row]});
        }
  }
  return result;
}

} // namespace qalpha
