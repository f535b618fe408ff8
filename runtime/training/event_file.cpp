#include "runtime/training/event_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace qalpha {

namespace {

// More files of one process in one second are no trainings.
constexpr int most_files = 100;

/// @returns the name of the machine, in letters that any file may have.
std::string host_name() {
  std::array<char, 256> buffer{};
  if (::gethostname(buffer.data(), buffer.size() - 1) != 0)
    return "localhost";
  std::string result{buffer.data()};
  for (auto& letter : result)
    if (letter == '/')
      letter = '-';
  return result.empty() ? "localhost" : result;
}

fault failed(const std::string& path) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): glibc copies
  std::string reason = std::strerror(errno);
  return {path + ": cannot be written: " + reason};
}

} // namespace

event_file::event_file(std::string path, file_handle file)
  : path_(std::move(path)), file_(std::move(file)) {
  // nop
}

fallible<event_file> event_file::create(const std::string& directory,
                                        std::string_view head, utc_time now) {
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  if (code)
    return fault{directory + ": cannot be made: " + code.message()};
  auto name = directory + "/events.out.tfevents."
              + std::to_string(now.ns / 1'000'000'000) + "." + host_name() + "."
              + std::to_string(::getpid());
  for (int i = 0; i < most_files; ++i) {
    auto path = i == 0 ? name : name + "." + std::to_string(i);
    file_handle file{::open(
      path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644)};
    if (!file && errno == EEXIST)
      continue;
    if (!file)
      return failed(path);
    event_file result{std::move(path), std::move(file)};
    if (auto problem = result.append(head))
      return *problem;
    return result;
  }
  return fault{name + ": expected at most 100 files of one second"};
}

std::optional<fault> event_file::append(std::string_view record) {
  auto done = ::write(file_.get(), record.data(), record.size());
  if (done == static_cast<ssize_t>(record.size())) {
    size_ += done;
    return std::nullopt;
  }
  if (done >= 0)
    errno = ENOSPC;
  auto result = failed(path_);
  // A part of a record would make everything behind it unreadable.
  if (::ftruncate(file_.get(), size_) != 0)
    file_.reset();
  return result;
}

} // namespace qalpha
