// Files that appear complete or not at all.

#pragma once

#include "models/machine/fallible.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace qalpha {

/// Writes "PATH.new" and renames it when everything is on the disk; gzip if the
/// name of the file ends with ".gz". Without `commit` nothing is left.
class safe_file {
public:
  explicit safe_file(std::string path);

  ~safe_file();

  safe_file(const safe_file&) = delete;
  safe_file& operator=(const safe_file&) = delete;

  /// Errors are kept for `commit`.
  void write(std::string_view text);

  /// @returns a fault naming the file and the reason.
  fallible<bool> commit();

private:
  struct state;

  void fail(const char* what);

  std::unique_ptr<state> state_;
};

} // namespace qalpha
