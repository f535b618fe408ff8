#include "runtime/storage/bar_history_input.hpp"

#include "runtime/storage/zip_member.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

namespace qalpha {

namespace {

// Large enough to make system calls rare, small enough for the second cache.
constexpr size_t chunk = 256 * 1024;

// No row of numbers comes near it; a file without line ends is not one of ours.
constexpr size_t longest_line = 64 * 1024;

struct digest_deleter {
  void operator()(EVP_MD_CTX* ptr) const noexcept {
    EVP_MD_CTX_free(ptr);
  }
};

std::string system_reason() {
  return std::strerror(errno); // NOLINT(concurrency-mt-unsafe): glibc copies
}

} // namespace

struct line_input::state {
  int fd = -1;
  bool raw_ended = false;
  uint64_t size = 0;
  bool compressed = false;
  // The inflater finished a member and has not begun another.
  bool between_members = false;
  z_stream inflater{};
  std::optional<zip_member> zip;
  std::unique_ptr<EVP_MD_CTX, digest_deleter> digest{EVP_MD_CTX_new()};
  std::vector<char> raw = std::vector<char>(chunk);
  size_t raw_begin = 0;
  size_t raw_end = 0;

  ~state() {
    if (compressed)
      inflateEnd(&inflater);
    if (fd >= 0)
      ::close(fd);
  }
};

line_input::line_input(const std::string& path)
  : state_(std::make_unique<state>()), buffer_(chunk + longest_line) {
  open(path);
}

line_input::~line_input() = default;

void line_input::fail(std::string reason) {
  if (!error_)
    error_ = std::move(reason);
  state_->raw_ended = true;
}

void line_input::open(const std::string& path) {
  EVP_DigestInit_ex(state_->digest.get(), EVP_sha256(), nullptr);
  // O_NONBLOCK: a pipe without a writer must not stop us before it is refused.
  state_->fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (state_->fd < 0)
    return fail(errno == ENOENT ? "no such file" : system_reason());
  struct stat about {};
  if (::fstat(state_->fd, &about) != 0)
    return fail(system_reason());
  if (S_ISDIR(about.st_mode))
    return fail("expected a file, found a directory");
  if (!S_ISREG(about.st_mode))
    return fail("expected a regular file, found a device or pipe");
  state_->size = static_cast<uint64_t>(about.st_size);
  auto& raw = state_->raw;
  state_->raw_end = read_raw(raw.data(), raw.size());
  auto begin = std::string_view{raw.data(), state_->raw_end};
  if (begin.starts_with("PK\x03\x04"))
    return open_zip();
  if (!begin.starts_with("\x1f\x8b"))
    return;
  // 16: a gzip wrapper and nothing else.
  if (inflateInit2(&state_->inflater, 15 + 16) != Z_OK)
    return fail("out of memory");
  state_->compressed = true;
}

/// The directory of a zip archive is at its end, so all of it is hashed before
/// anything is unpacked.
void line_input::open_zip() {
  auto& raw = state_->raw;
  while (read_raw(raw.data(), raw.size()) > 0)
    continue;
  if (error_)
    return;
  auto opened = zip_member::open(state_->fd);
  if (!opened)
    return fail(opened.error().text);
  state_->zip.emplace(std::move(*opened));
}

size_t line_input::unzip_into(char* out, size_t capacity) {
  auto got = state_->zip->read(out, capacity);
  if (got)
    return *got;
  fail(got.error().text);
  return 0;
}

uint64_t line_input::plain_size() const noexcept {
  return state_->compressed || state_->zip ? 0 : state_->size;
}

size_t line_input::read_raw(char* out, size_t capacity) {
  auto& st = *state_;
  if (st.raw_ended)
    return 0;
  ssize_t got = 0;
  do
    got = ::read(st.fd, out, capacity);
  while (got < 0 && errno == EINTR);
  if (got < 0) {
    fail(system_reason());
    return 0;
  }
  if (got == 0)
    st.raw_ended = true;
  else
    EVP_DigestUpdate(st.digest.get(), out, static_cast<size_t>(got));
  return static_cast<size_t>(got);
}

/// Makes sure that the inflater has input.
/// @returns `false` at the end of the file, proper or not.
bool line_input::feed_inflater() {
  auto& st = *state_;
  if (st.raw_begin < st.raw_end)
    return true;
  st.raw_begin = 0;
  st.raw_end = read_raw(st.raw.data(), st.raw.size());
  if (st.raw_end > 0)
    return true;
  if (!st.between_members)
    fail("compressed data end too early: the file is truncated");
  return false;
}

size_t line_input::inflate_into(char* out, size_t capacity) {
  auto& st = *state_;
  auto& z = st.inflater;
  while (!error_ && feed_inflater()) {
    // Concatenated members are one stream, as for gzip itself.
    if (st.between_members) {
      inflateReset(&z);
      st.between_members = false;
    }
    z.next_in = reinterpret_cast<Bytef*>(st.raw.data() + st.raw_begin);
    z.avail_in = static_cast<uInt>(st.raw_end - st.raw_begin);
    z.next_out = reinterpret_cast<Bytef*>(out);
    z.avail_out = static_cast<uInt>(capacity);
    auto code = inflate(&z, Z_NO_FLUSH);
    st.raw_begin = st.raw_end - z.avail_in;
    if (code == Z_STREAM_END)
      st.between_members = true;
    else if (code != Z_OK && code != Z_BUF_ERROR)
      fail("compressed data are damaged");
    if (z.avail_out < capacity)
      return capacity - z.avail_out;
  }
  return 0;
}

size_t line_input::produce(char* out, size_t capacity) {
  auto& st = *state_;
  if (st.compressed)
    return inflate_into(out, capacity);
  if (st.zip)
    return unzip_into(out, capacity);
  // The first chunk was read to look for the mark of gzip.
  if (st.raw_begin < st.raw_end) {
    auto count = std::min(capacity, st.raw_end - st.raw_begin);
    std::memcpy(out, st.raw.data() + st.raw_begin, count);
    st.raw_begin += count;
    return count;
  }
  return read_raw(out, capacity);
}

const char* line_input::find_line_end(const char* begin,
                                      const char* end) noexcept {
  return static_cast<const char*>(
    std::memchr(begin, '\n', static_cast<size_t>(end - begin)));
}

/// Moves the rest to the front and adds bytes behind it.
/// @returns `false` if there are none.
bool line_input::refill() {
  auto rest = end_ - begin_;
  std::memmove(buffer_.data(), buffer_.data() + begin_, rest);
  begin_ = 0;
  end_ = rest;
  auto got = produce(buffer_.data() + end_, buffer_.size() - end_);
  end_ += got;
  return got > 0;
}

std::optional<std::string_view> line_input::next_slowly() {
  while (!error_) {
    if (end_ - begin_ > longest_line) {
      fail("row " + std::to_string(line_ + 1) + ": expected a line of at most "
           + std::to_string(longest_line) + " bytes");
      break;
    }
    auto more = refill();
    if (error_)
      break;
    if (find_line_end(buffer_.data(), buffer_.data() + end_))
      return next();
    if (!more) {
      if (end_ == 0)
        break;
      // The last line needs no end; a '\n' after it gives it one.
      buffer_[end_++] = '\n';
      return next();
    }
  }
  return std::nullopt;
}

std::string line_input::sha256() {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestFinal_ex(state_->digest.get(), bytes, &size);
  constexpr char digits[] = "0123456789abcdef";
  std::string result;
  for (unsigned int i = 0; i < size; ++i) {
    result += digits[bytes[i] >> 4];
    result += digits[bytes[i] & 0xf];
  }
  return result;
}

} // namespace qalpha
