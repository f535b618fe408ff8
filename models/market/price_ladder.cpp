#include "models/market/price_ladder.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <limits>

namespace qalpha {

namespace {

constexpr size_t word_bits = 64;

/// Slots between the touch and the lower end of a window that was just placed:
/// most changes are behind the touch, some improve it.
constexpr int64_t below_touch = price_ladder::window / 4 * 3;

/// A touch that is lower than this is too near to the end.
constexpr size_t lower_edge = price_ladder::window / 8;

constexpr uint64_t bit_of(size_t slot) noexcept {
  return uint64_t{1} << (slot % word_bits);
}

/// @returns the first entry that is not worse than `key`. A short list is a
/// whole book: most changes are near its touch, so that a few steps from there
/// come before the bisection.
template <class List>
auto locate(List& list, int64_t key) noexcept {
  auto near = list.size() > price_ladder::short_list ? 0 : 8;
  auto pos = list.end();
  auto stop = list.end() - std::min<ptrdiff_t>(near, std::ssize(list));
  while (pos != stop && std::prev(pos)->key >= key)
    --pos;
  if (pos != stop)
    return pos;
  return std::lower_bound(list.begin(), stop, key,
                          [](const auto& x, int64_t y) { return x.key < y; });
}

} // namespace

void price_ladder::clear() noexcept {
  list_.clear();
  empty_window();
}

quantity price_ladder::at(price px) const noexcept {
  auto key = key_of(px);
  if (inside(key))
    return {lots_[slot_of(key)]};
  auto pos = locate(list_, key);
  return {pos != list_.end() && pos->key == key ? pos->lots : 0};
}

size_t price_ladder::copy_top(std::span<book_level> out) const noexcept {
  auto count = std::min(out.size(), size());
  auto from_window = std::min(count, taken_);
  size_t done = 0;
  if (from_window > 0) {
    auto word = best_ / word_bits;
    auto bits = bits_[word];
    while (done < from_window) {
      while (bits == 0)
        bits = bits_[--word];
      auto high = std::bit_width(bits) - 1;
      bits ^= uint64_t{1} << high;
      out[done++] = level(word * word_bits + static_cast<size_t>(high));
    }
  }
  for (auto pos = list_.rbegin(); done < count; ++pos)
    out[done++] = level(*pos);
  return count;
}

// -- window -------------------------------------------------------------------

// The slot that changed is the touch, or better.
void price_ladder::set_touch(size_t slot) {
  if (lots_[slot] != 0) {
    best_ = slot;
  } else if (slot == best_) {
    best_ = taken_ > 0 ? taken_below(slot) : 0;
    settle();
  }
}

/// @pre a slot below is taken
size_t price_ladder::taken_below(size_t slot) const noexcept {
  auto word = slot / word_bits;
  auto bits = bits_[word] & (bit_of(slot) - 1);
  while (bits == 0)
    bits = bits_[--word];
  return word * word_bits + static_cast<size_t>(std::bit_width(bits)) - 1;
}

void price_ladder::empty_window() noexcept {
  for (size_t word = 0; taken_ > 0; ++word)
    for (; bits_[word] != 0; bits_[word] &= bits_[word] - 1, --taken_)
      lots_[word * word_bits
            + static_cast<size_t>(std::countr_zero(bits_[word]))]
        = 0;
  best_ = 0;
}

// -- list ---------------------------------------------------------------------

void price_ladder::set_outside(int64_t key, int64_t lots) {
  if (!lots_.empty() && key > base_) {
    // Beyond the best that the window can hold.
    if (lots == 0)
      return;
    move_window(key);
    set_slot(slot_of(key), lots);
    return;
  }
  set_listed(key, lots);
  if (lots_.empty() && list_.size() > short_list)
    move_window(list_.back().key);
  else
    settle();
}

void price_ladder::set_listed(int64_t key, int64_t lots) {
  auto pos = locate(list_, key);
  auto found = pos != list_.end() && pos->key == key;
  if (lots == 0) {
    if (found)
      list_.erase(pos);
  } else if (found) {
    pos->lots = lots;
  } else {
    list_.insert(pos, entry{key, lots});
    drop_worst();
  }
}

// -- both ---------------------------------------------------------------------

// Keeps the touch in the window and away from its lower end.
void price_ladder::settle() {
  if (lots_.empty() || list_.empty())
    return;
  if (taken_ == 0)
    move_window(list_.back().key);
  else if (best_ < lower_edge)
    move_window(key_at(best_));
}

// Places the window so that `best`, the touch or a better price, has its place.
void price_ladder::move_window(int64_t best) {
  for (size_t word = 0; taken_ > 0; ++word) {
    for (; bits_[word] != 0; bits_[word] &= bits_[word] - 1, --taken_) {
      auto slot = word * word_bits
                  + static_cast<size_t>(std::countr_zero(bits_[word]));
      list_.push_back({key_at(slot), lots_[slot]});
      lots_[slot] = 0;
    }
  }
  if (lots_.empty()) {
    lots_.resize(window);
    bits_.resize(window / word_bits);
  }
  using limits = std::numeric_limits<int64_t>;
  constexpr auto size = static_cast<int64_t>(window);
  base_ = best < limits::min() + below_touch ? limits::min()
                                             : best - below_touch;
  base_ = std::min(base_, limits::max() - size + 1);
  best_ = 0;
  for (; !list_.empty() && inside(list_.back().key); list_.pop_back())
    set_slot(slot_of(list_.back().key), list_.back().lots);
  drop_worst();
}

void price_ladder::drop_worst() {
  if (list_.size() > longest_list)
    list_.erase(list_.begin(), list_.end() - longest_list);
}

} // namespace qalpha
