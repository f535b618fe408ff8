// Which feature stands for which column of the golden vectors.

#pragma once

#include <string_view>
#include <vector>

namespace qalpha::test {

/// A function of TA-Lib and the feature that computes the same.
struct talib_rule {
  std::string_view function;
  std::string_view feature;
  /// "period=TimePeriod": a parameter of ours and that of TA-Lib. "MAType==0":
  /// the rule holds only where TA-Lib's parameter has this value.
  std::string_view parameters;
  /// "outMACD=line": an output of TA-Lib and one of ours.
  std::string_view outputs;
  /// "close=middle": an input of ours and what it reads instead; "middle" is
  /// the middle of high and low.
  std::string_view inputs = "";
  /// Of ours to theirs, and what is then added.
  double factor = 1;
  double added = 0;
};

/// @returns the rules that a column may follow.
const std::vector<talib_rule>& talib_rules();

/// A column of another library and the feature that computes the same.
struct extra_rule {
  std::string_view column;
  std::string_view feature;
  /// "period=20"
  std::string_view parameters;
  std::string_view output;
  /// Before this row the library begins differently.
  size_t first_row = 0;
  /// Of which the column is the sum.
  std::string_view added_to = "";
  double tolerance = 1e-9;
};

const std::vector<extra_rule>& extra_rules();

/// @returns the columns of other libraries that no feature stands for.
const std::vector<std::string_view>& extra_without_feature();

} // namespace qalpha::test
