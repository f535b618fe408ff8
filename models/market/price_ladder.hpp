// The levels of one side of a book.

#pragma once

#include "models/market/price.hpp"
#include "models/market/quantity.hpp"
#include "models/market/side.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace qalpha {

/// Price and total quantity of a level; no level has quantity zero.
struct book_level {
  price px;
  quantity qty;

  friend bool operator==(const book_level&, const book_level&) = default;
};

/// Quantities per price of one side. Levels near the touch lie in a window: one
/// slot a tick, with a bit that says whether it is taken, so that a change
/// costs the same anywhere. Levels that are worse than the window lie in a
/// sorted list. The window follows the touch when that nears its edge; it is
/// allocated when the list gets long, which those of small books never do.
///
///   worse ◀───────────────────────────────────────────────▶ better
///   [ sorted list ] [ window: ..taken.....taken.best........... ]
///
/// Prices are kept as keys that grow from worse to better, on both sides.
class price_ladder {
public:
  /// Slots of the window, 128 KiB a side. Three quarters of it lie below the
  /// touch: with a tick of 0.1, two percent of a price of 61 000, where a
  /// recorded session has 94 of 100 changes.
  static constexpr size_t window = 16'384;

  /// Length of the sorted list at which a window pays.
  static constexpr size_t short_list = 64;

  /// Levels worse than the window that are kept. A venue has a tenth of it; the
  /// worst are dropped, so that no sequence of messages fills the memory.
  static constexpr size_t longest_list = 65'536;

  explicit price_ladder(side which) : turn_(which == side::buy ? 0 : -1) {
    // nop
  }

  void clear() noexcept;

  /// Sets the quantity at `px`; zero removes the level.
  void set(price px, quantity qty) {
    auto key = key_of(px);
    if (inside(key))
      set_slot(slot_of(key), qty.lots);
    else
      set_outside(key, qty.lots);
  }

  quantity at(price px) const noexcept;

  std::optional<book_level> best() const noexcept {
    if (taken_ > 0)
      return level(best_);
    if (list_.empty())
      return std::nullopt;
    return level(list_.back());
  }

  size_t size() const noexcept {
    return taken_ + list_.size();
  }

  /// Copies the best levels, best first, without an allocation.
  /// @returns how many there were for `out`.
  size_t copy_top(std::span<book_level> out) const noexcept;

private:
  struct entry {
    int64_t key = 0;
    int64_t lots = 0;
  };

  int64_t key_of(price px) const noexcept {
    return px.ticks ^ turn_;
  }

  price price_of(int64_t key) const noexcept {
    return {key ^ turn_};
  }

  size_t slot_of(int64_t key) const noexcept {
    return static_cast<size_t>(static_cast<uint64_t>(key)
                               - static_cast<uint64_t>(base_));
  }

  int64_t key_at(size_t slot) const noexcept {
    return base_ + static_cast<int64_t>(slot);
  }

  bool inside(int64_t key) const noexcept {
    return key >= base_ && slot_of(key) < lots_.size();
  }

  book_level level(size_t slot) const noexcept {
    return {price_of(key_at(slot)), {lots_[slot]}};
  }

  book_level level(const entry& x) const noexcept {
    return {price_of(x.key), {x.lots}};
  }

  // Without a branch that depends on the data until the touch is concerned.
  void set_slot(size_t slot, int64_t lots) {
    auto& kept = lots_[slot];
    auto& word = bits_[slot / 64];
    taken_ += size_t{lots != 0} - size_t{kept != 0};
    kept = lots;
    word = (word & ~(uint64_t{1} << slot % 64))
           | uint64_t{lots != 0} << slot % 64;
    if (slot >= best_)
      set_touch(slot);
  }

  void set_touch(size_t slot);
  void set_outside(int64_t key, int64_t lots);
  void set_listed(int64_t key, int64_t lots);
  size_t taken_below(size_t slot) const noexcept;
  void empty_window() noexcept;
  void settle();
  void move_window(int64_t best);
  void drop_worst();

  // All ones for asks: the complement turns the order round and has no
  // overflow.
  int64_t turn_;
  // Key of slot 0; all keys of the list are less, if there is a window.
  int64_t base_ = 0;
  // The best slot that is taken; zero if none is.
  size_t best_ = 0;
  // Number of taken slots.
  size_t taken_ = 0;
  // By slot, zero where none is; empty while there is no window.
  std::vector<int64_t> lots_;
  std::vector<uint64_t> bits_;
  // From the worst to the best, so that changes near the touch move little.
  std::vector<entry> list_;
};

} // namespace qalpha
