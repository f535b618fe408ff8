// Reads text of a known layout from left to right, eight bytes at a time.

#pragma once

#include "models/market/depth.hpp"
#include "runtime/venues/json_message.hpp"
#include "runtime/venues/step_scale.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace qalpha {

/// The decimals that an instrument's numbers had last. Venues print a fixed
/// number of them, so a right guess saves looking for the end of each number.
struct places_guess {
  unsigned price = 0;
  unsigned size = 0;
};

/// A position in the text of a `json_message`. Each member function either
/// reads what it names and moves behind it, or returns `false`: then the text
/// has another layout and, except after `take`, the position has no meaning.
/// All that it accepts is valid JSON. Zeros follow the text and match nothing,
/// so that no check for its end is needed.
class layout_scanner {
public:
  /// @pre `text` is followed by `json_message::padding` zeros
  explicit layout_scanner(std::string_view text)
    : at_(text.data()), end_(text.data() + text.size()) {
    // nop
  }

  const char* position() const noexcept {
    return at_;
  }

  void move_to(const char* position) noexcept {
    at_ = position;
  }

  bool at_end() const noexcept {
    return at_ == end_;
  }

  /// Reads exactly `literal`, or stays where it is.
  template <size_t Size>
  bool take(const char (&literal)[Size]) noexcept {
    static_assert(Size <= json_message::padding);
    if (std::memcmp(at_, literal, Size - 1) != 0)
      return false;
    at_ += Size - 1;
    return true;
  }

  /// Reads a JSON number that is whole, not negative and has less than 16
  /// digits.
  bool number(uint64_t& out) noexcept;

  /// As `number`, with any sign and without its value.
  bool skip_number() noexcept {
    uint64_t ignored = 0;
    at_ += *at_ == '-' ? 1 : 0;
    return number(ignored);
  }

  bool flag(bool& out) noexcept {
    out = *at_ == 't';
    return take("true") || take("false");
  }

  /// Reads a string without escapes up to its quote, which comes next.
  bool skip_text() noexcept;

  /// Reads digits and perhaps a fraction of at most eight, behind which a quote
  /// comes next.
  /// @post `digits <= step_scale::largest(places)`
  bool decimal(uint64_t& digits, unsigned& places) noexcept;

  /// Reads a decimal and its quote as a whole number of steps.
  /// @param places what it had last time; corrected if that is wrong
  bool steps(const step_scale& scale, unsigned& places, int64_t& out) noexcept {
    if (guessed_steps(scale, places, out))
      return out >= 0;
    return unguessed_steps(scale, places, out);
  }

  /// Reads a list of `["price","size"]`.
  /// @param out has room for every level that the text can hold
  /// @returns the end of what was written, or `nullptr`.
  level_change* levels(const step_scale& ticks, const step_scale& lots,
                       places_guess& guess, level_change* out) noexcept;

private:
  static uint64_t load(const char* from) noexcept {
    uint64_t result;
    std::memcpy(&result, from, sizeof(result));
    if constexpr (std::endian::native == std::endian::big)
      result = __builtin_bswap64(result);
    return result;
  }

  static constexpr uint64_t each(uint8_t byte) noexcept {
    return byte * uint64_t{0x0101010101010101};
  }

  /// Eight characters as digits: 0..9, and more for what is no digit.
  static uint64_t load_digits(const char* from) noexcept {
    return load(from) ^ each('0');
  }

  /// @returns the upper bit of each byte that is no digit.
  static uint64_t non_digits(uint64_t x) noexcept {
    return (((x & each(0x7f)) + each(0x7f - 9)) | x) & each(0x80);
  }

  /// @returns the position of the lowest byte of a mask, 8 if it is empty.
  static unsigned first_byte(uint64_t mask) noexcept {
    return static_cast<unsigned>(std::countr_zero(mask)) / 8;
  }

  /// @returns the number whose eight digits are `x`, the first one lowest.
  static uint64_t value_of(uint64_t x) noexcept {
    x = x * 10 + (x >> 8); // pairs, in every other byte
    constexpr auto every_fourth = uint64_t{0x000000ff000000ff};
    auto even = (x & every_fourth) * (100 + (uint64_t{1'000'000} << 32));
    auto odd = ((x >> 16) & every_fourth) * (1 + (uint64_t{10'000} << 32));
    return (even + odd) >> 32;
  }

  /// As `value_of`, for the first `count` digits.
  /// @pre `0 < count && count <= 8`
  static uint64_t value_of(uint64_t x, unsigned count) noexcept {
    return value_of(x << (64 - 8 * count));
  }

  // In a source of its own, to stay out of the loops that hardly need it.
  bool unguessed_steps(const step_scale& scale, unsigned& places,
                       int64_t& out) noexcept;

  /// Reads a decimal of at most eight digits if its fraction has `places`. What
  /// comes next depends on the whole digits alone, and the processor can go on
  /// before it knows the value.
  /// @returns `false` without moving if the number has another shape.
  [[gnu::always_inline]] bool guessed_steps(const step_scale& scale,
                                            unsigned places,
                                            int64_t& out) noexcept {
    constexpr auto point = uint64_t{'.' ^ '0'};
    constexpr auto quote = uint64_t{'"' ^ '0'};
    auto head = load_digits(at_);
    auto whole = first_byte(non_digits(head));
    if (whole == 0 || whole == 8 || whole + places > 8)
      return false;
    auto next = (head >> (8 * whole)) & 0xff;
    if (places == 0) {
      if (next != quote)
        return false;
      out = scale.steps(value_of(head, whole), 0);
      at_ += whole + 1;
      return true;
    }
    auto tail = load_digits(at_ + whole + 1);
    auto fraction_bits = 8 * places;
    auto fraction = (uint64_t{1} << fraction_bits) - 1;
    if (next != point || (non_digits(tail) & fraction) != 0
        || ((tail >> fraction_bits) & 0xff) != quote)
      return false;
    auto digits = ((head << (64 - 8 * whole)) >> fraction_bits)
                  | (tail << (64 - fraction_bits));
    out = scale.steps(value_of(digits), places);
    at_ += whole + places + 2;
    return true;
  }

  const char* at_;
  const char* end_;
};

inline bool layout_scanner::number(uint64_t& out) noexcept {
  auto head = load_digits(at_);
  auto count = first_byte(non_digits(head));
  if (count == 0)
    return false;
  if (count < 8) {
    out = value_of(head, count);
  } else {
    auto tail = load_digits(at_ + 8);
    auto rest = first_byte(non_digits(tail));
    if (rest == 8)
      return false;
    out = value_of(head);
    if (rest != 0)
      out = out * step_scale::powers[rest] + value_of(tail, rest);
    count += rest;
  }
  // JSON has no leading zeros.
  if (*at_ == '0' && count > 1)
    return false;
  at_ += count;
  return true;
}

inline bool layout_scanner::skip_text() noexcept {
  for (;; at_ += 8) {
    auto word = load(at_);
    // A byte of `x` below 0x80 is zero exactly if adding 0x7f leaves it so.
    auto is_zero = [](uint64_t x) { return ~(x + each(0x7f)) & each(0x80); };
    auto low = word & each(0x7f);
    auto special = (word | is_zero(low ^ each('"')) | is_zero(low ^ each('\\'))
                    | is_zero(low & each(0x60)))
                   & each(0x80);
    if (special == 0)
      continue;
    at_ += first_byte(special);
    return *at_ == '"';
  }
}

inline bool layout_scanner::decimal(uint64_t& digits,
                                    unsigned& places) noexcept {
  auto from = at_;
  auto read = [&] {
    auto start = at_;
    for (; *at_ >= '0' && *at_ <= '9' && at_ - from < 20; ++at_)
      digits = digits * 10 + static_cast<uint64_t>(*at_ - '0');
    return static_cast<size_t>(at_ - start);
  };
  digits = 0;
  places = 0;
  auto count = read();
  if (count == 0)
    return false;
  if (*at_ == '.') {
    ++at_;
    auto fraction = read();
    if (fraction == 0 || fraction > step_scale::most_places)
      return false;
    places = static_cast<unsigned>(fraction);
    count += fraction;
  }
  // 18 digits cannot overflow on the way.
  return count <= 18 && digits <= step_scale::largest(places) && *at_ == '"';
}

inline level_change*
layout_scanner::levels(const step_scale& ticks, const step_scale& lots,
                       places_guess& guess, level_change* out) noexcept {
  if (take("[]"))
    return out;
  if (!take("[[\""))
    return nullptr;
  // Copies that no other function sees stay in registers.
  auto in = *this;
  auto [price_places, size_places] = guess;
  auto read = [&in](const step_scale& scale, unsigned& places, int64_t& x)
    __attribute__((always_inline)) {
    if (in.guessed_steps(scale, places, x))
      return x >= 0;
    auto slow = in;
    auto corrected = places;
    int64_t value = 0;
    auto is_number = slow.unguessed_steps(scale, corrected, value);
    in = slow;
    places = corrected;
    x = value;
    return is_number;
  };
  for (;;) {
    level_change level;
    if (!read(ticks, price_places, level.px.ticks) || level.px.ticks == 0
        || !in.take(",\"") || !read(lots, size_places, level.qty.lots))
      return nullptr;
    *out++ = level;
    if (in.take("],[\""))
      continue;
    guess = {price_places, size_places};
    *this = in;
    return take("]]") ? out : nullptr;
  }
}

} // namespace qalpha
