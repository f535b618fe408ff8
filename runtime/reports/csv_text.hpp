// Text as a cell of a CSV file.

#pragma once

#include <string>
#include <string_view>

namespace qalpha {

/// @returns the text, quoted as in RFC 4180 if a reader would else take it
///          apart.
inline std::string csv_text(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos)
    return std::string{text};
  std::string result{"\""};
  for (auto c : text) {
    if (c == '"')
      result += '"';
    result += c;
  }
  return result + '"';
}

} // namespace qalpha
