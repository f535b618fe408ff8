#include "runtime/storage/raw/raw_lock.hpp"

#include "runtime/storage/raw/raw_recovery.hpp"

#include <cerrno>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace qalpha {

namespace {

struct flock whole_file() {
  struct flock result {};
  result.l_type = F_WRLCK;
  result.l_whence = SEEK_SET;
  return result;
}

std::string holder(const std::filesystem::path& file) {
  std::ifstream in{file};
  pid_t process = 0;
  return in >> process ? "process " + std::to_string(process)
                       : "another process";
}

} // namespace

fallible<raw_file> lock_recording(const std::filesystem::path& directory) {
  auto refuse = [&directory](const std::string& what) {
    return fault{"recording " + directory.string() + " " + what};
  };
  auto file = lock_of(directory);
  auto opened = raw_file::open_or_create(file);
  if (!opened)
    return opened.error();
  // Of the open file and not of the process: two recorders of one process are
  // in each other's way, too.
  auto range = whole_file();
  if (fcntl(opened->descriptor(), F_OFD_SETLK, &range) != 0) {
    if (errno == EAGAIN || errno == EACCES)
      return refuse("is in use by " + holder(file));
    return refuse("cannot be locked: " + system_text(errno));
  }
  // For people; a full disk is no reason to stop here.
  if (opened->truncate(0) == 0)
    opened->write_at(0, std::to_string(getpid()) + "\n");
  return opened;
}

bool is_being_recorded(const std::filesystem::path& directory) {
  auto opened = raw_file::open(lock_of(directory));
  if (!opened)
    return false;
  auto range = whole_file();
  return fcntl(opened->descriptor(), F_OFD_GETLK, &range) == 0
         && range.l_type != F_UNLCK;
}

} // namespace qalpha
