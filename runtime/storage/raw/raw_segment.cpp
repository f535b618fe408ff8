#include "runtime/storage/raw/raw_segment.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <zstd.h>

namespace qalpha {

namespace {

constexpr size_t search_chunk = 64 * 1024;

// Larger than any header; what is not there is not missed.
constexpr size_t first_bytes = 5u << 20;

} // namespace

void raw_segment::decompressor_deleter::operator()(
  ZSTD_DCtx_s* ptr) const noexcept {
  ZSTD_freeDCtx(ptr);
}

raw_segment::raw_segment(raw_file file)
  : file_(std::move(file)), size_(file_.size()) {
  // nop
}

fallible<raw_segment> raw_segment::open(const std::filesystem::path& directory,
                                        uint32_t number) {
  auto file = directory / segment_name(number);
  auto opened = raw_file::open(file);
  if (!opened)
    return opened.error();
  raw_segment result{std::move(*opened)};
  std::string front(std::min<uint64_t>(result.size_, first_bytes), '\0');
  front.resize(result.file_.read_at(0, front.data(), front.size()));
  auto start = decode_segment_start(front);
  if (!start) {
    result.offset_ = result.size_;
    result.damage_.torn_bytes = result.size_;
    return result;
  }
  if (!*start)
    return fault{file.string() + ": " + start->error().text};
  result.header_ = std::move((*start)->header);
  if (result.header_->number != number)
    return fault{file.string() + ": the header says that it is "
                 + segment_name(result.header_->number)};
  result.offset_ = result.intact_ = (*start)->size;
  return result;
}

std::optional<raw_block_header> raw_segment::header_at(uint64_t offset) const {
  std::array<char, raw_block_header::size> bytes;
  auto got = file_.read_at(offset, bytes.data(), bytes.size());
  return decode_block_header({bytes.data(), got});
}

bool raw_segment::body_is_intact() {
  stored_.resize(block_.stored_size);
  auto got = file_.read_at(offset_ + raw_block_header::size, stored_.data(),
                           stored_.size());
  return got == stored_.size() && raw_checksum(stored_) == block_.body_checksum;
}

/// @returns where the mark of a block is next, or the end of the file.
uint64_t raw_segment::find_magic(uint64_t from) const {
  std::string chunk(search_chunk, '\0');
  while (from < size_) {
    auto got = file_.read_at(from, chunk.data(), chunk.size());
    auto found = std::string_view{chunk.data(), got}.find(raw_block_magic);
    if (found != std::string_view::npos)
      return from + found;
    if (got < chunk.size())
      break;
    // The mark may lie across the end of the chunk.
    from += got - raw_block_magic.size() + 1;
  }
  return size_;
}

bool raw_segment::next() {
  // Records of blocks that are damaged, or at the end torn.
  uint64_t unread = 0;
  while (offset_ < size_) {
    auto header = header_at(offset_);
    if (!header) {
      offset_ = find_magic(offset_ + 1);
      continue;
    }
    block_ = *header;
    auto end = offset_ + raw_block_header::size + block_.stored_size;
    if (end <= size_ && body_is_intact()) {
      damage_.damaged_bytes += offset_ - intact_;
      offset_ = intact_ = end;
      return true;
    }
    unread += block_.records;
    offset_ = std::min(end, size_);
  }
  if (header_) {
    damage_.torn_bytes = size_ - intact_;
    damage_.torn_records = unread;
  }
  return false;
}

std::optional<std::string_view> raw_segment::records() {
  if (!decompressor_)
    decompressor_.reset(ZSTD_createDCtx());
  // Grows only: the bytes of the block before are of no use.
  if (plain_.size() < block_.plain_size)
    plain_.resize(block_.plain_size);
  auto size = ZSTD_decompressDCtx(decompressor_.get(), plain_.data(),
                                  block_.plain_size, stored_.data(),
                                  stored_.size());
  if (ZSTD_isError(size) || size != block_.plain_size)
    return std::nullopt;
  return std::string_view{plain_.data(), block_.plain_size};
}

} // namespace qalpha
