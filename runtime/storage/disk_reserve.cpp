#include "runtime/storage/disk_reserve.hpp"

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace qalpha {

disk_reserve::disk_reserve(std::filesystem::path file)
  : file_(std::move(file)) {
  auto handle = ::open(file_.c_str(),
                       O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  auto error = handle < 0 ? errno : posix_fallocate(handle, 0, size);
  if (handle >= 0)
    ::close(handle);
  if (error != 0) {
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
    throw std::runtime_error{"cannot reserve 4 MiB in " + file_.string() + ": "
                             + std::generic_category().message(error)};
  }
}

bool disk_reserve::release() noexcept {
  if (!std::exchange(held_, false))
    return false;
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
  return true;
}

} // namespace qalpha
