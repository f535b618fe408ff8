// What a person sees while a node runs.

#pragma once

#include "actors/ports/observers.hpp"
#include "models/market/instrument.hpp"

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <mutex>
#include <string>
#include <string_view>

namespace qalpha {

/// Counts of what was shown, for the summary at the end.
struct console_counts {
  uint64_t fills = 0;
  uint64_t refused = 0;
  uint64_t alerts = 0;
  uint64_t restarts = 0;
};

/// Writes one readable line per event, with the time of the market:
///
///   12:00:07 FILL   BTCUSDT buy 0.012 @ 64210.5 maker  fee 0.15
///   12:00:41 REFUSE ETHUSDT gate max_gross_leverage: 3.1 of 3.0  ...
///   12:01:05 ALERT  SOLUSDT feed stale: silent for 2.1 s ...
///   12:01:09 OK     SOLUSDT feed live again ...
///
/// and the account every few seconds, so that silence means something. Colours
/// only on a terminal. Thread-safe.
class console final : public notices, public incident_log {
public:
  /// @param quiet counts, but prints nothing
  /// @pre both outlive the console
  console(const universe& instruments, std::ostream& out, bool colours,
          bool quiet);

  void show(const fill& fact) override;
  void show(const funding_payment& fact) override;
  void show(const decision_outcome& fact) override;
  void show(const account_state& fact) override;
  void show(const state_changed& fact) override;
  void show(const alert& fact) override;

  /// An error that an actor survived or died of.
  void report(std::string_view actor, const std::string& what) override;

  console_counts counts() const;

private:
  enum class tone : uint8_t { plain, good, bad };

  void line(utc_time time, std::string_view tag, tone how,
            std::string_view text);
  std::string_view name(symbol_id symbol) const;

  const universe* instruments_;
  std::ostream* out_;
  bool colours_;
  bool quiet_;
  mutable std::mutex mutex_;
  console_counts counts_;
  money start_;
  std::chrono::steady_clock::time_point account_shown_;
  // Latest time of the market, for lines of events that have none.
  utc_time now_;
};

/// @returns value and limit of a refusal in readable units, for example
///          "3.1 of 3.0".
std::string describe_refusal(risk_gate gate, int64_t value, int64_t limit);

} // namespace qalpha
