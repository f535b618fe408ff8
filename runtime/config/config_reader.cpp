#include "runtime/config/config_reader.hpp"

#include "runtime/config/config_checks.hpp"
#include "runtime/config/config_values.hpp"
#include "runtime/config/data_paths.hpp"
#include "runtime/config/units.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <unistd.h>

namespace qalpha {

namespace {

// More lines help nobody, and bound what a broken file can print.
constexpr size_t most_faults = 20;

/// Where a value comes from.
struct value_source {
  /// In front of the key in messages.
  std::string place;
  /// For `effective_config::origins`.
  std::string origin;
  // Later layers win.
  enum { defaults, file, environment, flag } layer = file;

  bool is_file() const noexcept {
    return layer == file;
  }
};

/// @returns `true` for a group with an entry for each symbol or parameter.
bool is_map(const setting& row) {
  return row.kind == setting_kind::files || row.kind == setting_kind::names
         || row.kind == setting_kind::parameters;
}

/// Applies one source after the other to the defaults.
class config_builder {
public:
  config_builder() {
    for (const auto& [name, value] : result_.config.values.strategy.parameters)
      parameter_layers_[name] = value_source::defaults;
  }

  config_result run(const config_sources& sources) {
    for (const auto& entry : sources.environment)
      apply_override(entry, {"environment: ", {}, value_source::environment});
    for (const auto& entry : sources.flags)
      apply_override(entry, {"command line: ", {}, value_source::flag});
    finish(sources);
    return std::move(result_);
  }

  void add_text(std::string_view text, std::string_view name) {
    file_ = name;
    auto root = parse_json(text);
    if (!root)
      return fail_at(file_ + ":" + root.error().text);
    value_source source{file_ + ": ", file_, value_source::file};
    if (root->kind != json_kind::object)
      return fail_at(source.place + "expected a group of settings, found "
                     + describe(*root));
    apply_group("", *root, source);
  }

  void add_file(const std::string& path) {
    auto text = read_text(path);
    if (text)
      add_text(*text, path);
    else
      fail_at(path + ": " + text.error().text);
  }

private:
  void fail_at(std::string text) {
    result_.faults.push_back({std::move(text)});
  }

  static fallible<std::string> read_text(const std::string& path) {
    std::error_code code;
    auto status = std::filesystem::status(path, code);
    if (!std::filesystem::exists(status))
      return fault{"no such file"};
    if (!std::filesystem::is_regular_file(status))
      return fault{"expected a regular file, found something else"};
    std::ifstream in{path, std::ios::binary};
    if (!in)
      return fault{"cannot be opened"};
    // One byte too many is enough to see that it is too large.
    std::string text(largest_json + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<size_t>(in.gcount()));
    return text;
  }

  // -- one source -------------------------------------------------------------

  void apply_group(const std::string& group, const json_value& members,
                   const value_source& source) {
    for (const auto& [key, value] : members.children) {
      auto path = group.empty() ? key : group + "." + key;
      if (key.find('.') != std::string::npos)
        unknown(path, source);
      else if (auto row = find_setting(path))
        apply(*row, value, source);
      else if (keys_below(path).empty())
        unknown(path, source);
      else if (value.kind != json_kind::object)
        fail_at(source.place + path + ": expected a group of settings, found "
                + describe(value));
      else
        apply_group(path, value, source);
    }
  }

  void unknown(const std::string& path, const value_source& source) {
    auto dot = path.rfind('.');
    auto group = dot == std::string::npos ? "" : path.substr(0, dot);
    auto key = dot == std::string::npos ? path : path.substr(dot + 1);
    auto printable = quoted_text(path);
    auto shown = printable.substr(1, printable.size() - 2);
    auto hint = suggestion(key, keys_below(group));
    // A right key in the wrong group.
    for (const auto& row : settings())
      if (row.path.ends_with("." + key))
        hint = ", did you mean " + std::string{row.path} + "?";
    fail_at(source.place + shown + ": unknown key" + hint);
  }

  void apply(const setting& row, const json_value& value,
             const value_source& source) {
    auto path = std::string{row.path};
    if (row.kind == setting_kind::symbols)
      return apply_symbols(value, source);
    if (is_map(row))
      return apply_map(row, value, source);
    auto raw = parse_setting(row, value);
    if (!raw)
      return fail_at(source.place + path + ": " + raw.error().text);
    auto& config = result_.config;
    if (path == "strategy.name")
      forget_parameters_below(source.layer);
    row.set(config.values, *raw, row.step);
    config.origins[path] = source.origin;
    if (path == "data.directory")
      directory_in_file_ = source.is_file();
  }

  /// A strategy does not inherit what an earlier source said to another one.
  void forget_parameters_below(int layer) {
    auto& config = result_.config;
    for (const auto& [name, origin_layer] : parameter_layers_)
      if (origin_layer < layer) {
        config.values.strategy.parameters.erase(name);
        config.origins.erase("strategy.params." + name);
      }
  }

  void apply_symbols(const json_value& value, const value_source& source) {
    std::vector<fault> faults;
    auto symbols = parse_symbols(value, faults);
    for (const auto& fault : faults)
      fail_at(source.place + "symbols" + fault.text);
    result_.config.values.symbols = std::move(symbols);
    result_.config.origins["symbols"] = source.origin;
  }

  void apply_map(const setting& row, const json_value& value,
                 const value_source& source) {
    if (value.kind != json_kind::object)
      return fail_at(source.place + std::string{row.path} + ": expected "
                     + expectation(row) + ", found " + describe(value));
    for (const auto& [key, entry] : value.children)
      apply_entry(row, key, entry, source);
  }

  void apply_entry(const setting& row, const std::string& key,
                   const json_value& value, const value_source& source) {
    if (key.empty() || key.size() > 64)
      return fail_at(source.place + std::string{row.path}
                     + ": expected keys of 1 to 64 bytes, found "
                     + quoted_text(key));
    auto path = std::string{row.path} + "." + key;
    auto& values = result_.config.values;
    if (row.kind == setting_kind::parameters) {
      auto number = parse_parameter(value);
      if (!number)
        return fail_at(source.place + path + ": " + number.error().text);
      values.strategy.parameters[key] = *number;
      parameter_layers_[key] = source.layer;
    } else {
      auto is_name = row.kind == setting_kind::names;
      if (value.kind != json_kind::text || value.text.empty())
        return fail_at(source.place + path + ": expected a "
                       + (is_name ? "name" : "path") + ", found "
                       + describe(value));
      (is_name ? values.market.reference_names : values.data.files)[key]
        = value.text;
      if (!is_name)
        files_in_file_[key] = source.is_file();
    }
    result_.config.origins[path] = source.origin;
  }

  // -- environment and command line -------------------------------------------

  void apply_override(const config_override& entry, value_source source) {
    source.place += entry.source + ": ";
    source.origin = entry.source;
    auto row = find_setting(entry.path);
    std::string key;
    if (!row)
      for (const auto& map : settings())
        if (is_map(map)
            && entry.path.starts_with(std::string{map.path} + ".")) {
          row = &map;
          key = entry.path.substr(map.path.size() + 1);
        }
    if (!row)
      return unknown(entry.path, source);
    auto value = json_for(*row, entry.value);
    if (!value)
      return fail_at(source.place + entry.path + ": " + value.error().text);
    if (key.empty())
      apply(*row, *value, source);
    else
      apply_entry(*row, key, *value, source);
  }

  // -- what needs all of them -------------------------------------------------

  void finish(const config_sources& sources) {
    auto& config = result_.config;
    for (const auto& text : sources.data) {
      auto file = parse_data_argument(text, config.values.symbols);
      if (!file) {
        fail_at("command line: --data " + file.error().text);
        continue;
      }
      config.values.data.files[file->symbol] = file->path;
      config.origins["data.files." + file->symbol] = "--data";
      files_in_file_[file->symbol] = false;
    }
    resolve_data_paths(config.values.data, file_, directory_in_file_,
                       files_in_file_);
    keep_symbols_with_data();
    // The values of a file with mistakes would only cause more messages.
    if (result_.faults.empty())
      for (const auto& fault : impossible_combinations(config.values))
        fail_at((file_.empty() ? "configuration" : file_) + ": " + fault.text);
    auto& faults = result_.faults;
    if (faults.size() > most_faults) {
      auto more = faults.size() - most_faults;
      faults.resize(most_faults);
      fail_at(std::to_string(more) + " more mistakes");
    }
  }

  /// Without a list of symbols, the data files are the list.
  void keep_symbols_with_data() {
    auto& values = result_.config.values;
    if (result_.config.origins.contains("symbols")
        || values.mode == run_mode::demo || values.data.files.empty())
      return;
    std::vector<instrument_rules> kept;
    for (auto& rules : values.symbols)
      if (values.data.files.contains(rules.name))
        kept.push_back(rules);
    if (!kept.empty())
      values.symbols = std::move(kept);
  }

  config_result result_;
  std::string file_;
  std::map<std::string, int> parameter_layers_;
  bool directory_in_file_ = true;
  std::map<std::string, bool> files_in_file_;
};

/// "RISK__MAX_ORDERS" as "risk.max_orders". Symbols keep their capitals.
std::string path_of_variable(std::string_view name) {
  size_t kept = name.size();
  for (std::string_view of_symbols :
       {"DATA__FILES__", "MARKET__REFERENCE_NAMES__"})
    if (name.starts_with(of_symbols))
      kept = of_symbols.size();
  std::string result;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name.substr(i, 2) == "__") {
      result += '.';
      ++i;
    } else if (name[i] >= 'A' && name[i] <= 'Z' && i < kept) {
      result += static_cast<char>(name[i] - 'A' + 'a');
    } else {
      result += name[i];
    }
  }
  return result;
}

} // namespace

config_result read_config(const config_sources& sources) {
  config_builder builder;
  if (!sources.file.empty())
    builder.add_file(sources.file);
  return builder.run(sources);
}

config_result read_config_text(std::string_view text, std::string_view name,
                               const config_sources& sources) {
  config_builder builder;
  builder.add_text(text, name);
  return builder.run(sources);
}

std::vector<config_override> environment_overrides() {
  constexpr std::string_view prefix = "QALPHA__";
  std::vector<config_override> result;
  for (auto entry = environ; entry && *entry; ++entry) {
    std::string_view text{*entry};
    auto equals = text.find('=');
    if (!text.starts_with(prefix) || equals == std::string_view::npos)
      continue;
    auto name = text.substr(0, equals);
    result.push_back({path_of_variable(name.substr(prefix.size())),
                      std::string{text.substr(equals + 1)}, std::string{name}});
  }
  std::sort(result.begin(), result.end(),
            [](const auto& a, const auto& b) { return a.source < b.source; });
  return result;
}

} // namespace qalpha
