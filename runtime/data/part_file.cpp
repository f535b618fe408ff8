#include "runtime/data/part_file.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace qalpha {

part_file::part_file(std::string path) : path_(std::move(path)) {
  fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd_ < 0) {
    fail();
    return;
  }
  auto end = ::lseek(fd_, 0, SEEK_END);
  if (end < 0)
    fail();
  else
    size_ = static_cast<uint64_t>(end);
}

part_file::~part_file() {
  if (fd_ >= 0)
    ::close(fd_);
}

bool part_file::fail() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): glibc copies
  std::string reason = std::strerror(errno);
  if (!error_)
    error_ = fault{path_ + ": " + reason};
  return false;
}

uint64_t part_file::resume() {
  return size_;
}

bool part_file::write(std::string_view bytes, uint64_t position) {
  if (error_)
    return false;
  if (position != size_) {
    if (position > size_ || ::ftruncate(fd_, static_cast<off_t>(position)) != 0
        || ::lseek(fd_, 0, SEEK_END) < 0)
      return fail();
    size_ = position;
  }
  while (!bytes.empty()) {
    auto done = ::write(fd_, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0)
      return fail();
    size_ += static_cast<uint64_t>(done);
    bytes.remove_prefix(static_cast<size_t>(done));
  }
  return true;
}

fallible<bool> part_file::close() {
  if (!error_ && ::fsync(fd_) != 0)
    fail();
  if (error_)
    return *error_;
  return true;
}

} // namespace qalpha
