// A market with known truth, for demonstrations and tests.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/bar.hpp"
#include "models/market/bar_aggregator.hpp"
#include "models/market/instrument.hpp"
#include "models/market/market_event.hpp"
#include "models/simulation/demo_profile.hpp"
#include "models/simulation/demo_script.hpp"
#include "models/simulation/demo_symbol.hpp"
#include "models/simulation/random_stream.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// Settings of the demo market.
struct demo_settings {
  uint64_t seed = 1;

  /// 2026-01-01T00:00:00Z. Whole seconds.
  utc_time start{1'767'225'600'000'000'000};

  /// Market time from one batch to the next: whole milliseconds, as venues tell
  /// time, and one second at most.
  timespan frame = std::chrono::milliseconds{100};

  /// Whether the accidents of `script` happen.
  bool scripted = true;
  demo_script script;

  /// Any of the names in `demo_profiles()`.
  std::vector<std::string> symbols{"BTCUSDT", "ETHUSDT", "SOLUSDT"};
};

/// Generates trades, order books, prices, funding and open interest of up to
/// three symbols. The same settings yield the same bytes on every machine. What
/// one symbol does depends neither on which others are present nor on anybody's
/// orders.
class demo_market {
public:
  /// @returns a fault if a symbol or the length of a frame is not possible.
  static fallible<demo_market> make(demo_settings settings);

  const universe& instruments() const noexcept {
    return instruments_;
  }

  const demo_settings& settings() const noexcept {
    return settings_;
  }

  /// @returns the end of the last frame.
  utc_time now() const noexcept {
    return now_;
  }

  /// Plays the time before the start and returns its bars, oldest first, equal
  /// times by symbol. `duration` is rounded up to whole bars. What follows
  /// depends on how long this was. The last two minutes trend against the trend
  /// with which the market opens.
  /// @pre nothing was generated yet; `interval` divides the start
  std::vector<bar_closed> warm_up(timespan duration, timespan interval);

  /// Advances by one frame.
  /// @returns one batch per symbol, in the order of the instruments; none for a
  ///          symbol whose feed is frozen. Valid until the next call.
  const std::vector<market_batch>& advance();

  /// @returns the books as they were published last, one batch a symbol; none
  ///          for a symbol that will show its whole book in its next frame.
  std::vector<market_batch> books() const;

  // -- the truth --------------------------------------------------------------

  /// @returns `true` while the venue takes no commands and gives no answers.
  bool venue_down() const noexcept {
    return settings_.scripted && settings_.script.venue_down(elapsed());
  }

  /// @returns `true` while the feed of `symbol` is silent.
  bool frozen(symbol_id symbol) const noexcept {
    return settings_.scripted
           && settings_.script.frozen(name_of(symbol), elapsed());
  }

  market_regime regime(symbol_id symbol) const noexcept {
    return symbols_[symbol.index].regime();
  }

  /// @returns the true price, which goes on while a feed is frozen.
  price true_price(symbol_id symbol) const noexcept {
    return instruments_[symbol.index].nearest_price(
      symbols_[symbol.index].price_e8());
  }

  // -- persistence ------------------------------------------------------------

  /// @returns everything that is needed to continue from here.
  std::string save() const;

  /// Continues where `save` was called.
  /// @returns `false`, and nothing has changed, if the bytes are damaged or
  ///          belong to other settings (the script is not compared).
  bool restore(std::string_view saved);

private:
  demo_market(demo_settings settings, universe instruments);

  timespan elapsed() const noexcept {
    return now_ - settings_.start;
  }

  std::string_view name_of(symbol_id symbol) const noexcept {
    return symbols_[symbol.index].profile().name;
  }

  void open();
  demo_frame begin_frame();
  void add_bars(const demo_frame& frame, std::vector<bar_aggregator>& builders,
                std::vector<bar_closed>& out);
  void add_shift(const demo_symbol& symbol, demo_frame& frame) const;

  demo_settings settings_;
  universe instruments_;
  utc_time now_;
  random_stream common_;
  std::vector<demo_symbol> symbols_;
  // Batches of the last frame, and the memory of those that were frozen.
  std::vector<market_batch> batches_;
  std::vector<market_event> unseen_;
};

} // namespace qalpha
