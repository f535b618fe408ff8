// A recording of a venue, ready to be played.

#pragma once

#include "models/market/instrument.hpp"
#include "runtime/data/recording_refusal.hpp"
#include "runtime/venues/recorded_source.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <variant>

namespace qalpha {

/// A recording whose frames have not been read.
struct opened_recording {
  std::string venue;
  /// What it was opened for.
  universe all;
  std::unique_ptr<recorded_source> source;
};

/// @returns whether a raw recording (a folder of segments) or the lines of a
///          collector (see `recorded_session`) lie there, and not a table.
bool is_recording(const std::filesystem::path& path);

/// Opens a raw recording with all of its instruments.
std::variant<opened_recording, recording_refusal>
open_raw_recording(const std::filesystem::path& directory);

/// Opens a recording of either kind for one symbol, or for its only one if that
/// is empty.
std::variant<opened_recording, recording_refusal>
open_recording(const std::filesystem::path& path, const std::string& symbol);

/// @returns the instrument of a collector's session in the smallest steps that
///          occur there, which may be finer than a tick.
std::variant<instrument, recording_refusal>
choose_instrument(const std::filesystem::path& session,
                  const std::string& symbol);

} // namespace qalpha
