// Which segments a recording should have and which it has.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/storage/raw/raw_manifest.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace qalpha {

struct raw_inventory {
  std::filesystem::path directory;
  raw_manifest manifest;
  /// Of the segments that are there, ascending.
  std::vector<uint32_t> numbers;
  /// One line for each thing that is wrong.
  std::vector<std::string> notes;

  /// @returns what the manifest says of a segment, if anything.
  const raw_manifest_entry* entry_of(uint32_t number) const;
};

/// Looks at names, sizes and headers.
/// @returns a fault of one line if there is no recording, or, unless gaps are
///          allowed, the first thing that is wrong.
fallible<raw_inventory> take_inventory(std::filesystem::path directory,
                                       bool allow_gaps);

/// Compares every sealed segment with its sum in the manifest.
/// @returns one line for each that differs or is missing.
std::vector<std::string> check_sums(const raw_inventory& inventory);

} // namespace qalpha
