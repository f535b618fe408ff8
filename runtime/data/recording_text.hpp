// What recording and replaying a venue came to, for people and programs.

#pragma once

#include "models/market/time.hpp"
#include "runtime/data/recording_replay.hpp"
#include "runtime/venues/market_recording.hpp"

#include <optional>
#include <string>

namespace qalpha {

/// A recording that has ended.
struct recording_summary {
  std::string directory;
  std::string venue;
  recording_progress made;
  raw_recovery recovery;
  /// What could not be written at the end.
  std::optional<fault> trouble;

  /// @returns `true` if every record is on the disk.
  bool complete() const noexcept {
    return made.kept.dropped.records == 0
           && made.kept.written == made.kept.accepted;
  }

  /// @returns `true` if the recording is what somebody wanted who asked for it:
  ///          an empty one is not.
  bool ok() const noexcept {
    return complete() && !trouble && made.heard.lines.messages > 0;
  }
};

/// @returns one line without its end, to be drawn over the one before.
std::string progress_text(const recording_progress& x);

std::string to_text(const recording_summary& x);
std::string to_json(const recording_summary& x);

std::string to_text(const recording_replay& x);
std::string to_json(const recording_replay& x);

} // namespace qalpha
