#include "runtime/config/data_paths.hpp"

#include "runtime/config/units.hpp"

#include <algorithm>
#include <filesystem>

namespace qalpha {

namespace {

bool is_symbol(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char ch) {
    return (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '-'
           || ch == '_';
  });
}

/// @returns whether `name` begins with `symbol` as a whole word.
bool begins_with(std::string_view name, std::string_view symbol) {
  if (!name.starts_with(symbol))
    return false;
  name.remove_prefix(symbol.size());
  return name.empty()
         || !((name.front() >= 'A' && name.front() <= 'Z')
              || (name.front() >= '0' && name.front() <= '9'));
}

} // namespace

fallible<symbol_file>
parse_data_argument(std::string_view text,
                    const std::vector<instrument_rules>& symbols) {
  auto equals = text.find('=');
  if (equals != std::string_view::npos && is_symbol(text.substr(0, equals))
      && equals + 1 < text.size())
    return symbol_file{std::string{text.substr(0, equals)},
                       std::string{text.substr(equals + 1)}};
  if (text.empty())
    return fault{"\"\": expected FILE or SYMBOL=FILE"};
  auto name = std::filesystem::path{text}.filename().string();
  for (const auto& rules : symbols)
    if (begins_with(name, rules.name))
      return symbol_file{rules.name, std::string{text}};
  if (symbols.size() == 1)
    return symbol_file{symbols.front().name, std::string{text}};
  return fault{quoted_text(text) + ": expected SYMBOL=FILE, since there are "
               + std::to_string(symbols.size()) + " symbols"};
}

void resolve_data_paths(data_settings& data, const std::string& config_file,
                        bool directory_in_file,
                        const std::map<std::string, bool>& in_file) {
  using std::filesystem::path;
  auto home = path{config_file}.parent_path();
  path base{data.directory};
  if (directory_in_file)
    base = home / base;
  for (auto& [symbol, file] : data.files) {
    auto found = in_file.find(symbol);
    if (found != in_file.end() && found->second)
      file = (base / file).lexically_normal().string();
  }
  data.directory = base.lexically_normal().string();
}

} // namespace qalpha
