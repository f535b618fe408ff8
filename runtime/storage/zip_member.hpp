// The one file inside a zip archive.

#pragma once

#include "models/machine/fallible.hpp"

#include <cstddef>
#include <memory>

namespace qalpha {

/// Unpacks the only file of a zip archive, as venues publish them, and checks
/// its sum. Nothing is written, names inside the archive mean nothing.
class zip_member {
public:
  /// @param fd a regular file at any position; stays with the caller
  /// @returns a fault for what is no zip archive, for a truncated or encrypted
  ///          one, and for one with more or less than one file.
  static fallible<zip_member> open(int fd);

  zip_member(zip_member&&) noexcept;
  zip_member& operator=(zip_member&&) noexcept;
  ~zip_member();

  /// @returns how many bytes were unpacked, zero at the end, or a fault if the
  ///          data are damaged.
  fallible<size_t> read(char* out, size_t capacity);

private:
  struct state;

  explicit zip_member(std::unique_ptr<state> impl);

  std::unique_ptr<state> state_;
};

} // namespace qalpha
