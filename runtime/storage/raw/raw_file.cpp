#include "runtime/storage/raw/raw_file.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

namespace qalpha {

namespace {

constexpr size_t chunk = 1u << 20;

int no_error_or_errno(int result) noexcept {
  return result == 0 ? 0 : errno;
}

} // namespace

std::string system_text(int error) {
  return std::generic_category().message(error);
}

// -- raw_file -----------------------------------------------------------------

raw_file::raw_file(raw_file&& other) noexcept
  : descriptor_(std::exchange(other.descriptor_, -1)) {
  // nop
}

raw_file& raw_file::operator=(raw_file&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

raw_file::~raw_file() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

fallible<raw_file> raw_file::open(const std::filesystem::path& file) {
  // O_NONBLOCK: a pipe without a writer must not stop us before it is refused.
  raw_file result{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!result)
    return fault{file.string() + ": cannot be opened: " + system_text(errno)};
  struct stat about {};
  if (::fstat(result.descriptor_, &about) != 0 || !S_ISREG(about.st_mode))
    return fault{file.string() + ": expected a regular file"};
  return result;
}

fallible<raw_file> raw_file::create(const std::filesystem::path& file) {
  raw_file result{::open(
    file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!result)
    return fault{file.string() + ": cannot be created: " + system_text(errno)};
  return result;
}

fallible<raw_file> raw_file::open_or_create(const std::filesystem::path& file) {
  raw_file result{
    ::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!result)
    return fault{file.string() + ": cannot be opened: " + system_text(errno)};
  return result;
}

uint64_t raw_file::size() const noexcept {
  struct stat about {};
  return ::fstat(descriptor_, &about) == 0
           ? static_cast<uint64_t>(about.st_size)
           : 0;
}

size_t raw_file::read_at(uint64_t offset, char* out,
                         size_t capacity) const noexcept {
  size_t done = 0;
  while (done < capacity) {
    auto got = ::pread(descriptor_, out + done, capacity - done,
                       static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      break;
    done += static_cast<size_t>(got);
  }
  return done;
}

int raw_file::write_at(uint64_t offset, std::string_view bytes) const noexcept {
  while (!bytes.empty()) {
    auto put = ::pwrite(descriptor_, bytes.data(), bytes.size(),
                        static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR)
      continue;
    if (put <= 0)
      return put < 0 ? errno : EIO;
    offset += static_cast<uint64_t>(put);
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return 0;
}

int raw_file::truncate(uint64_t size) const noexcept {
  return no_error_or_errno(::ftruncate(descriptor_, static_cast<off_t>(size)));
}

int raw_file::sync() const noexcept {
  return no_error_or_errno(::fdatasync(descriptor_));
}

// -- sums and whole files -----------------------------------------------------

void sha256_sum::deleter::operator()(evp_md_ctx_st* ptr) const noexcept {
  EVP_MD_CTX_free(ptr);
}

sha256_sum::sha256_sum() : context_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
}

void sha256_sum::add(std::string_view bytes) noexcept {
  EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

std::string sha256_sum::digits() {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestFinal_ex(context_.get(), bytes, &size);
  constexpr char digit[] = "0123456789abcdef";
  std::string result;
  for (unsigned int i = 0; i < size; ++i) {
    result += digit[bytes[i] >> 4];
    result += digit[bytes[i] & 0xf];
  }
  return result;
}

std::string sha256_of(const raw_file& file) {
  sha256_sum sum;
  std::vector<char> buffer(chunk);
  uint64_t at = 0;
  while (auto got = file.read_at(at, buffer.data(), buffer.size())) {
    sum.add({buffer.data(), got});
    at += got;
  }
  return sum.digits();
}

std::optional<fault> replace_file(const std::filesystem::path& file,
                                  std::string_view content) {
  auto fresh = file;
  fresh += ".new";
  // One that a killed process left behind.
  ::unlink(fresh.c_str());
  auto out = raw_file::create(fresh);
  if (!out)
    return out.error();
  auto error = out->write_at(0, content);
  if (error == 0)
    error = out->sync();
  if (error == 0)
    error = no_error_or_errno(::rename(fresh.c_str(), file.c_str()));
  if (error == 0)
    return std::nullopt;
  ::unlink(fresh.c_str());
  return fault{file.string() + ": cannot be written: " + system_text(error)};
}

} // namespace qalpha
