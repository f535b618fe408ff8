// Bars from before an actor's start.

#pragma once

#include "actors/shell.hpp"

#include <chrono>
#include <cstddef>
#include <vector>

namespace qalpha {

/// Part of the state of an actor that takes no bar of a symbol before its feed
/// has told it the past: the past includes the bars that came meanwhile.
class past_bars {
public:
  // Not an aggregate, see `shell`.
  past_bars() = default;

  void expect_feeds(size_t symbols) {
    feeds.resize(symbols);
    warm.resize(symbols);
  }

  bool is_warm(symbol_id symbol) const {
    return warm[symbol.index];
  }

  size_t warm_symbols() const {
    size_t result = 0;
    for (auto x : warm)
      result += x ? 1 : 0;
    return result;
  }

  /// Feeds we know.
  std::vector<feed_actor> feeds;
  std::vector<bool> warm;
};

// A feed answers in microseconds; one that does not is being restarted and will
// be introduced again.
inline constexpr auto past_bars_timeout = std::chrono::seconds{2};

/// Asks the feeds that are new for the past of their symbols, unless it is
/// known. Call with each roster.
/// @pre the state of `self` is a `past_bars` and has a machine to warm up
template <class Self>
void ask_for_past(Self self, const roster& peers) {
  auto& st = self->state;
  for (size_t i = 0; i < peers.feeds.size(); ++i) {
    if (st.feeds[i] == peers.feeds[i])
      continue;
    auto hdl = st.feeds[i] = peers.feeds[i];
    if (!hdl || st.warm[i])
      continue;
    self->request(hdl, past_bars_timeout, atom::history_v)
      .then(
        [self, i, hdl](const bar_history& past) {
          auto& state = self->state;
          if (state.feeds[i] != hdl)
            return; // The answer of a feed that has died since.
          state.machine->warm_up(past.symbol, past.bars, past.contexts);
          state.warm[i] = true;
        },
        [self](const caf::error& err) {
          ++self->state.incidents;
          self->state.last_error = "no history: " + to_string(err);
        });
  }
}

} // namespace qalpha
