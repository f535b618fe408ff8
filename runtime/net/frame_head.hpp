// Where the frames of a WebSocket begin and end.

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace qalpha {

/// The first bytes of a frame (RFC 6455, section 5.2).
struct frame_head {
  static constexpr size_t longest = 14;

  /// Final bit, reserved bits, kind.
  uint8_t first = 0;
  bool masked = false;
  /// Bytes of the head, and of what follows it.
  size_t size = 0;
  uint64_t payload = 0;

  /// @returns nothing if `bytes` end within the head.
  static std::optional<frame_head> read(std::string_view bytes) noexcept {
    auto at = [&](size_t i) { return static_cast<uint8_t>(bytes[i]); };
    if (bytes.size() < 2)
      return std::nullopt;
    frame_head result{.first = at(0), .masked = (at(1) & 0x80) != 0};
    auto length = at(1) & 0x7F;
    auto digits = length == 126 ? size_t{2} : length == 127 ? size_t{8} : 0;
    result.size = 2 + digits + (result.masked ? 4 : 0);
    if (bytes.size() < result.size)
      return std::nullopt;
    result.payload = digits == 0 ? static_cast<uint64_t>(length) : 0;
    for (size_t i = 0; i < digits; ++i)
      result.payload = result.payload << 8 | at(2 + i);
    return result;
  }

  /// @returns whether it is a text in one piece, as a server sends it.
  bool is_whole_text() const noexcept {
    return first == 0x81 && !masked;
  }

  bool is_control() const noexcept {
    return (first & 0x08) != 0;
  }

  bool is_final() const noexcept {
    return (first & 0x80) != 0;
  }
};

/// Knows, of bytes that pass piece by piece, to which frame they belong.
class frame_cut {
public:
  /// @returns how many of `bytes`, which follow those before, end the present
  ///          frame or belong to it.
  size_t take(std::string_view bytes) noexcept {
    size_t used = 0;
    if (left_ == 0) {
      while (used < bytes.size()) {
        head_[filled_++] = bytes[used++];
        if (auto head = frame_head::read({head_.data(), filled_})) {
          begin(*head);
          break;
        }
      }
      if (filled_ > 0)
        return used;
    }
    auto part = std::min<uint64_t>(left_, bytes.size() - used);
    left_ -= part;
    return used + static_cast<size_t>(part);
  }

  /// @returns whether the next byte begins a message or a control frame.
  bool between_messages() const noexcept {
    return filled_ == 0 && left_ == 0 && !in_pieces_;
  }

private:
  void begin(const frame_head& head) noexcept {
    filled_ = 0;
    left_ = head.payload;
    if (!head.is_control())
      in_pieces_ = !head.is_final();
  }

  std::array<char, frame_head::longest> head_{};
  size_t filled_ = 0;
  // Of the payload.
  uint64_t left_ = 0;
  bool in_pieces_ = false;
};

} // namespace qalpha
