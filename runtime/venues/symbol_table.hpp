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
    if (name.size() > longest_name || name.empty())
      return -1;
    key wanted{};
    std::memcpy(wanted.data(), name.data(), name.size());
    for (auto i = hash(wanted);; ++i) {
      const auto& slot = slots_[i & mask_];
      if (slot.position < 0 || slot.name == wanted)
        return slot.position;
    }
  }

  const universe& all() const noexcept {
    return all_;
  }

private:
  // A name padded with zeros, compared in three words.
  using key = std::array<uint64_t, longest_name / sizeof(uint64_t)>;

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
