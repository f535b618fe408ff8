// JSON of a venue, parsed by RapidJSON within bounds.

#pragma once

#include "runtime/venues/venue_message.hpp"

#include <rapidjson/document.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace qalpha {

/// What a message may take at most.
struct json_limits {
  size_t bytes = 0;
  /// Values in all, nested ones included.
  size_t values = 0;
  unsigned depth = 0;
};

/// For streams: forty times a large depth message.
inline constexpr json_limits stream_limits{size_t{1} << 20, 65'536, 8};

/// For answers of REST: the rules of all instruments take about one MiB.
inline constexpr json_limits answer_limits{size_t{8} << 20, 262'144, 16};

/// Holds one message and its values. Memory is used again by the next message.
/// Not safe for threads.
class json_message {
public:
  explicit json_message(json_limits limits);

  json_message(const json_message&) = delete;
  json_message& operator=(const json_message&) = delete;

  /// Copies the message. `text()` is then followed by `padding` zeros, which
  /// end whatever scans it.
  /// @returns `too_large` if it exceeds the limit, without looking at it.
  std::optional<decode_fault> load(std::string_view bytes);

  /// Parses what was loaded, in place.
  /// @returns `malformed` or `too_large` if there is no `root()`.
  std::optional<decode_fault> parse();

  std::string_view text() const noexcept {
    return {buffer_.data(), size_};
  }

  /// @pre the last call was `parse()`, and it found no fault
  const rapidjson::Value& root() const noexcept {
    return document_;
  }

  static constexpr size_t padding = 64;

private:
  json_limits limits_;
  std::vector<char> buffer_;
  size_t size_ = 0;
  // Enough for nearly all messages of a stream; more comes from the heap.
  std::unique_ptr<char[]> arena_;
  rapidjson::MemoryPoolAllocator<> memory_;
  rapidjson::Document document_;
};

} // namespace qalpha
