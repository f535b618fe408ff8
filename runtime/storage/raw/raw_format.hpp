// The bytes of a raw recording.
//
// A recording is a directory:
//
//   000001.qraw ...  segments: a header, then blocks
//   manifest.json    what the sealed segments hold
//   recorder.tally   counters of the running recorder, see raw_tally
//   recorder.lock    held by the running recorder
//
// A segment begins with eight bytes of magic, the version, the size of the
// header and a checksum of these (four bytes each), and the header, which has a
// checksum of its own. A block is a header of
// fixed size with checksums of itself and of what follows: one frame of zstd
// that holds whole records, one after the other. No block needs another one, so
// damage never spreads. All integers are little-endian.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/instrument.hpp"
#include "models/simulation/byte_archive.hpp"
#include "runtime/storage/raw/raw_record.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// Version of the layout; a reader takes no other.
constexpr uint32_t raw_version = 1;

/// No record has more bytes: ten times the largest answer of a venue.
constexpr size_t largest_raw_record = 16u << 20;

/// No block has more bytes before compression.
constexpr size_t largest_raw_block = 64u << 20;

/// Who recorded what.
struct raw_origin {
  std::string node;
  /// Names the run of the node.
  std::string session;
  /// For example "binance".
  std::string venue;
  /// The rules by which texts become ticks and lots.
  std::vector<instrument_rules> instruments;

  friend bool operator==(const raw_origin&, const raw_origin&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, raw_origin& x) {
    return f(caf::meta::type_name("raw_origin"), x.node, x.session, x.venue,
             x.instruments);
  }
};

/// First thing in a segment.
struct raw_segment_header {
  raw_origin origin;
  /// Counts the segments of the recording from one.
  uint32_t number = 0;
  /// Chosen by chance when a recorder opens the directory.
  uint64_t run = 0;
  utc_time opened;
  /// Of the first record of this segment.
  uint64_t first_sequence = 0;
  /// Sum of `raw_record::bytes` of the run before this segment.
  uint64_t run_bytes = 0;
  /// What recorders before this one took and did not bring to the disk.
  raw_loss lost_before;

  friend bool operator==(const raw_segment_header&, const raw_segment_header&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, raw_segment_header& x) {
    return f(caf::meta::type_name("raw_segment_header"), x.origin, x.number,
             x.run, x.opened, x.first_sequence, x.run_bytes, x.lost_before);
  }
};

/// @returns the bytes before the first block.
std::string encode(const raw_segment_header& header);

/// A header and where it ends.
struct raw_segment_start {
  raw_segment_header header;
  size_t size = 0;
};

/// @returns what is wrong, such as "expected version 1, found 2", without a
///          name. `nullopt` if the bytes end before the header does.
std::optional<fallible<raw_segment_start>>
decode_segment_start(std::string_view bytes);

/// What precedes a frame of zstd.
struct raw_block_header {
  static constexpr size_t size = 56;

  uint32_t stored_size = 0;
  uint32_t plain_size = 0;
  uint32_t records = 0;
  uint32_t body_checksum = 0;
  uint64_t first_sequence = 0;
  /// Sum of `raw_record::bytes` of the run up to the end of this block.
  uint64_t run_bytes = 0;
  utc_time first;
  utc_time last;

  friend bool operator==(const raw_block_header&, const raw_block_header&)
    = default;
};

/// First bytes of a block, to find the next one behind damage.
constexpr std::string_view raw_block_magic{"\xB1QRB", 4};

std::array<char, raw_block_header::size> encode(const raw_block_header& header);

/// @returns `nullopt` for anything but an intact header.
std::optional<raw_block_header> decode_block_header(std::string_view bytes);

/// @returns CRC-32 of the bytes.
uint32_t raw_checksum(std::string_view bytes) noexcept;

/// Bytes that a record has besides its texts.
constexpr size_t raw_record_overhead = 16;

/// @returns `false` for a record that is too large for the format.
bool fits(const raw_record& record) noexcept;

/// @pre `fits(record)`
inline size_t encoded_size(const raw_record& record) noexcept {
  return raw_record_overhead + record.connection.size() + record.target.size()
         + record.bytes.size();
}

/// Appends the record to a block.
/// @pre `fits(record)`
void append_to(std::string& block, const raw_record& record);

/// Takes the next record from the front of `block`.
/// @returns `nullopt` if it holds no whole record.
std::optional<raw_record> take_record(std::string_view& block) noexcept;

/// @returns for example "000042.qraw".
std::string segment_name(uint32_t number);

/// @returns the numbers of the segments in a directory, ascending; empty if it
///          cannot be listed.
std::vector<uint32_t> list_segments(const std::filesystem::path& directory);

} // namespace qalpha
