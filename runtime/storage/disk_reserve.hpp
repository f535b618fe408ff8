// Room on disk for an emergency.

#pragma once

#include <cstdint>
#include <filesystem>

namespace qalpha {

/// A file that keeps disk space until somebody needs it more: when the disk is
/// full, cancelling and flattening still have to be journaled.
class disk_reserve {
public:
  /// Enough for some ten thousand small commits.
  static constexpr int64_t size = 4 * 1024 * 1024;

  /// Allocates the file, or keeps one of that size that is there.
  /// @throws std::runtime_error if there is no room
  explicit disk_reserve(std::filesystem::path file);

  /// Gives the space back to the file system.
  /// @returns `false` if it was given back before.
  bool release() noexcept;

private:
  std::filesystem::path file_;
  bool held_ = true;
};

} // namespace qalpha
