// How a spool comes back to life.

#include "runtime/storage/spool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace qalpha {

namespace {

namespace fs = std::filesystem;

// A spool is some sixteen segments: little is lost when one is dropped, and the
// directory stays small.
uint64_t segment_size(const spool_settings& settings) {
  return std::clamp<uint64_t>(settings.limit_bytes / 16, uint64_t{4} << 10,
                              uint64_t{16} << 20);
}

/// @returns the bytes at the beginning of a file, as many as it has.
std::string beginning_of(const file_handle& file, size_t size) {
  std::string result(size, '\0');
  auto n = pread(file.get(), result.data(), size, 0);
  result.resize(static_cast<size_t>(std::max<ssize_t>(n, 0)));
  return result;
}

/// @returns what the name of a segment says, with a gap of zero.
std::optional<spool_head> head_in_name(const fs::path& file) {
  auto name = file.stem().string();
  spool_head result;
  auto end = name.data() + name.size();
  auto dash = std::from_chars(name.data(), end, result.epoch).ptr;
  if (dash == end || *dash != '-'
      || std::from_chars(dash + 1, end, result.first).ptr != end
      || result.first == 0)
    return std::nullopt;
  return result;
}

fault cannot(const fs::path& what, std::string_view verb, int error) {
  return {fmt::format("{}: cannot {}: {}", what.string(), verb,
                      std::generic_category().message(error))};
}

} // namespace

spool::spool(fs::path directory, const spool_settings& settings)
  : directory_(std::move(directory)), settings_(settings),
    segment_bytes_(segment_size(settings)) {
  // nop
}

fallible<spool> spool::open(fs::path directory,
                            const spool_settings& settings) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error)
    return cannot(directory, "create it", error.value());
  spool result{std::move(directory), settings};
  if (auto problem = result.lock())
    return *problem;
  if (auto problem = result.recover())
    return *problem;
  return result;
}

std::optional<fault> spool::lock() {
  auto file = directory_ / "delivered";
  mark_ = file_handle{
    ::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!mark_)
    return cannot(file, "open it", errno);
  if (flock(mark_.get(), LOCK_EX | LOCK_NB) != 0)
    return fault{directory_.string() + ": another process uses this spool"};
  return std::nullopt;
}

std::optional<fault> spool::recover() {
  load_mark();
  next_ = saved_.delivered.position + 1;
  epoch_ = std::max(settings_.epoch, saved_.delivered.epoch + 1);
  if (auto problem = find_segments())
    return problem;
  auto known = next_;
  flushed_ = 0;
  // Segments whose first record never became complete vanish.
  while (!segments_.empty() && flushed_ == 0)
    if (auto problem = cut_last_segment())
      return problem;
  next_ = std::max(known, flushed_);
  gap_ = flushed_ == 0 ? 0 : next_ - flushed_;
  flushed_ = next_;
  resume_after(saved_.delivered);
  return std::nullopt;
}

void spool::load_mark() {
  auto bytes = beginning_of(mark_, 2 * spool_mark_size);
  for (auto slot : {size_t{0}, spool_mark_size})
    if (bytes.size() > slot)
      if (auto mark = decode_spool_mark(std::string_view{bytes}.substr(slot));
          mark && mark->generation > saved_.generation)
        saved_ = *mark;
}

std::optional<fault> spool::find_segments() {
  std::error_code error;
  std::vector<fs::path> files;
  for (auto& each : fs::directory_iterator{directory_, error})
    if (each.path().extension() == ".spool")
      files.push_back(each.path());
  if (error)
    return cannot(directory_, "list it", error.value());
  std::sort(files.begin(), files.end());
  for (auto& file : files)
    if (auto problem = adopt(file))
      return problem;
  return std::nullopt;
}

std::optional<fault> spool::adopt(const fs::path& file) {
  auto named = head_in_name(file);
  if (!named)
    return fault{file.string() + ": expected a segment named EPOCH-POSITION"};
  // Even an empty file says which ids may have been given out.
  next_ = std::max(next_, named->first);
  epoch_ = std::max(epoch_, named->epoch + 1);
  file_handle handle{::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)};
  if (!handle)
    return cannot(file, "open it", errno);
  auto size = static_cast<uint64_t>(lseek(handle.get(), 0, SEEK_END));
  auto head = decode_spool_head(beginning_of(handle, spool_head_size));
  auto ordered = segments_.empty() || !head
                 || head->first > segments_.back().head.first;
  if (head && head->epoch == named->epoch && head->first == named->first
      && ordered) {
    segments_.push_back({*head, size});
    return std::nullopt;
  }
  // Who does not know which records these are cannot give them ids.
  counts_.cut_bytes += size;
  std::error_code ignored;
  fs::remove(file, ignored);
  return std::nullopt;
}

// Reads the last segment to its last good record. Leaves `flushed_` behind that
// record, or at zero if there is none, in which case the segment is gone.
std::optional<fault> spool::cut_last_segment() {
  auto index = segments_.size() - 1;
  auto& last = segments_[index];
  enter(index);
  spool_batch passed;
  auto found = progress::records;
  while (found == progress::records) {
    passed.clear();
    found = read_segment(passed, SIZE_MAX, SIZE_MAX);
  }
  auto file = file_of(last);
  if (found == progress::failure)
    return cannot(file, "read it", errno);
  counts_.cut_bytes += last.bytes - std::min(last.bytes, cursor_.offset);
  if (cursor_.position == last.head.first) {
    remove_segment(index);
    cursor_ = {};
    return std::nullopt;
  }
  flushed_ = cursor_.position;
  if (cursor_.offset < last.bytes
      && truncate(file.c_str(), static_cast<off_t>(cursor_.offset)) != 0)
    return cannot(file, "cut it", errno);
  last.bytes = cursor_.offset;
  return std::nullopt;
}

} // namespace qalpha
