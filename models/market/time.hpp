// Points in time and durations. Pure code never asks for the time: it receives
// it inside an event or as an argument.

#pragma once

#include <caf/meta/type_name.hpp>

#include <chrono>
#include <compare>
#include <cstdint>

namespace qalpha {

/// A duration in nanoseconds.
using timespan = std::chrono::duration<int64_t, std::nano>;

/// A point in time: nanoseconds since 1970-01-01 00:00 UTC, without leap
/// seconds. Zero means "not set"; no market event carries it.
struct utc_time {
  int64_t ns = 0;

  friend constexpr auto operator<=>(const utc_time&, const utc_time&) = default;

  friend constexpr utc_time operator+(utc_time t, timespan d) {
    return {t.ns + d.count()};
  }

  friend constexpr utc_time operator-(utc_time t, timespan d) {
    return {t.ns - d.count()};
  }

  friend constexpr timespan operator-(utc_time a, utc_time b) {
    return timespan{a.ns - b.ns};
  }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, utc_time& x) {
    return f(caf::meta::type_name("utc_time"), x.ns);
  }
};

} // namespace qalpha
