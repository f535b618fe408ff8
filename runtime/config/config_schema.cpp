// The JSON Schema that follows from the table of settings.

#include "models/market/decimal.hpp"
#include "runtime/config/config_writer.hpp"
#include "runtime/config/setting.hpp"
#include "runtime/config/units.hpp"

#include <span>
#include <string>

namespace qalpha {

namespace {

constexpr std::string_view decimal = R"(^-?[0-9]+(\\.[0-9]+)?)";

std::string member(std::string_view key, const std::string& value) {
  return json_text(key) + ": " + value;
}

std::string pattern(std::string_view unit) {
  return R"("type": "string", "pattern": ")" + std::string{decimal} + " ?"
         + std::string{unit} + "$\"";
}

std::string bounded(const setting& row, bool whole) {
  auto text = [&](int64_t raw) {
    return whole ? std::to_string(raw) : format_decimal_e8(raw);
  };
  return std::string{"\"type\": \""} + (whole ? "integer" : "number")
         + "\", \"minimum\": " + text(row.lowest)
         + ", \"maximum\": " + text(row.highest);
}

std::string words_of(const setting& row) {
  std::string result;
  for (const auto& choice : row.choices)
    result += (result.empty() ? "" : ", ") + json_text(choice.word);
  return "\"enum\": [" + result + "]";
}

std::string symbols_type() {
  auto number = [](std::string_view key) {
    return member(key, "{" + pattern("") + "}");
  };
  return R"("type": "array", "minItems": 1, "maxItems": 512, "items": {"anyOf":)"
         R"( [{"type": "string"}, {"type": "object", "properties": {)"
         R"("name": {"type": "string", "pattern": "^[A-Z0-9_-]{1,32}$"}, )"
         + number("tick") + ", " + number("lot") + ", " + number("max_order")
         + ", " + member("min_notional", "{" + pattern("USDT") + "}")
         + R"(}, "required": ["name", "tick", "lot"], )"
           R"("additionalProperties": false}]})";
}

std::string type_of(const setting& row) {
  switch (row.kind) {
    case setting_kind::text:
      return R"("type": "string")";
    case setting_kind::flag:
      return R"("type": "boolean")";
    case setting_kind::choice:
      return words_of(row);
    case setting_kind::integer:
      return bounded(row, true);
    case setting_kind::number:
      return bounded(row, false);
    case setting_kind::money:
      return pattern("USDT");
    case setting_kind::time:
      return pattern("(ns|us|ms|s|m|h|d)");
    case setting_kind::share:
      return pattern("(%|bp)");
    case setting_kind::symbols:
      return symbols_type();
    case setting_kind::files:
    case setting_kind::names:
      return R"("type": "object", "additionalProperties": {"type": "string"})";
    case setting_kind::parameters:
      return R"("type": "object", "additionalProperties": {"type": "number"})";
  }
  return "";
}

std::string schema_of(const setting& row) {
  auto type = type_of(row);
  if (!row.word.empty())
    type = "\"anyOf\": [{" + type + "}, {\"const\": " + json_text(row.word)
           + "}]";
  auto result = "{" + type + ", " + member("description", json_text(row.help));
  if (row.get)
    result += ", "
              + member("default",
                       format_raw(row, row.get(node_config{}, row.step)));
  return result + "}";
}

/// @returns the members of one group. All rows of a group stand together.
/// @param skip length of the path of the group, with its dot
std::string members_of(std::span<const setting> rows, size_t skip,
                       const std::string& indent) {
  std::string result;
  for (size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
    auto key = rows[begin].path.substr(skip);
    auto dot = key.find('.');
    result += (begin == 0 ? "\n" : ",\n") + indent;
    end = begin + 1;
    if (dot == std::string_view::npos) {
      result += member(key, schema_of(rows[begin]));
      continue;
    }
    auto group = rows[begin].path.substr(0, skip + dot + 1);
    while (end < rows.size() && rows[end].path.starts_with(group))
      ++end;
    result += member(key.substr(0, dot),
                     "{\"type\": \"object\", \"additionalProperties\": "
                     "false, \"properties\": {"
                       + members_of(rows.subspan(begin, end - begin),
                                    group.size(), indent + "  ")
                       + "}}");
  }
  return result;
}

} // namespace

std::string config_schema() {
  return "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
         "  \"title\": \"Configuration of a Quantum Alpha node\",\n"
         "  \"type\": \"object\",\n  \"additionalProperties\": false,\n"
         "  \"properties\": {"
         + members_of(settings(), 0, "    ") + "\n  }\n}\n";
}

} // namespace qalpha
