#include "runtime/storage/run_directory.hpp"

#include <cerrno>
#include <csignal>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace qalpha {

namespace {

fault refuse(const std::filesystem::path& root, const std::string& what) {
  return {"run directory " + root.string() + " " + what};
}

std::string reason_of(int error) {
  return std::generic_category().message(error);
}

/// Creates what is missing on the way to `root` and `root` itself.
std::error_code make_directory(const std::filesystem::path& root) {
  std::error_code error;
  if (root.has_parent_path())
    std::filesystem::create_directories(root.parent_path(), error);
  // Orders and balances are nobody else's business.
  if (!error && mkdir(root.c_str(), 0700) != 0 && errno != EEXIST)
    error = {errno, std::generic_category()};
  return error;
}

std::string why_not_opened(const std::filesystem::path& root, int error) {
  // Linux says ENOTDIR for a link to a directory, too.
  std::error_code ignored;
  if (std::filesystem::is_symlink(root, ignored))
    return "is a symbolic link, expected a directory";
  return error == ENOTDIR ? "is not a directory"
                          : "cannot be opened: " + reason_of(error);
}

/// Judges the directory that is open, which no rename can exchange any more.
std::optional<std::string> objection(int directory) {
  struct stat info = {};
  if (fstat(directory, &info) != 0)
    return "cannot be examined: " + reason_of(errno);
  if (info.st_uid != geteuid())
    return "belongs to user " + std::to_string(info.st_uid)
           + ", expected to belong to user " + std::to_string(geteuid());
  if ((info.st_mode & S_IWOTH) != 0)
    return "can be written by everybody; run chmod o-w on it";
  if (faccessat(directory, ".", R_OK | W_OK | X_OK, AT_EACCESS) != 0)
    return "cannot be written: " + reason_of(errno);
  return std::nullopt;
}

std::string holder(const run_paths& paths) {
  auto process = node_process(paths);
  return process ? "process " + std::to_string(*process) : "another process";
}

bool write_pid(int directory) {
  auto file = openat(directory, "node.pid",
                     O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                     0600);
  if (file < 0)
    return false;
  auto text = std::to_string(getpid()) + "\n";
  auto written = write(file, text.data(), text.size());
  return ::close(file) == 0 && written == static_cast<ssize_t>(text.size());
}

} // namespace

std::optional<pid_t> node_process(const run_paths& paths) {
  std::ifstream file{paths.pid()};
  pid_t process = 0;
  if (!(file >> process) || process <= 0)
    return std::nullopt;
  // EPERM: it exists and belongs to somebody else.
  if (kill(process, 0) != 0 && errno != EPERM)
    return std::nullopt;
  return process;
}

fallible<run_directory> run_directory::open(std::filesystem::path root) {
  // With a slash at the end, a symbolic link would be followed.
  root = root.lexically_normal();
  if (!root.has_filename())
    root = root.parent_path();
  if (auto error = make_directory(root))
    return refuse(root, "cannot be created: " + error.message());
  auto directory = ::open(root.c_str(),
                          O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (directory < 0)
    return refuse(root, why_not_opened(root, errno));
  // From here on the object closes what is open.
  run_directory result{run_paths{root}, directory};
  if (auto text = objection(directory))
    return refuse(root, *text);
  if (auto text = result.acquire())
    return refuse(root, *text);
  return result;
}

std::optional<std::string> run_directory::acquire() {
  auto lock = openat(directory_, "node.lock",
                     O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (lock < 0)
    return "cannot be locked: " + reason_of(errno);
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    auto error = errno;
    ::close(lock);
    return error == EWOULDBLOCK ? "is in use by " + holder(paths_)
                                : "cannot be locked: " + reason_of(error);
  }
  lock_ = lock;
  if (!write_pid(directory_))
    return "cannot be written: " + reason_of(errno);
  return std::nullopt;
}

run_directory::run_directory(run_paths paths, int directory) noexcept
  : paths_(std::move(paths)), directory_(directory), owner_(getpid()) {
  // nop
}

run_directory::run_directory(run_directory&& other) noexcept
  : paths_(std::move(other.paths_)),
    directory_(std::exchange(other.directory_, -1)),
    lock_(std::exchange(other.lock_, -1)), owner_(other.owner_) {
  // nop
}

run_directory& run_directory::operator=(run_directory&& other) noexcept {
  if (this != &other) {
    close();
    paths_ = std::move(other.paths_);
    directory_ = std::exchange(other.directory_, -1);
    lock_ = std::exchange(other.lock_, -1);
    owner_ = other.owner_;
  }
  return *this;
}

run_directory::~run_directory() {
  close();
}

void run_directory::close() noexcept {
  if (lock_ >= 0) {
    // A forked child inherits the object, but the node is its parent.
    if (owner_ == getpid())
      unlinkat(directory_, "node.pid", 0);
    ::close(std::exchange(lock_, -1));
  }
  if (directory_ >= 0)
    ::close(std::exchange(directory_, -1));
}

} // namespace qalpha
