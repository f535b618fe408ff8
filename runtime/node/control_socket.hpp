// The socket file of a node: made, trusted, removed.

#pragma once

#include "models/machine/fallible.hpp"

#include <filesystem>
#include <string>
#include <utility>

#include <sys/socket.h>
#include <sys/un.h>

namespace qalpha {

/// Address of a socket file.
/// @returns a fault if the path is longer than the kernel takes.
fallible<sockaddr_un> socket_address(const std::filesystem::path& where);

/// @returns `true` if the process at the other end is of this user or root.
bool peer_is_trusted(int connection) noexcept;

/// A listening socket and its file, which vanish together.
class control_socket {
public:
  /// Replaces the file of a node that is dead; mode 0600 from the first moment.
  /// @returns a fault if the directory is not ours, if a node listens there, or
  ///          if the file is no socket.
  static fallible<control_socket> listen(const std::filesystem::path& where);

  control_socket(control_socket&& other) noexcept
    : where_(std::move(other.where_)),
      descriptor_(std::exchange(other.descriptor_, -1)), device_(other.device_),
      inode_(other.inode_) {
    // nop
  }

  control_socket& operator=(control_socket&&) = delete;

  /// Removes the file unless another socket has taken its place.
  ~control_socket();

  /// Non-blocking; remains owned.
  int descriptor() const noexcept {
    return descriptor_;
  }

private:
  control_socket(std::filesystem::path where, int descriptor)
    : where_(std::move(where)), descriptor_(descriptor) {
    // nop
  }

  std::filesystem::path where_;
  int descriptor_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

} // namespace qalpha
