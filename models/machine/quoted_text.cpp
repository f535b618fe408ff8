#include "models/machine/quoted_text.hpp"

namespace qalpha {

namespace {

/// @returns how many bytes follow the first byte of a character, or 4.
size_t continuation_bytes(unsigned char first) noexcept {
  if (first < 0x80)
    return 0;
  if (first >= 0xc2 && first < 0xe0)
    return 1;
  if (first >= 0xe0 && first < 0xf0)
    return 2;
  return first >= 0xf0 && first < 0xf5 ? 3 : 4;
}

/// Overlong forms and surrogates pass: JSON readers only need the structure.
bool is_utf8(std::string_view text) noexcept {
  for (size_t i = 0; i < text.size(); ++i) {
    auto more = continuation_bytes(static_cast<unsigned char>(text[i]));
    if (more == 4 || more >= text.size() - i)
      return false;
    for (; more > 0; --more)
      if ((static_cast<unsigned char>(text[++i]) & 0xc0) != 0x80)
        return false;
  }
  return true;
}

} // namespace

std::string json_text(std::string_view text) {
  auto is_text = is_utf8(text);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result = "\"";
  for (auto ch : text) {
    auto byte = static_cast<unsigned char>(ch);
    if (ch == '"' || ch == '\\')
      result += '\\';
    if (byte >= 0x20 && byte != 0x7f && (is_text || byte < 0x80)) {
      result += ch;
      continue;
    }
    result += "\\u00";
    result += digits[byte >> 4];
    result += digits[byte & 0xf];
  }
  return result + '"';
}

std::string quoted_text(std::string_view text) {
  constexpr size_t longest = 60;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result = "\"";
  for (auto ch : text.substr(0, longest)) {
    auto byte = static_cast<unsigned char>(ch);
    if (byte >= 0x20 && byte < 0x7f && ch != '"') {
      result += ch;
      continue;
    }
    result += "\\x";
    result += digits[byte >> 4];
    result += digits[byte & 0xf];
  }
  return result + (text.size() > longest ? "...\"" : "\"");
}

} // namespace qalpha
