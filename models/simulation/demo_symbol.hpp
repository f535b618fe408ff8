// One symbol of the demo market: price path, trades and order book.

#pragma once

#include "models/market/market_event.hpp"
#include "models/simulation/demo_ladder.hpp"
#include "models/simulation/demo_profile.hpp"
#include "models/simulation/random_stream.hpp"

#include <cstdint>
#include <vector>

namespace qalpha {

/// What happens to a symbol in one frame from outside.
struct demo_frame {
  utc_time begin;
  utc_time end;

  /// Normal variate of the common factor, times 65'536.
  int64_t common_q16 = 0;

  /// See `demo_script`.
  int64_t shift_ppm = 0;
  bool stressed = false;
};

/// Moves in integers only. The true price does a random walk with the drift and
/// volatility of the regime, rare jumps, and a slow pull towards the anchor
/// that keeps it in range for ever. Trades and book follow it.
class demo_symbol {
public:
  demo_symbol() = default;

  /// @pre `profile` outlives the symbol
  demo_symbol(const demo_profile& profile, uint64_t seed);

  /// Advances by one frame and appends its events: trades in the order of time,
  /// then the changes of the book, then, if a second begins, mark price, index,
  /// which is the price without what the script does to it, funding and open
  /// interest.
  /// The first frame, and the first one after `freeze`, shows the whole book.
  void advance(const demo_frame& frame, std::vector<market_event>& out);

  /// Cuts the current regime short.
  void enter(market_regime regime, timespan length) noexcept {
    regime_ = regime;
    regime_left_ = length;
  }

  /// What was appended in this frame is not published: the book has to be
  /// shown anew.
  void freeze() noexcept {
    published_ = false;
  }

  /// @returns `true` if the changes of the next frame continue what was shown.
  bool published() const noexcept {
    return published_;
  }

  /// Appends the whole book as of `time`, the end of the last frame.
  void show_book(utc_time time, std::vector<market_event>& out) const;

  market_regime regime() const noexcept {
    return regime_;
  }

  /// @returns the true price in units of 1e-8.
  int64_t price_e8() const noexcept {
    return shown_e8_;
  }

  const demo_profile& profile() const noexcept {
    return *profile_;
  }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, demo_symbol& x) {
    return f(caf::meta::type_name("demo_symbol"), x.path_, x.flow_, x.base_e8_,
             x.shown_e8_, x.regime_, x.regime_left_, x.activity_q16_,
             x.sequence_, x.published_, x.bids_, x.asks_);
  }

private:
  void next_regime();
  int64_t walk(const demo_frame& frame);
  int64_t jump_q40(timespan length);
  void trade(const demo_frame& frame, int64_t before_e8, int64_t surprise_q16,
             std::vector<market_event>& out);
  void move_book(const demo_frame& frame, std::vector<market_event>& out);
  void show_mark(const demo_frame& frame, std::vector<market_event>& out) const;
  int64_t best_tick(side which, int64_t px_e8, bool stressed) const;

  const demo_profile* profile_ = nullptr;
  // The path has a stream of its own, so that it does not depend on how many
  // trades there were.
  random_stream path_;
  random_stream flow_;
  // True price without and with what the script does to it.
  int64_t base_e8_ = 0;
  int64_t shown_e8_ = 0;
  market_regime regime_ = market_regime::calm;
  timespan regime_left_{0};
  int64_t activity_q16_ = 65'536;
  uint64_t sequence_ = 0;
  bool published_ = false;
  demo_ladder bids_;
  demo_ladder asks_;
};

} // namespace qalpha
