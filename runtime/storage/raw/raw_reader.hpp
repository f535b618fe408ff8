// Reads a raw recording, whatever happened to it.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/storage/raw/raw_inventory.hpp"
#include "runtime/storage/raw/raw_segment.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace qalpha {

struct raw_reader_options {
  /// Reads on where segments are missing or belong to something else, instead
  /// of refusing the recording.
  bool allow_gaps = false;
};

/// What is wrong with a recording, as far as it was read.
struct raw_damage {
  /// Where what is there begins: one and one, unless the first segments were
  /// removed, whose records count as lost. Zero if nothing is there.
  uint32_t first_segment = 0;
  uint64_t first_sequence = 0;
  /// Bytes that a flipped bit or a hole made unreadable.
  uint64_t damaged_bytes = 0;
  /// Bytes at the end of segments whose recorder was killed.
  uint64_t torn_bytes = 0;
  /// What recorders took and is not in the files any more.
  raw_loss lost;
  /// What recorders did not take, since the disk was too slow.
  raw_loss dropped;
  /// One line each, the first hundred.
  std::vector<std::string> notes;

  /// @returns `true` if every record that came is there.
  bool none() const noexcept {
    return lost.exact && lost.records == 0 && dropped.records == 0;
  }
};

/// Delivers the records of all segments in order, in bounded memory. Where
/// records are missing it delivers a `lost` record that says how many, so that
/// nobody takes what comes next for the continuation. A recording may be read
/// while it is written: the reader ends at the last whole block.
class raw_reader {
public:
  /// @returns a fault of one line naming the file if the directory holds no
  ///          recording, a segment is missing, is none, or is of another
  ///          version.
  static fallible<raw_reader> open(std::filesystem::path directory,
                                   const raw_reader_options& options = {});

  /// @returns the next record, valid until the next call.
  std::optional<raw_record> next();

  /// @returns the sequence of the record that `next` returned last; for `lost`
  ///          that of the first one that is missing.
  uint64_t sequence() const noexcept {
    return sequence_;
  }

  /// @returns who recorded what `next` returned last; the header of the first
  ///          segment before.
  const raw_segment_header& header() const noexcept {
    return header_;
  }

  /// Complete once `next` has returned `nullopt`.
  const raw_damage& damage() const noexcept {
    return damage_;
  }

private:
  explicit raw_reader(raw_inventory inventory);

  bool next_segment();
  void enter(const raw_segment_header& header);
  void begin(const raw_segment_header& header);
  bool next_block();
  void enter_block(const raw_block_header& block);
  std::optional<raw_record> take();
  raw_record tell_loss();
  void end_segment();
  void end_recording();
  void lose(const raw_loss& loss);
  void note(std::string text);
  std::string path_of_segment() const;

  raw_inventory inventory_;
  /// Index in `inventory_.numbers`.
  size_t next_number_ = 0;
  /// Of the segment that was opened last.
  uint32_t number_ = 0;
  raw_segment_header header_;
  std::optional<raw_segment> segment_;
  std::string_view records_;
  /// Records of the current block that are still to come.
  uint64_t left_ = 0;
  /// Sequence of the record that should come next; zero before the first.
  uint64_t expected_ = 0;
  /// Bytes of the run before that record.
  uint64_t run_bytes_ = 0;
  uint64_t sequence_ = 0;
  utc_time last_time_;
  raw_damage damage_;
  /// What to tell before the next record.
  std::optional<raw_loss> pending_;
  uint64_t pending_sequence_ = 0;
  std::string loss_text_;
  bool ended_ = false;
};

} // namespace qalpha
