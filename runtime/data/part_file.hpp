// What has come of a file that is under way.

#pragma once

#include "models/machine/fallible.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// A file that is written from where it ended the last time, or from wherever
/// the server begins. It stays when the process dies.
class part_file {
public:
  explicit part_file(std::string path);

  ~part_file();

  part_file(const part_file&) = delete;
  part_file& operator=(const part_file&) = delete;

  /// @returns how many bytes are here.
  uint64_t resume();

  /// Puts bytes at a position; what was behind it is cut.
  /// @returns `false` if that fails; `error` says why.
  bool write(std::string_view bytes, uint64_t position);

  /// Makes sure that the bytes are on the disk.
  fallible<bool> close();

  const std::optional<fault>& error() const noexcept {
    return error_;
  }

private:
  bool fail();

  std::string path_;
  int fd_ = -1;
  uint64_t size_ = 0;
  std::optional<fault> error_;
};

} // namespace qalpha
