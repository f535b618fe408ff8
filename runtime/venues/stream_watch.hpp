// Which streams of a connection deliver.

#pragma once

#include "models/market/symbol_id.hpp"
#include "models/market/time.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace qalpha {

/// A stream that a connection subscribes to.
struct stream_spec {
  /// What the venue calls it.
  std::string name;

  symbol_id symbol;

  /// Position in `venue_message` of what it sends.
  size_t kind = 0;

  /// How long it may be silent after it was subscribed to. Zero: for ever,
  /// since what it tells of may never happen.
  timespan first_within{0};

  friend bool operator==(const stream_spec&, const stream_spec&) = default;
};

/// Waits for the first message of each stream. A venue may acknowledge a
/// subscription and never send anything, without an error; then the stream is
/// subscribed to again once, and after that the connection counts as useless.
class stream_watch {
public:
  using moment = std::chrono::steady_clock::time_point;

  /// The streams outlive the watch.
  explicit stream_watch(const std::vector<stream_spec>& streams);

  /// The streams were subscribed to at `now`.
  void subscribed(moment now);

  /// A message came.
  /// @returns `true` if it is the first of its stream.
  bool heard(symbol_id symbol, size_t kind);

  /// What to do about silent streams.
  struct findings {
    /// Positions of streams to subscribe to again; they get their time anew.
    std::vector<size_t> again;
    /// A second subscription did not help.
    bool useless = false;
  };

  findings check(moment now);

  /// @returns `true` if this stream needs no first message, or had it.
  bool proved(size_t stream) const noexcept {
    return states_[stream].proved;
  }

  bool all_proved() const noexcept {
    return unproved_ == 0;
  }

private:
  struct state {
    bool proved = false;
    bool again = false;
    moment deadline{};
  };

  const std::vector<stream_spec>* streams_;
  std::vector<state> states_;
  size_t unproved_ = 0;
};

} // namespace qalpha
