#include "runtime/cli/config_options.hpp"

#include <algorithm>
#include <iostream>
#include <utility>

namespace qalpha {

namespace {

/// Splits "path=value" given with `option`; no '=' leaves the value empty,
/// which the reader refuses with the path.
config_override split(const std::string& text, std::string_view prefix,
                      std::string_view option) {
  auto at = text.find('=');
  auto path = std::string{prefix} + text.substr(0, at);
  auto value = at == std::string::npos ? std::string{} : text.substr(at + 1);
  return {path, value, std::string{option} + " " + text};
}

config_sources sources_of(const config_options& options) {
  config_sources result{.file = options.file,
                        .environment = environment_overrides(),
                        .flags = {},
                        .data = options.data};
  auto add = [&](std::string path, std::string value, std::string option) {
    result.flags.push_back(
      {std::move(path), value, std::move(option) + " " + value});
  };
  if (!options.run_dir.empty())
    add("run_dir", options.run_dir, "--run");
  if (!options.strategy.empty())
    add("strategy.name", options.strategy, "--strategy");
  if (options.seed)
    add("seed", std::to_string(*options.seed), "--seed");
  if (!options.speed.empty())
    add("speed", options.speed, "--speed");
  for (auto& text : options.parameters)
    result.flags.push_back(split(text, "strategy.params.", "--param"));
  for (auto& text : options.settings)
    result.flags.push_back(split(text, "", "--set"));
  return result;
}

/// Keeps the symbols that were asked for.
/// @returns a fault for one that is not configured.
std::optional<fault> select_symbols(node_config& config,
                                    const std::vector<std::string>& wanted) {
  if (wanted.empty())
    return std::nullopt;
  auto known = std::move(config.symbols);
  config.symbols.clear();
  for (auto& name : wanted) {
    auto at = std::find_if(known.begin(), known.end(),
                           [&](auto& rules) { return rules.name == name; });
    if (at == known.end())
      return fault{"--symbol " + name
                   + ": expected one of the configured symbols"};
    config.symbols.push_back(*at);
  }
  std::erase_if(config.data.files, [&](auto& entry) {
    return std::find(wanted.begin(), wanted.end(), entry.first) == wanted.end();
  });
  return std::nullopt;
}

} // namespace

void add_config_options(verb& spec, config_options& into) {
  spec.text("CONFIG", into.file, "Configuration file (JSON)");
  spec.text("--strategy", into.strategy, "Strategy by name");
  spec.texts("--param", into.parameters,
             "Parameter of the strategy, NAME=VALUE; may be repeated");
  spec.texts("--symbol", into.symbols, "Only this symbol; may be repeated");
  spec.texts("--set", into.settings,
             "Any setting, PATH=VALUE; may be repeated");
}

config_result read_config(const config_options& options) {
  auto read = read_config(sources_of(options));
  if (read)
    if (auto wrong = select_symbols(read.config.values, options.symbols))
      read.faults.push_back(*wrong);
  return read;
}

std::optional<effective_config> load_config(const config_options& options) {
  auto read = read_config(options);
  for (auto& mistake : read.faults)
    std::cerr << "qalpha: " << mistake.text << '\n';
  if (!read)
    return std::nullopt;
  return read.config;
}

} // namespace qalpha
