// Files of a public archive, each fetched once and verified.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/data/web_access.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace qalpha {

/// A file of the archive on this disk.
struct stored_file {
  std::string path;
  std::string sha256;
  /// It was here before.
  bool cached = false;
};

/// Keeps verified files below a directory, under the paths that they have at
/// the server, each beside its ".CHECKSUM". What was interrupted stays as
/// ".part" and goes on where it stopped.
class archive_store {
public:
  /// Hears how far the current file has come.
  using listener = std::function<void(http_progress)>;

  archive_store(std::string directory, web_access web, listener on_progress);

  /// Makes sure that a file is here and is what the server says it is.
  /// @param target its path at the server
  /// @returns `nullopt` if the server does not have it.
  fallible<std::optional<stored_file>> get(const std::string& target);

  /// @returns `true` if the last fault was about what came, and not about the
  ///          way to it.
  bool content_is_wrong() const noexcept {
    return content_is_wrong_;
  }

private:
  fallible<bool> download(const std::string& target, const std::string& part);
  fallible<std::optional<std::string>> ask_checksum(const std::string& target);
  fallible<stored_file> settle(const std::string& target,
                               const std::string& sum);
  std::optional<stored_file> find(const std::string& target);

  std::string directory_;
  web_access web_;
  listener on_progress_;
  bool content_is_wrong_ = false;
};

} // namespace qalpha
