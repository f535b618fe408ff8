// The one queue of questions that this address asks a venue.

#pragma once

#include "runtime/net/endpoint.hpp"
#include "runtime/net/http_client.hpp"
#include "runtime/venues/request_budget.hpp"
#include "runtime/venues/venue_dialect.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace qalpha {

/// Settings of a `rest_queue`.
struct rest_queue_settings {
  endpoint where;

  /// Binance: 2400 a minute and address. Some is left to others on it.
  budget_limit weight{2'000, std::chrono::minutes{1}};

  /// For one answer.
  std::chrono::milliseconds limit{10'000};

  /// Questions that may wait.
  size_t most_waiting = 4'096;

  /// Header with the weight used so far; may be empty.
  std::string weight_header;
};

/// Counts of a `rest_queue`.
struct rest_counters {
  uint64_t asked = 0;
  uint64_t failed = 0;
  /// Times that the venue told us to stop (429, 418, 403).
  uint64_t alarms = 0;
  /// Questions that found the queue full.
  uint64_t refused = 0;

  friend bool operator==(const rest_counters&, const rest_counters&) = default;
};

/// An answer of status 200, and when it was asked for and came.
struct rest_answer {
  std::string body;
  utc_time sent;
  utc_time received;
};

/// Asks one question after the other on a thread of its own, within the weight
/// limit. A status other than 200 is a fault; after 429, 418 and 403 all
/// questions wait until the venue allows them.
class rest_queue {
public:
  /// Called on the thread of the queue, or within `ask` if that is full.
  using answered = std::function<void(fallible<rest_answer>)>;

  /// @returns a fault if the client cannot be made.
  static fallible<std::unique_ptr<rest_queue>> make(rest_queue_settings how);

  rest_queue(const rest_queue&) = delete;
  rest_queue& operator=(const rest_queue&) = delete;

  /// Stops.
  ~rest_queue();

  /// From any thread.
  void ask(rest_request question, answered done);

  /// Drops what waits, cuts off what is under way, and ends the thread. From
  /// any other thread.
  void stop();

  /// From any thread.
  rest_counters counters() const;

private:
  struct worker;

  explicit rest_queue(std::unique_ptr<worker> impl);

  std::unique_ptr<worker> worker_;
};

} // namespace qalpha
