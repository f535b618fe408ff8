// From files, environment and command line to one checked configuration.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/config/node_config.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// One setting from outside the file.
struct config_override {
  /// For example "risk.max_orders" or "strategy.params.fast".
  std::string path;

  /// As text, without JSON quotes.
  std::string value;

  /// What the person wrote, for messages and origins: "--set risk.max_orders=5"
  /// or "QALPHA__RISK__MAX_ORDERS".
  std::string source;
};

/// Everything that can change a setting. Later members win over earlier ones,
/// and all win over the compiled defaults.
struct config_sources {
  /// Path of the file; empty: none.
  std::string file;
  std::vector<config_override> environment;
  std::vector<config_override> flags;

  /// Data files from the command line: "SYMBOL=FILE", or just "FILE" where only
  /// one symbol can be meant.
  std::vector<std::string> data;
};

/// A configuration and where its values come from.
struct effective_config {
  node_config values;

  /// Origin of each setting that is not a compiled default, by path.
  std::map<std::string, std::string> origins;
};

/// What reading gave. The values are usable only if there are no faults.
struct config_result {
  effective_config config;

  /// One line for each mistake: "FILE: key: expected ..., found ...".
  std::vector<fault> faults;

  explicit operator bool() const noexcept {
    return faults.empty();
  }
};

/// Reads, merges and checks. Never throws on bad input and never prints.
///
/// Paths: relative ones in the file start at `data.directory`, which itself
/// starts at the directory of the file; relative ones in the environment or on
/// the command line start at the working directory.
///
/// A strategy named by a later source starts without the parameters of the
/// earlier ones.
config_result read_config(const config_sources& sources);

/// As above for a text in place of a file, called `name` in messages.
config_result read_config_text(std::string_view text, std::string_view name,
                               const config_sources& sources = {});

/// @returns the settings in the environment of this process, sorted by name:
///          QALPHA__RISK__MAX_ORDERS stands for risk.max_orders.
std::vector<config_override> environment_overrides();

} // namespace qalpha
