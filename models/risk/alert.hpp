// Something a person should know.

#pragma once

#include "models/market/symbol_id.hpp"
#include "models/market/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace qalpha {

/// How much an alert matters.
enum class severity : uint8_t {
  /// A fault is over.
  cleared,
  /// Look at it today.
  warning,
  /// Look at it now.
  page,
};

constexpr std::string_view to_string(severity x) noexcept {
  switch (x) {
    case severity::cleared:
      return "cleared";
    case severity::warning:
      return "warning";
    case severity::page:
      return "page";
  }
  return "?";
}

/// Fact: a fault began or ended. WATCHDOG → NOTIFIER.
struct alert {
  utc_time time;
  severity level = severity::warning;
  /// Which fault, from a closed set: "feed_stale", "order_unknown", ...
  std::string code;
  /// Symbol index, or -1 if the alert concerns the node.
  int32_t symbol = -1;
  /// What, value against limit, what is done about it.
  std::string text;

  friend bool operator==(const alert&, const alert&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, alert& x) {
    return f(caf::meta::type_name("alert"), x.time, x.level, x.code, x.symbol,
             x.text);
  }
};

} // namespace qalpha
