// Lines of a file that may be compressed, in bounded memory.

#pragma once

#include "models/machine/fallible.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// Reads a regular file once, from its beginning to its end, and hashes it.
/// Errors end the input; `error` then holds the reason.
class line_input {
public:
  explicit line_input(const std::string& path);

  ~line_input();

  line_input(const line_input&) = delete;
  line_input& operator=(const line_input&) = delete;

  /// @returns the next line without its end ("\n" or "\r\n"), valid until the
  ///          next call, or `nullopt` at the end or after an error.
  std::optional<std::string_view> next() {
    auto begin = buffer_.data() + begin_;
    auto end = find_line_end(begin, buffer_.data() + end_);
    if (!end)
      return next_slowly();
    begin_ = static_cast<size_t>(end - buffer_.data()) + 1;
    ++line_;
    if (end != begin && end[-1] == '\r')
      --end;
    return std::string_view{begin, static_cast<size_t>(end - begin)};
  }

  /// @returns the number of the line that `next` returned last, from 1.
  uint64_t line() const noexcept {
    return line_;
  }

  /// @returns the size of the file, as far as it is known before reading;
  ///          zero if it is compressed.
  uint64_t plain_size() const noexcept;

  /// @returns why the input ended early, without the name of the file.
  const std::optional<std::string>& error() const noexcept {
    return error_;
  }

  /// @returns SHA-256 in hexadecimal digits of the bytes of the file.
  /// @pre `next` returned `nullopt` without an error
  std::string sha256();

private:
  struct state;

  static const char* find_line_end(const char* begin, const char* end) noexcept;
  std::optional<std::string_view> next_slowly();
  void fail(std::string reason);
  void open(const std::string& path);
  void open_zip();
  bool refill();
  size_t produce(char* out, size_t capacity);
  size_t read_raw(char* out, size_t capacity);
  size_t inflate_into(char* out, size_t capacity);
  bool feed_inflater();
  size_t unzip_into(char* out, size_t capacity);

  std::unique_ptr<state> state_;
  std::vector<char> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  uint64_t line_ = 0;
  std::optional<std::string> error_;
};

} // namespace qalpha
