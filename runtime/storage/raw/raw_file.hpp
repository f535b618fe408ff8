// A file of a raw recording: reads and writes at a place, and says why not.

#pragma once

#include "models/machine/fallible.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace qalpha {

/// Owns a descriptor. Errors are numbers of the system, zero for none.
class raw_file {
public:
  raw_file() = default;
  raw_file(raw_file&& other) noexcept;
  raw_file& operator=(raw_file&& other) noexcept;
  ~raw_file();

  /// Opens a regular file to read.
  static fallible<raw_file> open(const std::filesystem::path& file);

  /// Creates an empty file that only its owner may read.
  static fallible<raw_file> create(const std::filesystem::path& file);

  /// Opens a file to write, created if it is missing.
  static fallible<raw_file> open_or_create(const std::filesystem::path& file);

  explicit operator bool() const noexcept {
    return descriptor_ >= 0;
  }

  int descriptor() const noexcept {
    return descriptor_;
  }

  uint64_t size() const noexcept;

  /// @returns how many bytes there were, at most `capacity`.
  size_t read_at(uint64_t offset, char* out, size_t capacity) const noexcept;

  /// Writes everything or fails; what a failure leaves behind is overwritten by
  /// the next write to the same place.
  int write_at(uint64_t offset, std::string_view bytes) const noexcept;

  int truncate(uint64_t size) const noexcept;

  /// Waits until the data are on the device.
  int sync() const noexcept;

private:
  explicit raw_file(int descriptor) noexcept : descriptor_(descriptor) {
    // nop
  }

  int descriptor_ = -1;
};

/// SHA-256 of bytes that come in parts.
class sha256_sum {
public:
  sha256_sum();

  void add(std::string_view bytes) noexcept;

  /// @returns hexadecimal digits. The sum is finished.
  std::string digits();

private:
  struct deleter {
    void operator()(evp_md_ctx_st* ptr) const noexcept;
  };

  std::unique_ptr<evp_md_ctx_st, deleter> context_;
};

/// @returns the SHA-256 of a file as it is on the disk.
std::string sha256_of(const raw_file& file);

/// Writes a new file and puts it into the place of the old one.
std::optional<fault> replace_file(const std::filesystem::path& file,
                                  std::string_view content);

/// @returns the text of the system for an error.
std::string system_text(int error);

} // namespace qalpha
