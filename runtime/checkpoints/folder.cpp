#include "runtime/checkpoints/folder.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <memory>
#include <thread>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace qalpha {

namespace {

constexpr int directory_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

// Writers need milliseconds; whoever holds a lock longer hangs.
constexpr std::chrono::seconds lock_patience{10};
constexpr std::chrono::milliseconds lock_pause{5};

/// @returns bytes read, or -1.
ssize_t read_some(int fd, char* into, size_t size) {
  for (;;) {
    auto got = ::read(fd, into, size);
    if (got >= 0 || errno != EINTR)
      return got;
  }
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    auto done = ::write(fd, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0)
      return false;
    bytes.remove_prefix(static_cast<size_t>(done));
  }
  return true;
}

} // namespace

folder::folder(std::string path, file_handle handle)
  : path_(std::move(path)), handle_(std::move(handle)) {
  // nop
}

std::string folder::path_of(const std::string& name) const {
  return name.empty() ? path_ : path_ + "/" + name;
}

fault folder::failed(const std::string& name, const char* what) const {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): glibc copies
  std::string reason = std::strerror(errno);
  return {path_of(name) + ": " + what + ": " + reason};
}

fallible<folder> folder::open(const std::string& path) {
  folder result{path, file_handle{::open(path.c_str(), directory_flags)}};
  if (!result.handle_)
    return result.failed({}, "cannot be opened");
  return result;
}

fallible<folder> folder::create(const std::string& path) {
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (code)
    return fault{path + ": cannot be made: " + code.message()};
  return open(path);
}

bool folder::has(const std::string& name) const {
  struct stat about;
  return ::fstatat(handle_.get(), name.c_str(), &about, AT_SYMLINK_NOFOLLOW)
         == 0;
}

fallible<std::vector<std::string>> folder::names(size_t most) const {
  // The list takes a descriptor of its own, with a position of its own.
  auto fd = ::openat(handle_.get(), ".", directory_flags);
  std::unique_ptr<DIR, int (*)(DIR*)> list{fd < 0 ? nullptr : ::fdopendir(fd),
                                           ::closedir};
  if (list == nullptr)
    return failed({}, "cannot be read");
  std::vector<std::string> result;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the list is our own
  while (auto entry = ::readdir(list.get())) {
    std::string_view name{entry->d_name};
    if (name == "." || name == "..")
      continue;
    if (result.size() == most)
      return fault{path_ + ": expected at most " + std::to_string(most)
                   + " names"};
    result.emplace_back(name);
  }
  std::sort(result.begin(), result.end());
  return result;
}

fallible<folder> folder::open_below(const std::string& name) const {
  folder result{path_of(name),
                file_handle{::openat(handle_.get(), name.c_str(),
                                     directory_flags | O_NOFOLLOW)}};
  if (!result.handle_)
    return failed(name, "cannot be opened");
  return result;
}

fallible<folder> folder::create_below(const std::string& name) const {
  if (::mkdirat(handle_.get(), name.c_str(), 0755) == 0) {
    if (auto done = sync(); !done)
      return done.error();
  } else if (errno != EEXIST) {
    return failed(name, "cannot be made");
  }
  return open_below(name);
}

fallible<std::string> folder::read(const std::string& name, size_t most) const {
  // Without O_NONBLOCK, a pipe in the place of a file would hold us for ever.
  file_handle file{::openat(handle_.get(), name.c_str(),
                            O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  struct stat about;
  if (!file || ::fstat(file.get(), &about) != 0)
    return failed(name, "cannot be read");
  if (!S_ISREG(about.st_mode))
    return fault{path_of(name) + ": is not a file"};
  if (static_cast<uint64_t>(about.st_size) > most)
    return fault{path_of(name) + ": expected at most " + std::to_string(most)
                 + " bytes, found " + std::to_string(about.st_size)};
  std::string result(static_cast<size_t>(about.st_size), '\0');
  size_t size = 0;
  while (size < result.size()) {
    auto got = read_some(file.get(), result.data() + size,
                         result.size() - size);
    if (got < 0)
      return failed(name, "cannot be read");
    if (got == 0)
      return fault{path_of(name) + ": became shorter while it was read"};
    size += static_cast<size_t>(got);
  }
  return result;
}

fallible<bool> folder::write(const std::string& name,
                             std::string_view bytes) const {
  file_handle file{
    ::openat(handle_.get(), name.c_str(),
             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644)};
  if (!file)
    return failed(name, "cannot be written");
  if (!write_all(file.get(), bytes) || ::fsync(file.get()) != 0)
    return failed(name, "cannot be written");
  return true;
}

fallible<bool> folder::replace(const std::string& name,
                               std::string_view bytes) const {
  // What a process that died has left is removed by the next one.
  auto fresh = "." + name + ".new";
  remove(fresh);
  auto done = write(fresh, bytes);
  if (done)
    done = rename(fresh, name);
  if (!done)
    remove(fresh);
  return done;
}

fallible<bool> folder::rename(const std::string& from,
                              const std::string& to) const {
  if (::renameat(handle_.get(), from.c_str(), handle_.get(), to.c_str()) != 0)
    return failed(to, "cannot be renamed");
  return sync();
}

void folder::remove(const std::string& name) const {
  if (::unlinkat(handle_.get(), name.c_str(), 0) == 0 || errno == ENOENT)
    return;
  auto below = open_below(name);
  if (!below)
    return;
  constexpr size_t most = 1000;
  if (auto list = below->names(most))
    for (const auto& file : *list)
      ::unlinkat(below->handle_.get(), file.c_str(), 0);
  ::unlinkat(handle_.get(), name.c_str(), AT_REMOVEDIR);
}

fallible<bool> folder::sync() const {
  if (::fsync(handle_.get()) != 0)
    return failed({}, "cannot be written");
  return true;
}

fallible<file_handle> folder::lock(const std::string& name) const {
  file_handle file{::openat(handle_.get(), name.c_str(),
                            O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644)};
  if (!file)
    return failed(name, "cannot be opened");
  auto end = std::chrono::steady_clock::now() + lock_patience;
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      return failed(name, "cannot be locked");
    if (std::chrono::steady_clock::now() >= end)
      return fault{path_of(name)
                   + ": another process has been writing for 10 "
                     "seconds"};
    std::this_thread::sleep_for(lock_pause);
  }
  return file;
}

} // namespace qalpha
