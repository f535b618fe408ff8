// The index of a raw recording: what its sealed segments hold.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/time.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace qalpha {

/// One segment that nobody writes to any more.
struct raw_manifest_entry {
  uint32_t number = 0;
  uint64_t first_sequence = 0;
  /// Zero records have no last one.
  uint64_t records = 0;
  utc_time first;
  utc_time last;
  uint64_t file_bytes = 0;
  /// Bytes at the end that hold no whole block: its recorder was killed.
  uint64_t torn_bytes = 0;
  /// Of the whole file, in hexadecimal digits.
  std::string sha256;

  friend bool operator==(const raw_manifest_entry&, const raw_manifest_entry&)
    = default;
};

/// Segments in ascending order.
using raw_manifest = std::vector<raw_manifest_entry>;

std::filesystem::path manifest_of(const std::filesystem::path& directory);

/// @returns an empty manifest if the directory has none.
fallible<raw_manifest> read_manifest(const std::filesystem::path& directory);

/// Replaces the file as a whole: readers find the old one or the new one.
/// @returns why it cannot be written, if it cannot.
std::optional<fault> write_manifest(const std::filesystem::path& directory,
                                    const raw_manifest& manifest);

} // namespace qalpha
