// From the symbol inside a message to the instrument.

#pragma once

#include "models/market/instrument.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace qalpha {

/// A hash table over the names of a universe that hardly ever looks twice. A
/// name takes part if it has at most 24 characters, all of them capitals,
/// digits, '_' or '-'; venues have no others.
class symbol_table {
public:
  static constexpr size_t longest_name = 24;

  /// Copies the instruments.
  explicit symbol_table(const universe& all);

  /// @returns the instrument called `name`, or `nullptr`.
  const instrument* find(std::string_view name) const noexcept {
    auto position = find_position(name);
    return position < 0 ? nullptr : &all_[static_cast<size_t>(position)];
  }

  /// @returns the position in `all()` of the instrument called `name`, or -1.
  int find_position(std::string_view name) const noexcept {
    // Names are padded with zeros: one that ends with some is another name.
    if (name.size() > longest_name || name.empty() || name.back() == '\0')
      return -1;
    key wanted{};
    std::memcpy(wanted.data(), name.data(), name.size());
    return find_position(wanted);
  }

  /// As above, for text that ends with a quote.
  /// @param length set to the length of the name if one is found
  /// @pre 32 bytes can be read at `text`
  int find_quoted(const char* text, size_t& length) const noexcept {
    for (length = 0; text[length] != '"'; ++length)
      if (length == longest_name)
        return -1;
    if (length > 0 && text[length - 1] == '\0')
      return -1;
    key wanted{};
    std::memcpy(wanted.data(), text, sizeof(wanted));
    for (size_t i = 0; i < wanted.size(); ++i)
      wanted[i] &= mask_of(length, 8 * i);
    return find_position(wanted);
  }

  const universe& all() const noexcept {
    return all_;
  }

private:
  // A name padded with zeros, compared in three words.
  using key = std::array<uint64_t, longest_name / sizeof(uint64_t)>;

  /// @returns the bytes of a word at `offset` that belong to a name.
  static uint64_t mask_of(size_t length, size_t offset) noexcept {
    if (length <= offset)
      return 0;
    auto excess = length - offset >= 8 ? 0 : 8 * (8 - (length - offset));
    auto all = ~uint64_t{0};
    // The first character is the lowest byte, or the highest.
    return std::endian::native == std::endian::little ? all >> excess
                                                      : all << excess;
  }

  int find_position(const key& wanted) const noexcept {
    for (auto i = hash(wanted);; ++i) {
      const auto& slot = slots_[i & mask_];
      if (slot.position < 0 || slot.name == wanted)
        return slot.position;
    }
  }

  struct entry {
    key name{};
    int position = -1;
  };

  size_t hash(const key& name) const noexcept {
    // An odd number without structure; the upper half of a product is mixed.
    constexpr uint64_t spread = 0x9e3779b97f4a7c15;
    auto mixed = (name[0] ^ std::rotl(name[1], 23) ^ std::rotl(name[2], 41))
                 * spread;
    return static_cast<size_t>(mixed >> 32);
  }

  void insert(std::string_view name, int position);

  universe all_;
  std::vector<entry> slots_;
  size_t mask_ = 0;
};

} // namespace qalpha
