// An open file that closes itself.

#pragma once

#include <utility>

#include <unistd.h>

namespace qalpha {

/// Owns a file descriptor.
class file_handle {
public:
  file_handle() = default;

  explicit file_handle(int fd) noexcept : fd_(fd) {
    // nop
  }

  file_handle(file_handle&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {
    // nop
  }

  file_handle& operator=(file_handle&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  ~file_handle() {
    reset();
  }

  void reset() noexcept {
    if (auto old = std::exchange(fd_, -1); old >= 0)
      ::close(old);
  }

  explicit operator bool() const noexcept {
    return fd_ >= 0;
  }

  int get() const noexcept {
    return fd_;
  }

private:
  int fd_ = -1;
};

} // namespace qalpha
