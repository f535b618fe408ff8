// A life of orders as venues give them: late, twice, partly, or not at all.

#pragma once

#include "tests/runtime/storage/journal_world.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <vector>

namespace qalpha::test {

/// Appends random facts to journals and keeps a simple account of its own of
/// what must be recalled: every order for ever, positions as sums.
class random_life {
public:
  explicit random_life(uint64_t seed) : random_(seed) {
    // nop
  }

  /// Journals that hear every fact. All must agree on what is a duplicate.
  std::vector<journal*> listeners;

  /// Epoch of new orders.
  uint32_t epoch = 1;

  /// What the last life left out of an order's memory begins anew.
  void begin_epoch(uint32_t next) {
    epoch = next;
    sequences_ = {};
  }

  /// One more fact.
  /// @returns `false` if the journals disagreed with us.
  bool step();

  /// @returns whether `tested` recalls what we remember.
  bool agrees(journal& tested) const;

  uint64_t fills() const noexcept {
    return static_cast<uint64_t>(fills_.size());
  }

  uint64_t duplicates() const noexcept {
    return duplicates_;
  }

private:
  struct remembered {
    order_intent intent;
    order_status status = order_status::intent;
    int64_t filled = 0;
  };

  uint64_t below(uint64_t bound) {
    return random_() % bound;
  }

  void tell(const auto& fact) {
    for (auto each : listeners)
      each->append(fact);
    ++time_;
  }

  bool tell_once(const auto& fact, bool fresh) {
    auto agreed = true;
    for (auto each : listeners)
      agreed &= each->append(fact) == fresh;
    ++time_;
    duplicates_ += fresh ? 0 : 1;
    return agreed;
  }

  remembered* any_order();
  void advance(remembered& order, order_event event);
  void decide(uint16_t symbol);
  void send(uint16_t symbol);
  void report();
  bool fill_some();
  bool pay(uint16_t symbol);
  void change_state();
  void value();

  std::mt19937_64 random_;
  int64_t time_ = 1'000'000;
  std::map<order_id, remembered> orders_;
  std::vector<fill> fills_;
  std::map<std::pair<uint16_t, int64_t>, funding_payment> payments_;
  std::array<uint32_t, 2> sequences_ = {};
  std::array<uint64_t, 2> decisions_ = {};
  std::array<decision, 2> last_decision_ = {};
  std::array<int64_t, 2> positions_ = {};
  std::array<int64_t, 2> marks_ = {};
  money fees_;
  money funding_;
  money peak_ = start;
  state_changed state_;
  uint64_t executions_ = 0;
  uint64_t duplicates_ = 0;
};

} // namespace qalpha::test
