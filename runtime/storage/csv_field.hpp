// Fields of one line of a CSV file.

#pragma once

#include <string>
#include <string_view>

namespace qalpha {

/// Calls `f` for each field of a line. Fields hold no commas.
template <class F>
void for_each_field(std::string_view line, F f) {
  for (;;) {
    auto comma = line.find(',');
    f(line.substr(0, comma));
    if (comma == std::string_view::npos)
      return;
    line.remove_prefix(comma + 1);
  }
}

/// @returns the name of a column as it is compared: lower case, without quotes
///          and surrounding blanks; blanks inside become '_'.
std::string column_name(std::string_view field);

/// A mark that some spreadsheets put before UTF-8 text.
inline constexpr std::string_view utf8_mark = "\xef\xbb\xbf";

} // namespace qalpha
