// What an appended record of the journal survives.

#pragma once

#include <cstdint>

namespace qalpha {

/// When a record counts as safe.
enum class journal_sync : uint8_t {
  /// After `write`: it survives the death of the process; microseconds. A power
  /// cut may take the last records, which the venue then has to tell again.
  normal,
  /// After `fsync`: it survives a power cut as well; milliseconds.
  always,
};

} // namespace qalpha
