// Points of the golden vectors.

#pragma once

#include "tests/models/golden_files.hpp"

#include "models/outlook/regimes/points.hpp"

#include <string>
#include <vector>

namespace qalpha::test {

inline std::vector<double> golden_row(const rapidjson::Value& list) {
  std::vector<double> result;
  for (const auto& x : list.GetArray())
    result.push_back(x.GetDouble());
  return result;
}

inline points golden_points(const rapidjson::Value& rows) {
  points result;
  for (const auto& row : rows.GetArray()) {
    result.add(golden_row(row));
    result.columns = row.Size();
  }
  return result;
}

inline std::vector<size_t> golden_labels(const rapidjson::Value& list) {
  std::vector<size_t> result;
  for (const auto& x : list.GetArray())
    result.push_back(x.GetUint64());
  return result;
}

/// The 240 points that groups are found in.
inline points golden_cloud() {
  points result{5, {}};
  std::vector<std::vector<double>> columns;
  for (auto name : {"x0", "x1", "x2", "x3", "x4"})
    columns.push_back(golden_numbers("regime/kmeans_X.csv", name));
  for (size_t i = 0; i < columns[0].size(); ++i)
    for (const auto& column : columns)
      result.values.push_back(column[i]);
  return result;
}

inline bool all_close(std::span<const double> a, std::span<const double> b,
                      double tolerance = 1e-9) {
  if (a.size() != b.size())
    return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (!close_to(a[i], b[i], tolerance))
      return false;
  return true;
}

} // namespace qalpha::test
