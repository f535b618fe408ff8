#include "runtime/config/setting.hpp"

#include "models/market/decimal.hpp"
#include "runtime/config/units.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <algorithm>

namespace qalpha {

namespace {

std::string_view word_of(const setting& row, int64_t value) {
  for (const auto& choice : row.choices)
    if (choice.value == value)
      return choice.word;
  return "?";
}

std::string format_number(const setting& row, int64_t raw) {
  switch (row.kind) {
    case setting_kind::integer:
      return std::to_string(raw);
    case setting_kind::number:
      return format_decimal_e8(raw);
    case setting_kind::money:
      return "\"" + format_money({raw}) + "\"";
    case setting_kind::time:
      return "\"" + format_timespan(timespan{raw}) + "\"";
    case setting_kind::share:
      return "\"" + format_share_e8(raw) + "\"";
    default:
      return "\"" + std::string{word_of(row, raw)} + "\"";
  }
}

std::string kind_text(const setting& row) {
  switch (row.kind) {
    case setting_kind::text:
      return "a text";
    case setting_kind::flag:
      return "true or false";
    case setting_kind::integer:
      return "a whole number";
    case setting_kind::number:
      return "a number";
    case setting_kind::money:
      return "money with its unit (USDT)";
    case setting_kind::time:
      return "a time with its unit (ns, us, ms, s, m, h, d)";
    case setting_kind::share:
      return "a share with its unit (% or bp)";
    case setting_kind::symbols:
      return "a list of instruments";
    case setting_kind::files:
      return "a group with a path for each symbol";
    case setting_kind::parameters:
      return "a group with a number for each parameter";
    case setting_kind::names:
      return "a group with a name for each symbol";
    case setting_kind::choice:
      break;
  }
  std::string words;
  for (const auto& choice : row.choices)
    words += (words.empty() ? "\"" : ", \"") + std::string{choice.word} + "\"";
  return "one of " + words;
}

} // namespace

const setting* find_setting(std::string_view path) {
  auto rows = settings();
  auto row = std::find_if(rows.begin(), rows.end(),
                          [path](const auto& x) { return x.path == path; });
  return row == rows.end() ? nullptr : &*row;
}

std::vector<std::string_view> keys_below(std::string_view group) {
  std::vector<std::string_view> result;
  for (const auto& row : settings()) {
    auto rest = row.path;
    if (!group.empty()) {
      if (!rest.starts_with(group) || rest.size() <= group.size()
          || rest[group.size()] != '.')
        continue;
      rest.remove_prefix(group.size() + 1);
    }
    auto key = rest.substr(0, rest.find('.'));
    if (std::find(result.begin(), result.end(), key) == result.end())
      result.push_back(key);
  }
  return result;
}

std::string format_raw(const setting& row, const raw_value& raw) {
  if (auto flag = std::get_if<bool>(&raw))
    return *flag ? "true" : "false";
  if (auto number = std::get_if<int64_t>(&raw))
    return format_number(row, *number);
  if (auto text = std::get_if<std::string>(&raw))
    return json_text(*text);
  return "\"" + std::string{row.word} + "\"";
}

std::string expectation(const setting& row) {
  auto result = kind_text(row);
  if (row.lowest != row.highest)
    result += " from " + format_number(row, row.lowest) + " to "
              + format_number(row, row.highest);
  if (!row.word.empty())
    result += " or \"" + std::string{row.word} + "\"";
  return result;
}

} // namespace qalpha
