// One segment of a raw recording, block by block, around all damage.

#pragma once

#include "runtime/storage/raw/raw_file.hpp"
#include "runtime/storage/raw/raw_format.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct ZSTD_DCtx_s;

namespace qalpha {

/// Bytes of a segment that could not be read.
struct raw_segment_damage {
  /// Between intact blocks.
  uint64_t damaged_bytes = 0;
  /// After the last intact block.
  uint64_t torn_bytes = 0;
  /// In the blocks at the end, as far as their headers can be read.
  uint64_t torn_records = 0;
};

/// Reads a segment from its beginning to its end in bounded memory.
class raw_segment {
public:
  /// @returns a fault naming the file if it is no segment, or not the one that
  ///          its name says. One that ends before its header does is a segment
  ///          without a header.
  static fallible<raw_segment> open(const std::filesystem::path& directory,
                                    uint32_t number);

  const std::optional<raw_segment_header>& header() const noexcept {
    return header_;
  }

  /// Goes to the next block whose checksums are right.
  /// @returns `false` at the end.
  bool next();

  /// @pre `next` returned `true`
  const raw_block_header& block() const noexcept {
    return block_;
  }

  /// @returns the records of the block, valid until the next call; `nullopt` if
  ///          they cannot be decompressed.
  /// @pre `next` returned `true`
  std::optional<std::string_view> records();

  /// Complete once `next` has returned `false`.
  const raw_segment_damage& damage() const noexcept {
    return damage_;
  }

  const raw_file& file() const noexcept {
    return file_;
  }

private:
  struct decompressor_deleter {
    void operator()(ZSTD_DCtx_s* ptr) const noexcept;
  };

  explicit raw_segment(raw_file file);

  std::optional<raw_block_header> header_at(uint64_t offset) const;
  bool body_is_intact();
  uint64_t find_magic(uint64_t from) const;

  raw_file file_;
  uint64_t size_;
  uint64_t offset_ = 0;
  /// End of the last intact block.
  uint64_t intact_ = 0;
  std::optional<raw_segment_header> header_;
  raw_block_header block_;
  raw_segment_damage damage_;
  std::string stored_;
  std::string plain_;
  std::unique_ptr<ZSTD_DCtx_s, decompressor_deleter> decompressor_;
};

} // namespace qalpha
