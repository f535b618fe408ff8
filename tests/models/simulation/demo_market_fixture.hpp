// A demo market, and what follows it as a feed does.

#pragma once

#include "models/market/book.hpp"
#include "models/simulation/demo_market.hpp"

#include <array>
#include <utility>

namespace qalpha::test {

inline demo_market make_market(demo_settings settings = {}) {
  return std::move(*demo_market::make(std::move(settings)));
}

/// @returns the frames until `elapsed` since the start.
inline int frames_in(timespan elapsed) {
  return static_cast<int>(elapsed / demo_settings{}.frame);
}

inline constexpr symbol_id btc{0};
inline constexpr symbol_id eth{1};
inline constexpr symbol_id sol{2};

/// Follows what is published as a feed does.
struct reader {
  std::array<book, 3> books;
  std::array<uint64_t, 3> sequence{};
  std::array<bool, 3> in_snapshot{};
  std::array<utc_time, 3> last{};
  std::array<uint64_t, 3> trades{};
  std::array<uint64_t, 3> marks{};
  std::array<uint64_t, 3> indexes{};
  std::array<uint64_t, 3> fundings{};
  std::array<uint64_t, 3> interests{};
  std::array<uint64_t, 3> snapshots{};
  uint64_t gaps = 0;
  uint64_t crossed = 0;
  uint64_t odd_levels = 0;
  uint64_t backwards = 0;

  void read(const market_batch& batch) {
    auto i = batch.symbol.index;
    for (auto& event : batch.events) {
      backwards += event.time < last[i];
      last[i] = event.time;
      apply(i, event);
    }
    backwards += last[i] > batch.received;
  }

  void apply(uint16_t i, const market_event& event) {
    switch (event.kind) {
      case market_event_kind::trade:
        ++trades[i];
        odd_levels += event.px.ticks <= 0 || event.qty.lots <= 0;
        return;
      case market_event_kind::book_reset:
        books[i].clear();
        in_snapshot[i] = true;
        ++snapshots[i];
        return;
      case market_event_kind::bid_level:
        books[i].set(side::buy, event.px, event.qty);
        return;
      case market_event_kind::ask_level:
        books[i].set(side::sell, event.px, event.qty);
        return;
      case market_event_kind::book_complete:
        gaps += !in_snapshot[i] && event.sequence != sequence[i] + 1;
        in_snapshot[i] = false;
        sequence[i] = event.sequence;
        crossed += books[i].crossed();
        odd_levels += books[i].depth(side::buy) != 20
                      || books[i].depth(side::sell) != 20;
        return;
      case market_event_kind::mark_price:
        ++marks[i];
        return;
      case market_event_kind::index_price:
        ++indexes[i];
        odd_levels += event.px.ticks <= 0;
        return;
      case market_event_kind::funding:
        ++fundings[i];
        odd_levels += event.sequence <= static_cast<uint64_t>(event.time.ns);
        return;
      case market_event_kind::open_interest:
        ++interests[i];
        odd_levels += event.qty.lots <= 0;
        return;
      case market_event_kind::interrupted:
      case market_event_kind::reference_price:
        return;
    }
  }
};

} // namespace qalpha::test
