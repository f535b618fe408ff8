// One recorder at a time.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/storage/raw/raw_file.hpp"

#include <filesystem>

namespace qalpha {

/// Takes the lock of a recording; whoever closes the file, or dies, gives it
/// back.
/// @returns a fault that names the process which has it.
fallible<raw_file> lock_recording(const std::filesystem::path& directory);

/// Asks without taking the lock, so that a reader is in nobody's way.
bool is_being_recorded(const std::filesystem::path& directory);

} // namespace qalpha
