// Tables of golden vectors: markets that go in, columns that come out.

#pragma once

#include "tests/models/golden_files.hpp"

#include "tests/models/features/generated_rows.hpp"

#include <map>

namespace qalpha::test {

/// Columns by name; an empty cell is undefined.
using named_columns = std::map<std::string, number_column>;

inline named_columns golden_table(const std::string& file) {
  std::istringstream in{golden_text(file)};
  std::string line;
  std::getline(in, line);
  std::vector<std::string> names;
  std::istringstream header{line};
  for (std::string cell; std::getline(header, cell, ',');)
    names.push_back(cell);
  named_columns result;
  while (std::getline(in, line)) {
    std::istringstream cells{line};
    for (const auto& name : names) {
      std::string cell;
      std::getline(cells, cell, ',');
      result[name].push_back(cell.empty() ? undefined : std::stod(cell));
    }
  }
  return result;
}

/// One market of the golden vectors.
struct golden_market {
  /// Where it and what was computed from it lie.
  std::string inputs;
  std::string folder;
  std::string name;
};

/// @returns those that are there.
inline std::vector<golden_market> golden_markets() {
  std::vector<golden_market> result{
    {"inputs/syn.csv", "indicators", "syn"},
    {"inputs/edge.csv", "indicators", "edge"},
  };
  if (auto real = real_market_path())
    result.push_back(
      {*real,
       std::filesystem::path{*real}.parent_path().string() + "/../indicators",
       "real"});
  return result;
}

/// @returns the columns that a plan reads, from row `first` on.
inline number_table golden_sources(const feature_plan& plan,
                                   const named_columns& market, size_t first) {
  number_table result;
  for (auto source : plan.sources) {
    number_column column;
    if (source == time_column) {
      // The files say when a bar opens.
      auto& opens = market.at("ts");
      for (auto open : opens)
        column.push_back(open + opens[1] - opens[0]);
    } else {
      column = market.at(std::string{market_columns[source].name});
    }
    column.erase(column.begin(),
                 column.begin() + static_cast<ptrdiff_t>(first));
    result.columns.push_back(std::move(column));
  }
  return result;
}

/// Compares columns and remembers the worst.
class golden_judge {
public:
  /// @param expected undefined where nothing is known
  /// @returns whether all rows are within the tolerance.
  bool judge(const std::string& name, const number_column& actual,
             const number_column& expected, double tolerance) {
    auto known = [](double x) { return !std::isnan(x); };
    columns += std::any_of(expected.begin(), expected.end(), known);
    auto good = actual.size() == expected.size();
    for (size_t row = 0; row < std::min(actual.size(), expected.size());
         ++row) {
      if (std::isnan(expected[row]))
        continue;
      if (std::isinf(expected[row])) {
        // A division by zero has no value of ours.
        good = good && std::isnan(actual[row]);
        continue;
      }
      auto error = std::abs(actual[row] - expected[row])
                   / (tolerance * (1 + std::abs(expected[row])));
      // Written so that NaN fails.
      if (!(error <= worst)) {
        worst = error;
        worst_name = name + " in row " + std::to_string(row);
      }
      good = good && error <= 1;
    }
    return good;
  }

  /// With a value to compare.
  size_t columns = 0;
  /// In units of the tolerance.
  double worst = 0;
  std::string worst_name;
};

} // namespace qalpha::test
