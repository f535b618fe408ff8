#include "runtime/storage/csv_field.hpp"

namespace qalpha {

std::string column_name(std::string_view text) {
  std::string result;
  for (auto ch : text) {
    if (ch == '"' || ch == '\r')
      continue;
    if (ch >= 'A' && ch <= 'Z')
      ch = static_cast<char>(ch - 'A' + 'a');
    result += ch == ' ' || ch == '\t' ? '_' : ch;
  }
  result.erase(0, result.find_first_not_of('_'));
  result.erase(result.find_last_not_of('_') + 1);
  return result;
}

} // namespace qalpha
