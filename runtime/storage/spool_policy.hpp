// What happens when a spool is full.

#pragma once

#include <cstdint>

namespace qalpha {

/// What happens to a record that exceeds the limit of a spool.
enum class spool_policy : uint8_t {
  /// Nothing: all are kept as long as the disk takes them. For facts.
  keep_all,
  /// The record itself is dropped.
  drop_newest,
  /// Old records make room, a segment at a time.
  drop_oldest,
};

} // namespace qalpha
