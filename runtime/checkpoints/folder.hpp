// A directory whose files appear whole or not at all.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/storage/file_handle.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// An open directory. Names in it are single path components, which no symbolic
/// link stands behind: what is reached lies where it seems to.
class folder final {
public:
  /// @returns a fault if there is no directory.
  static fallible<folder> open(const std::string& path);

  /// As above, but makes what is missing.
  static fallible<folder> create(const std::string& path);

  const std::string& path() const noexcept {
    return path_;
  }

  /// @returns whether there is something of that name, a broken link too.
  bool has(const std::string& name) const;

  /// @returns all names but "." and "..", sorted; a fault for more than `most`.
  fallible<std::vector<std::string>> names(size_t most) const;

  // -- directories -----------------------------------------------------------

  fallible<folder> open_below(const std::string& name) const;

  /// As above; makes it if it is missing, which then survives a power cut.
  fallible<folder> create_below(const std::string& name) const;

  // -- files -----------------------------------------------------------------

  /// Reads a regular file once.
  /// @returns a fault if it has more than `most` bytes, before any is read.
  fallible<std::string> read(const std::string& name, size_t most) const;

  /// Makes a file that must not be there, and waits until the disk has it.
  fallible<bool> write(const std::string& name, std::string_view bytes) const;

  /// Replaces a file in one step: whenever the process dies or the disk fills,
  /// there is the old one or the new one.
  /// @pre nobody else replaces the same file
  fallible<bool> replace(const std::string& name, std::string_view bytes) const;

  // -- both ------------------------------------------------------------------

  /// Renames in one step. What `to` names must not be there, or be a file or an
  /// empty directory.
  fallible<bool> rename(const std::string& from, const std::string& to) const;

  /// Removes a file, or a directory of files.
  void remove(const std::string& name) const;

  /// Waits until the disk knows the names.
  fallible<bool> sync() const;

  /// Waits for other processes, at most ten seconds.
  /// @returns what to hold as long as nobody else may write.
  fallible<file_handle> lock(const std::string& name) const;

private:
  folder(std::string path, file_handle handle);

  std::string path_of(const std::string& name) const;

  /// @returns a fault with the reason of the last system call.
  fault failed(const std::string& name, const char* what) const;

  std::string path_;
  file_handle handle_;
};

} // namespace qalpha
