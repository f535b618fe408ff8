// The machine behind the WATCHDOG: faults in, alerts out.

#pragma once

#include "models/execution/order.hpp"
#include "models/machine/sink.hpp"
#include "models/market/feed_health.hpp"
#include "models/outlook/model_health.hpp"
#include "models/outlook/opinions.hpp"
#include "models/risk/alert.hpp"
#include "models/risk/permit_request.hpp"

#include <array>
#include <cstdint>
#include <set>
#include <vector>

namespace qalpha {

/// Fact: a supervisor restarted a child. SUPERVISOR → WATCHDOG.
struct child_restarted {
  /// Path in the tree, for example "oracle/feed BTCUSDT".
  std::string child;
  std::string reason;
  uint32_t restarts = 0;

  friend bool operator==(const child_restarted&, const child_restarted&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, child_restarted& x) {
    return f(caf::meta::type_name("child_restarted"), x.child, x.reason,
             x.restarts);
  }
};

/// Turns changes of health into alerts, one when a fault begins and one when it
/// ends. It acts on nothing: the desk and the executors act on health
/// themselves, so that a dead watchdog costs information, not safety.
class watchdog {
public:
  using effects = sink<alert>;

  /// `stalled_after`: time without a pulse that went through the whole pipeline
  /// after which the node counts as stalled.
  watchdog(size_t symbols, timespan stale_after, timespan stalled_after);

  void step(const feed_health& fact, effects& out);

  /// Orders of unknown fate and their resolution.
  void step(const order_settled& fact, effects& out);

  void step(const child_restarted& fact, utc_time now, effects& out);

  /// An alert for each problem that is new, and one when a model has none left.
  void step(const model_health& fact, effects& out);

  void step(const model_late& fact, effects& out);

  void step(const models_disagree& fact, effects& out);

  /// A pulse that started at `pulse_time` has passed the whole pipeline.
  void pulse_done(utc_time pulse_time, effects& out);

  /// Looks at the clock: `idle` is the time since the last pulse came through.
  void step(timespan idle, utc_time now, effects& out);

private:
  std::vector<feed_status> feeds_;
  timespan stale_after_;
  timespan stalled_after_;
  std::set<order_id> unknown_;
  // By model.
  std::array<std::set<model_problem>, model_role_count> problems_;
  bool stalled_ = false;
};

} // namespace qalpha
