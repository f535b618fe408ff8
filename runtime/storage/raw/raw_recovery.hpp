// What recorders before left in a directory.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/storage/raw/raw_manifest.hpp"
#include "runtime/storage/raw/raw_record.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace qalpha {

/// Where the next recorder continues, and what is missing.
struct raw_recovery {
  uint32_t next_number = 1;
  uint64_t next_sequence = 1;
  /// Records that the last recorder took and did not bring to the disk.
  raw_loss lost;
  /// Bytes behind the last whole block of segments that nobody had sealed.
  uint64_t torn_bytes = 0;
  /// With all segments that are there, the unsealed ones included.
  raw_manifest manifest;
  /// One line for each thing that a person should know.
  std::vector<std::string> notes;
};

/// Names of the files beside the segments.
std::filesystem::path tally_of(const std::filesystem::path& directory);
std::filesystem::path lock_of(const std::filesystem::path& directory);

/// Reads what is there. Removes a last segment that holds nothing because its
/// recorder was killed before it had written the header.
/// @returns a fault if a file is no segment of ours, or of another version.
/// @pre the directory is locked
fallible<raw_recovery>
recover_recording(const std::filesystem::path& directory);

} // namespace qalpha
