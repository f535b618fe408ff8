// Decoded messages, in memory that is used again.

#pragma once

#include "runtime/venues/venue_message.hpp"

#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace qalpha {

/// What one frame of a venue says: most often one message, several trades in
/// one array, or nothing that matters. A list that is filled again and again
/// allocates only while its messages grow: entries, and the levels in them,
/// keep their memory. Not safe for threads.
class message_list {
public:
  /// Forgets the messages, not their memory.
  void clear() noexcept {
    used_ = 0;
  }

  bool empty() const noexcept {
    return used_ == 0;
  }

  size_t size() const noexcept {
    return used_;
  }

  /// @pre `index < size()`
  venue_message& operator[](size_t index) {
    return slots_[index];
  }

  /// @pre `index < size()`
  const venue_message& operator[](size_t index) const {
    return slots_[index];
  }

  const venue_message* begin() const noexcept {
    return slots_.data();
  }

  const venue_message* end() const noexcept {
    return slots_.data() + used_;
  }

  /// Appends a message in its initial state.
  /// @returns the message, to be filled; valid until the next call.
  template <class T>
  T& add() {
    auto& slot = next_slot();
    if (std::get_if<T>(&slot) == nullptr)
      change_type<T>(slot);
    auto& result = std::get<T>(slot);
    reset(result);
    return result;
  }

  friend bool operator==(const message_list& a, const message_list& b) {
    if (a.used_ != b.used_)
      return false;
    for (size_t i = 0; i < a.used_; ++i)
      if (a.slots_[i] != b.slots_[i])
        return false;
    return true;
  }

private:
  venue_message& next_slot() {
    if (used_ == slots_.size())
      slots_.emplace_back();
    return slots_[used_++];
  }

  // Streams take turns on a socket: the levels of a depth message wait in
  // `spare_` while its slot holds something else.
  template <class T>
  void change_type(venue_message& slot) {
    if (auto depth = std::get_if<symbol_depth>(&slot))
      spare_ = std::move(*depth);
    if constexpr (std::is_same_v<T, symbol_depth>)
      slot = std::move(spare_);
    else
      slot.emplace<T>();
  }

  template <class T>
  static void reset(T& message) {
    message = T{};
  }

  static void reset(symbol_snapshot& message) {
    message.symbol = {};
    message.sent = {};
    message.snapshot.time = {};
    message.snapshot.last = 0;
    message.snapshot.bids.clear();
    message.snapshot.asks.clear();
  }

  static void reset(symbol_depth& message) {
    message.symbol = {};
    message.sent = {};
    message.update.time = {};
    message.update.first = 0;
    message.update.last = 0;
    message.update.previous = 0;
    message.update.bids.clear();
    message.update.asks.clear();
  }

  std::vector<venue_message> slots_;
  size_t used_ = 0;
  symbol_depth spare_;
};

} // namespace qalpha
