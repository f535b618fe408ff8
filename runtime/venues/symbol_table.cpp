#include "runtime/venues/symbol_table.hpp"

#include <algorithm>

namespace qalpha {

namespace {

constexpr bool is_symbol_character(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
         || c == '-';
}

} // namespace

symbol_table::symbol_table(const universe& all) : all_(all) {
  // At most a quarter full: a free slot ends every search.
  auto size = std::bit_ceil(4 * all_.size() + 4);
  slots_.resize(size);
  mask_ = size - 1;
  for (size_t i = 0; i < all_.size(); ++i)
    insert(all_[i].name(), static_cast<int>(i));
}

void symbol_table::insert(std::string_view name, int position) {
  if (name.size() > longest_name
      || !std::all_of(name.begin(), name.end(), is_symbol_character))
    return;
  key wanted{};
  std::memcpy(wanted.data(), name.data(), name.size());
  auto i = hash(wanted);
  while (slots_[i & mask_].position >= 0 && slots_[i & mask_].name != wanted)
    ++i;
  // The first of two instruments of one name wins, as in `find_instrument`.
  if (slots_[i & mask_].position < 0)
    slots_[i & mask_] = {wanted, position};
}

} // namespace qalpha
