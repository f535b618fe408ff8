// Keeps every byte that a venue sends.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/instrument.hpp"
#include "models/market/time.hpp"
#include "runtime/storage/raw/raw_recorder.hpp"
#include "runtime/venues/collector_settings.hpp"
#include "runtime/venues/market_settings.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace qalpha {

class collector;

/// What a recording is at one moment.
struct recording_progress {
  collector_counters heard;
  raw_recorder_counts kept;
};

/// @returns why the recording in `directory`, if there is one, cannot be
///          continued with `instruments` of `venue`: one recording has one set
///          of rules, by which all of it is read.
std::optional<fault> recording_conflict(const std::filesystem::path& directory,
                                        data_venue venue,
                                        const universe& instruments);

/// A collector whose raw bytes go to a recorder, and whose events to nobody.
class market_recording {
public:
  /// Begins to connect.
  /// @param node names who records
  /// @param collecting nothing: what suits the venue
  /// @returns a fault if an address or the authorities are no good, the
  ///          directory cannot be used, or what is in it cannot be continued.
  static fallible<std::unique_ptr<market_recording>>
  open(const market_settings& settings, const universe& instruments,
       const std::filesystem::path& directory, const std::string& node,
       utc_time now,
       const std::optional<collector_settings>& collecting = std::nullopt);

  market_recording(const market_recording&) = delete;
  market_recording& operator=(const market_recording&) = delete;

  /// Stops.
  ~market_recording();

  /// Hangs up, and brings what was heard to the disk. Once.
  /// @returns what could not be written.
  std::optional<fault> stop();

  recording_progress progress() const;

  /// What a recorder before this one left.
  const raw_recovery& recovery() const noexcept {
    return recorder_->recovery();
  }

private:
  class nobody;

  explicit market_recording(std::unique_ptr<raw_recorder> recorder);

  std::unique_ptr<raw_recorder> recorder_;
  std::unique_ptr<nobody> sink_;
  // Last: it calls the others until it is gone.
  std::unique_ptr<collector> collector_;
};

} // namespace qalpha
