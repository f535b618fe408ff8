#include "runtime/config/config_writer.hpp"

#include "models/market/decimal.hpp"
#include "runtime/config/config_hash.hpp"
#include "runtime/config/setting.hpp"
#include "runtime/config/units.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace qalpha {

namespace {

/// A setting, or one entry of a map, as path and JSON value.
struct written_setting {
  std::string path;
  std::string value;
};

std::string symbol_json(const instrument_rules& rules) {
  auto text = fmt::format(
    R"({{"name": {}, "tick": "{}", "lot": "{}", "min_notional": "{}")",
    json_text(rules.name), format_decimal_e8(rules.tick_e8),
    format_decimal_e8(rules.lot_e8), format_money(rules.min_notional));
  auto max_e8 = static_cast<__int128>(rules.max_order.lots) * rules.lot_e8;
  if (max_e8 > 0)
    text += fmt::format(R"(, "max_order": "{}")",
                        format_decimal_e8(static_cast<int64_t>(max_e8)));
  return text + "}";
}

std::string symbols_json(const std::vector<instrument_rules>& symbols) {
  std::string result = "[";
  for (const auto& rules : symbols)
    result += (result.size() > 1 ? ", " : "") + symbol_json(rules);
  return result + "]";
}

/// @returns the entries of a map setting, or its empty group.
std::vector<written_setting> write_map(const setting& row,
                                       const node_config& config) {
  std::vector<written_setting> result;
  auto prefix = std::string{row.path} + ".";
  if (row.kind == setting_kind::files)
    for (const auto& [symbol, path] : config.data.files)
      result.push_back({prefix + symbol, json_text(path)});
  else if (row.kind == setting_kind::names)
    for (const auto& [symbol, name] : config.market.reference_names)
      result.push_back({prefix + symbol, json_text(name)});
  else
    for (const auto& [name, value] : config.strategy.parameters)
      result.push_back({prefix + name, fmt::format("{}", value)});
  return result;
}

std::vector<written_setting> write_all(const node_config& config) {
  std::vector<written_setting> result;
  for (const auto& row : settings()) {
    auto path = std::string{row.path};
    if (row.kind == setting_kind::symbols) {
      result.push_back({path, symbols_json(config.symbols)});
    } else if (row.get) {
      result.push_back({path, format_raw(row, row.get(config, row.step))});
    } else {
      auto entries = write_map(row, config);
      result.insert(result.end(), entries.begin(), entries.end());
    }
  }
  return result;
}

std::string origin_of(const effective_config& config, const std::string& path) {
  auto found = config.origins.find(path);
  return found == config.origins.end() ? "default" : found->second;
}

/// Nests settings again: all of one group stand together in the table.
class group_writer {
public:
  void add(const std::string& path, const std::string& value) {
    auto dot = path.find('.');
    auto group = dot == std::string::npos ? "" : path.substr(0, dot);
    if (group != group_)
      leave();
    if (dot == std::string::npos)
      return member(path, value);
    if (group_.empty()) {
      out_ += comma() + json_text(group) + ": {";
      group_ = group;
      first_ = true;
    }
    add_below(path.substr(dot + 1), value);
  }

  std::string finish() {
    leave();
    return "{" + out_ + "}";
  }

private:
  // A second level of groups: data.files, strategy.params and the like.
  void add_below(const std::string& path, const std::string& value) {
    auto dot = path.find('.');
    auto map = dot == std::string::npos ? "" : path.substr(0, dot);
    if (map != map_ && !map_.empty())
      close(map_);
    if (dot == std::string::npos)
      return member(path, value);
    if (map_.empty()) {
      out_ += comma() + json_text(map) + ": {";
      map_ = map;
      first_ = true;
    }
    member(path.substr(dot + 1), value);
  }

  void member(const std::string& key, const std::string& value) {
    out_ += comma() + json_text(key) + ": " + value;
  }

  std::string comma() {
    auto result = first_ ? "" : ", ";
    first_ = false;
    return result;
  }

  void close(std::string& name) {
    out_ += "}";
    name.clear();
    first_ = false;
  }

  void leave() {
    if (!map_.empty())
      close(map_);
    if (!group_.empty())
      close(group_);
  }

  std::string out_;
  std::string group_;
  std::string map_;
  bool first_ = true;
};

} // namespace

std::string show_config(const effective_config& config) {
  auto all = write_all(config.values);
  size_t width = 0;
  for (const auto& entry : all)
    if (entry.path != "symbols")
      width = std::max(width, entry.path.size() + entry.value.size() + 3);
  std::string result;
  for (const auto& [path, value] : all) {
    auto origin = origin_of(config, path);
    if (path != "symbols") {
      auto line = path + " = " + value;
      result += fmt::format("{:<{}}  ({})\n", line, width, origin);
      continue;
    }
    for (size_t i = 0; i < config.values.symbols.size(); ++i)
      result += fmt::format("symbols[{}] = {}  ({})\n", i,
                            symbol_json(config.values.symbols[i]), origin);
  }
  return result;
}

std::string config_json(const effective_config& config) {
  group_writer values;
  std::string origins;
  for (const auto& [path, value] : write_all(config.values)) {
    values.add(path, value);
    origins += (origins.empty() ? "" : ", ") + json_text(path) + ": "
               + json_text(origin_of(config, path));
  }
  return "{\"config\": " + values.finish() + ", \"config_hash\": \""
         + config_hash(config.values) + "\", \"origins\": {" + origins + "}}";
}

} // namespace qalpha
