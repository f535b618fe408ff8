// Tables of golden vectors, and the sets that there are.

#pragma once

#include "tests/models/golden_files.hpp"

#include <map>

namespace qalpha::test {

/// Columns of numbers by name; NaN where a cell is empty.
using golden_columns = std::map<std::string, std::vector<double>>;

inline golden_columns golden_table(const std::string& file) {
  std::istringstream in{golden_text(file)};
  std::string line;
  std::string cell;
  std::vector<std::string> names;
  std::getline(in, line);
  std::istringstream header{line};
  while (std::getline(header, cell, ','))
    names.push_back(cell);
  golden_columns result;
  while (std::getline(in, line)) {
    std::istringstream cells{line};
    for (const auto& name : names)
      result[name].push_back(std::getline(cells, cell, ',') && !cell.empty()
                               ? std::stod(cell)
                               : std::numeric_limits<double>::quiet_NaN());
  }
  return result;
}

/// @returns a column without the empty cells at its end, where others of the
///          table are longer.
inline std::vector<double> without_empty_end(std::vector<double> column) {
  while (!column.empty() && std::isnan(column.back()))
    column.pop_back();
  return column;
}

/// @returns the numbers of a JSON array, NaN for what is none.
inline std::vector<double> numbers_of(const rapidjson::Value& array) {
  std::vector<double> result;
  for (const auto& value : array.GetArray())
    result.push_back(number_of(value));
  return result;
}

/// @returns prefixes for the names of golden files: of the set that the tests
///          were given, and of the larger one beside the market data, if any,
///          which also holds what a real market gave.
inline std::vector<std::string> golden_sets() {
  std::vector<std::string> result{""};
  auto data = std::getenv("QALPHA_DATA");
  if (data != nullptr && *data != '\0') {
    auto path = std::filesystem::absolute(data) / "../golden";
    if (std::filesystem::exists(path))
      result.push_back(path.lexically_normal().string() + "/");
  }
  return result;
}

/// What a comparison with golden values has seen.
class golden_count {
public:
  explicit golden_count(double tolerance) : tolerance_(tolerance) {
    // nop
  }

  /// @param error absolute or relative, as the tolerance is
  bool add(double error) {
    ++values_;
    worst_ = std::fmax(worst_, error);
    auto good = error <= tolerance_;
    if (!good)
      ++wrong_;
    return good;
  }

  /// Compares value by value; both undefined is equal.
  bool add(double is, double expected) {
    if (std::isnan(is) || std::isnan(expected)) {
      auto equal = std::isnan(is) == std::isnan(expected);
      wrong_ += equal ? 0 : 1;
      return equal;
    }
    return add(std::abs(is - expected));
  }

  bool add_all(const std::vector<double>& is,
               const std::vector<double>& expected) {
    ++columns_;
    auto equal = is.size() == expected.size();
    wrong_ += equal ? 0 : 1;
    for (size_t i = 0; i < std::min(is.size(), expected.size()); ++i)
      equal &= add(is[i], expected[i]);
    return equal;
  }

  size_t wrong() const noexcept {
    return wrong_;
  }

  bool nothing() const noexcept {
    return values_ == 0;
  }

  /// @returns what has been seen, in words.
  std::string text() const {
    std::ostringstream out;
    if (columns_ > 0)
      out << columns_ << " columns, ";
    out << values_ << " values, worst error " << worst_ << ", " << wrong_
        << " beyond " << tolerance_;
    return out.str();
  }

private:
  double tolerance_;
  size_t columns_ = 0;
  size_t values_ = 0;
  size_t wrong_ = 0;
  double worst_ = 0;
};

} // namespace qalpha::test
