#include "runtime/venues/step_number.hpp"

#include "models/market/decimal.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

namespace qalpha {

namespace {

// 92e9 with its eight decimals has 20 characters.
constexpr size_t longest_number = 40;

constexpr bool is_plain(char c) noexcept {
  return (c >= '0' && c <= '9') || c == '.';
}

} // namespace

std::optional<int64_t> plain_decimal_e8(std::string_view text) noexcept {
  if (text.size() > longest_number
      || !std::all_of(text.begin(), text.end(), is_plain))
    return std::nullopt;
  return parse_decimal_e8(text);
}

std::optional<int64_t> exact_steps(std::string_view text,
                                   int64_t step_e8) noexcept {
  auto value = plain_decimal_e8(text);
  if (!value || *value % step_e8 != 0)
    return std::nullopt;
  return *value / step_e8;
}

std::optional<uint64_t> whole_number(std::string_view text) noexcept {
  uint64_t result = 0;
  auto end = text.data() + text.size();
  auto outcome = std::from_chars(text.data(), end, result);
  if (outcome.ec != std::errc{} || outcome.ptr != end)
    return std::nullopt;
  return result;
}

} // namespace qalpha
