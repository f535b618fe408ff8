#include "models/execution/order_id.hpp"

#include <concepts>

namespace qalpha {

namespace {

constexpr std::string_view prefix = "qa";
constexpr std::string_view hex_digits = "0123456789abcdef";

/// Appends "-" and `value` as hexadecimal digits with leading zeros.
template <std::unsigned_integral T>
void append(std::string& to, T value) {
  to += '-';
  for (auto bits = static_cast<int>(sizeof(T) * 8) - 4; bits >= 0; bits -= 4)
    to += hex_digits[(value >> bits) & 0xF];
}

/// Removes what `append` wrote from the front of `text`.
template <std::unsigned_integral T>
bool read(std::string_view& text, T& value) {
  constexpr auto length = sizeof(T) * 2 + 1;
  if (text.size() < length || text.front() != '-')
    return false;
  uint64_t result = 0;
  for (auto c : text.substr(1, length - 1)) {
    auto digit = hex_digits.find(c);
    if (digit == std::string_view::npos)
      return false;
    result = result * 16 + digit;
  }
  value = static_cast<T>(result);
  text.remove_prefix(length);
  return true;
}

} // namespace

std::string to_string(const order_id& id) {
  std::string result{prefix};
  append(result, id.node);
  append(result, id.symbol.index);
  append(result, id.epoch);
  append(result, id.sequence);
  return result;
}

std::optional<order_id> parse_order_id(std::string_view text) {
  if (text.substr(0, prefix.size()) != prefix)
    return std::nullopt;
  text.remove_prefix(prefix.size());
  order_id result;
  if (!read(text, result.node) || !read(text, result.symbol.index)
      || !read(text, result.epoch) || !read(text, result.sequence)
      || !text.empty())
    return std::nullopt;
  return result;
}

} // namespace qalpha
