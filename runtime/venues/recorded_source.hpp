// A raw recording as a market that ends.

#pragma once

#include "runtime/venues/record_player.hpp"
#include "runtime/venues/record_stream.hpp"
#include "runtime/venues/simulated/market_source.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace qalpha {

struct recorded_source_settings {
  /// Length of a frame. Frames begin at multiples of it.
  timespan frame = std::chrono::milliseconds{100};

  /// Silence is played frame by frame up to this; a longer one is skipped, so
  /// that a recording with a pause of a week can be played.
  timespan longest_silence = std::chrono::minutes{5};

  /// Plays a recording in which segments are missing.
  bool allow_gaps = false;
};

/// Plays what a recorder kept: everything that was received within the time of
/// a frame is in it, by our clock as recorded.
class recorded_source final : public market_source {
public:
  /// @returns a fault of one line if there is no recording, or if it is one of
  ///          other instruments, or of other rules of theirs, than `all`.
  static fallible<std::unique_ptr<recorded_source>>
  open(const std::filesystem::path& directory, const universe& all,
       const recorded_source_settings& settings = {});

  /// Plays records that come from elsewhere.
  static std::unique_ptr<recorded_source>
  over(std::unique_ptr<record_stream> records, record_player player,
       const recorded_source_settings& settings = {});

  /// Recordings have none.
  std::vector<bar_closed> history() override;
  std::optional<market_frame> next() override;
  std::string save() const override;
  bool restore(std::string_view saved) override;

  const record_player& player() const noexcept {
    return player_;
  }

  /// What is missing, as far as it was played.
  const raw_damage& damage() const noexcept {
    return records_->damage();
  }

private:
  recorded_source(std::unique_ptr<record_stream> records, record_player player,
                  const recorded_source_settings& settings);

  utc_time frame_end(utc_time time) const noexcept;

  std::unique_ptr<record_stream> records_;
  record_player player_;
  recorded_source_settings settings_;
  /// Read, but of a later frame.
  std::optional<raw_record> ahead_;
  utc_time time_;
};

} // namespace qalpha
