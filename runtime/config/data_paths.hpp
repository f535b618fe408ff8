// Which file belongs to which symbol, and where it is.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/config/node_config.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// File of one symbol.
struct symbol_file {
  std::string symbol;
  std::string path;
};

/// Reads "SYMBOL=FILE" or "FILE". The latter belongs to the only symbol there
/// is, or to the one with whose name the name of the file begins.
/// @returns a fault "FILE: ..." if that is none.
fallible<symbol_file>
parse_data_argument(std::string_view text,
                    const std::vector<instrument_rules>& symbols);

/// Makes relative paths usable from the working directory. `in_file` tells
/// which entries, and `directory_in_file` whether `data.directory`, stood in
/// the configuration file `config_file`; others start at the working directory.
void resolve_data_paths(data_settings& data, const std::string& config_file,
                        bool directory_in_file,
                        const std::map<std::string, bool>& in_file);

} // namespace qalpha
