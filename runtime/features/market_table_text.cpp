#include "runtime/features/market_table_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace qalpha {

namespace {

bool has_values(const std::vector<double>& column) {
  return std::any_of(column.begin(), column.end(),
                     [](double x) { return !std::isnan(x); });
}

void append(std::string& to, double x) {
  // The longest double has 309 digits before the point.
  char text[400];
  auto end = std::to_chars(text, std::end(text), x, std::chars_format::fixed);
  to.append(text, end.ptr);
}

} // namespace

std::string market_table_csv(const market_table& table) {
  std::vector<const std::vector<double>*> columns;
  std::string result = "timestamp";
  for (size_t i = 0; i < market_columns.size(); ++i)
    if (i != time_column && has_values(table.columns[i])) {
      columns.push_back(&table.columns[i]);
      result += ",";
      result += market_columns[i].name;
    }
  result += '\n';
  for (size_t row = 0; row < table.rows(); ++row) {
    result += std::to_string(table.times[row].ns / 1'000'000);
    for (auto column : columns) {
      result += ',';
      if (!std::isnan((*column)[row]))
        append(result, (*column)[row]);
    }
    result += '\n';
  }
  return result;
}

} // namespace qalpha
