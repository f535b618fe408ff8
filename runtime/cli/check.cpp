#include "runtime/cli/config_options.hpp"
#include "runtime/cli/verb.hpp"
#include "runtime/config/config_hash.hpp"
#include "runtime/config/config_writer.hpp"
#include "runtime/config/units.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <memory>

namespace qalpha {

namespace {

struct check_options : config_options {
  bool show = false;
  bool schema = false;
  bool json = false;
};

exit_code refuse(const std::vector<fault>& mistakes, bool json) {
  std::string list;
  for (const auto& mistake : mistakes) {
    list += (list.empty() ? "" : ", ") + json_text(mistake.text);
    if (!json)
      std::cerr << "qalpha: " << mistake.text << '\n';
  }
  if (json)
    std::cout << "{\"ok\": false, \"errors\": [" << list << "]}\n";
  return exit_code::configuration;
}

/// A missing data file is no mistake of the configuration: it may be given with
/// --data, or be on another machine. A person still wants to know.
std::vector<std::string> missing_files(const node_config& config) {
  std::vector<std::string> result;
  std::error_code code;
  for (const auto& [symbol, path] : config.data.files)
    if (!std::filesystem::is_regular_file(path, code))
      result.push_back("data.files." + symbol + ": no file " + path);
  return result;
}

void print_json(const effective_config& config,
                const std::vector<std::string>& notes) {
  std::string list;
  for (const auto& note : notes)
    list += (list.empty() ? "" : ", ") + json_text(note);
  // The object of the configuration begins with '{'.
  std::cout << "{\"ok\": true, \"notes\": [" << list << "], "
            << config_json(config).substr(1) << '\n';
}

void print_text(const check_options& options, const effective_config& config,
                const std::vector<std::string>& notes) {
  if (options.show)
    std::cout << show_config(config);
  for (const auto& note : notes)
    std::cout << "note: " << note << '\n';
  const auto& values = config.values;
  std::cout << fmt::format(
    "{}: ok  mode {}  symbols {}  strategy {}  config hash {}\n",
    options.file.empty() ? "defaults" : options.file, to_string(values.mode),
    values.symbols.size(), values.strategy.name, config_hash(values));
}

exit_code run(const check_options& options) {
  if (options.schema) {
    std::cout << config_schema();
    return exit_code::ok;
  }
  auto read = read_config(options);
  if (!read)
    return refuse(read.faults, options.json);
  auto notes = missing_files(read.config.values);
  if (options.json)
    print_json(read.config, notes);
  else
    print_text(options, read.config, notes);
  return exit_code::ok;
}

} // namespace

void add_check(verb& program) {
  auto options = std::make_shared<check_options>();
  auto spec = program.add(
    "check", "Validates a configuration; without one the defaults");
  add_config_options(spec, *options);
  spec.texts("--data", options->data,
             "Bars: FILE, or SYMBOL=FILE; may be repeated");
  spec.flag("--show", options->show, "Print each value with its origin");
  spec.flag("--schema", options->schema,
            "Print the JSON Schema of configurations, for editors");
  spec.flag("--json", options->json, "Print one JSON object");
  spec.footer("Example: qalpha check configs/demo.json --show "
              "--set risk.max_orders=5");
  spec.action([options] { return run(*options); });
}

} // namespace qalpha
