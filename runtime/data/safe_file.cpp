#include "runtime/data/safe_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

namespace qalpha {

struct safe_file::state {
  std::string path;
  std::string fresh;
  int fd = -1;
  // Writes to a duplicate of `fd`; null for a plain file.
  gzFile packer = nullptr;
  std::optional<fault> error;

  void close() noexcept {
    if (packer != nullptr)
      gzclose(std::exchange(packer, nullptr));
    if (fd >= 0)
      ::close(std::exchange(fd, -1));
  }
};

safe_file::safe_file(std::string path) : state_(std::make_unique<state>()) {
  auto& st = *state_;
  st.path = std::move(path);
  st.fresh = st.path + ".new";
  st.fd = ::open(st.fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                 0644);
  if (st.fd < 0) {
    fail("cannot be written");
    return;
  }
  if (!st.path.ends_with(".gz"))
    return;
  auto copy = ::fcntl(st.fd, F_DUPFD_CLOEXEC, 0);
  // zlib writes no time into the header: equal rows make equal files.
  st.packer = copy < 0 ? nullptr : gzdopen(copy, "wb6");
  if (st.packer == nullptr) {
    if (copy >= 0)
      ::close(copy);
    fail("cannot be written");
  }
}

safe_file::~safe_file() {
  state_->close();
  if (!state_->fresh.empty())
    ::unlink(state_->fresh.c_str());
}

void safe_file::fail(const char* what) {
  if (state_->error)
    return;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): glibc copies
  std::string reason = std::strerror(errno);
  state_->error = fault{state_->path + ": " + what + ": " + reason};
}

void safe_file::write(std::string_view text) {
  auto& st = *state_;
  while (!st.error && !text.empty()) {
    ssize_t done = 0;
    if (st.packer != nullptr)
      done = gzwrite(st.packer, text.data(),
                     static_cast<unsigned>(text.size()));
    else
      done = ::write(st.fd, text.data(), text.size());
    if (done <= 0 && errno != EINTR)
      return fail("cannot be written");
    if (done > 0)
      text.remove_prefix(static_cast<size_t>(done));
  }
}

fallible<bool> safe_file::commit() {
  auto& st = *state_;
  if (st.packer != nullptr
      && gzclose(std::exchange(st.packer, nullptr)) != Z_OK)
    fail("cannot be written");
  if (!st.error && ::fsync(st.fd) != 0)
    fail("cannot be written");
  st.close();
  if (!st.error && std::rename(st.fresh.c_str(), st.path.c_str()) != 0)
    fail("cannot be renamed");
  if (st.error)
    return *st.error;
  st.fresh.clear();
  return true;
}

} // namespace qalpha
