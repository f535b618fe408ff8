// Options of all verbs that read a configuration.

#pragma once

#include "runtime/cli/verb.hpp"
#include "runtime/config/config_reader.hpp"

#include <optional>
#include <string>
#include <vector>

namespace qalpha {

/// What a person gave on the command line.
struct config_options {
  std::string file;
  std::string run_dir;
  std::string strategy;
  std::optional<uint64_t> seed;
  std::string speed;
  std::vector<std::string> parameters;
  std::vector<std::string> symbols;
  std::vector<std::string> data;
  std::vector<std::string> settings;
};

/// Adds CONFIG, --strategy, --param, --symbol and --set.
/// @pre `into` outlives the parsing
void add_config_options(verb& spec, config_options& into);

/// Reads the configuration of file, environment and options.
config_result read_config(const config_options& options);

/// Reads the configuration of file, environment and options; prints one line
/// for each mistake to the standard error.
/// @returns `nullopt` if there are mistakes: `exit_code::configuration`.
std::optional<effective_config> load_config(const config_options& options);

} // namespace qalpha
