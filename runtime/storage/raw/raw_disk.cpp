#include "runtime/storage/raw/raw_disk.hpp"

#include "runtime/storage/raw/raw_lock.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <sys/random.h>
#include <sys/stat.h>
#include <zstd.h>

namespace qalpha {

namespace {

fault refuse(const std::filesystem::path& directory, const std::string& what) {
  return {"recording " + directory.string() + " " + what};
}

/// @returns a number that no other run of the directory has.
uint64_t random_run() {
  uint64_t result = 0;
  // Cannot fail for so few bytes once the machine is up.
  if (getrandom(&result, sizeof(result), 0) != sizeof(result))
    result = 1;
  return result;
}

std::optional<fault> make_directory(const std::filesystem::path& directory) {
  std::error_code error;
  if (directory.has_parent_path())
    std::filesystem::create_directories(directory.parent_path(), error);
  if (!error && mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
    error = {errno, std::generic_category()};
  if (error)
    return refuse(directory, "cannot be created: " + error.message());
  if (!std::filesystem::is_directory(directory, error))
    return refuse(directory, "is not a directory");
  return std::nullopt;
}

} // namespace

void raw_disk::compressor_deleter::operator()(ZSTD_CCtx_s* ptr) const noexcept {
  ZSTD_freeCCtx(ptr);
}

raw_disk::raw_disk(std::filesystem::path directory, raw_origin origin,
                   const raw_recorder_settings& settings)
  : directory_(std::move(directory)), origin_(std::move(origin)),
    settings_(settings), run_(random_run()), compressor_(ZSTD_createCCtx()) {
  ZSTD_CCtx_setParameter(compressor_.get(), ZSTD_c_compressionLevel,
                         settings_.level);
}

fallible<std::unique_ptr<raw_disk>>
raw_disk::open(std::filesystem::path directory, raw_origin origin,
               const raw_recorder_settings& settings, utc_time now) {
  if (auto why = make_directory(directory))
    return *why;
  std::unique_ptr<raw_disk> result{
    new raw_disk{std::move(directory), std::move(origin), settings}};
  if (auto why = result->lock())
    return *why;
  auto recovery = recover_recording(result->directory_);
  if (!recovery)
    return recovery.error();
  result->recovery_ = std::move(*recovery);
  result->next_sequence_ = result->recovery_.next_sequence;
  result->next_number_ = result->recovery_.next_number;
  result->manifest_ = result->recovery_.manifest;
  if (auto why = write_manifest(result->directory_, result->manifest_))
    return *why;
  if (auto why = result->begin_segment(now))
    return *why;
  return result;
}

std::optional<fault> raw_disk::lock() {
  auto locked = lock_recording(directory_);
  if (!locked)
    return locked.error();
  lock_ = std::move(*locked);
  return std::nullopt;
}

fallible<raw_tally> raw_disk::make_tally() const {
  return raw_tally::create(tally_of(directory_), run_, next_sequence_);
}

fault raw_disk::failed(int error) const {
  return {(directory_ / segment_name(entry_.number)).string()
          + ": cannot be written: " + system_text(error)};
}

// -- segments -----------------------------------------------------------------

std::optional<fault> raw_disk::begin_segment(utc_time now) {
  raw_segment_header header;
  header.origin = origin_;
  header.number = next_number_;
  header.run = run_;
  header.opened = now;
  header.first_sequence = next_sequence_;
  header.run_bytes = run_bytes_;
  if (segments_ == 0)
    header.lost_before = recovery_.lost;
  auto bytes = encode(header);
  auto path = directory_ / segment_name(header.number);
  auto fresh = raw_file::create(path);
  if (!fresh)
    return fresh.error();
  if (auto error = fresh->write_at(0, bytes)) {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    return fault{path.string() + ": cannot be written: " + system_text(error)};
  }
  file_ = std::move(*fresh);
  entry_ = {};
  entry_.number = header.number;
  entry_.first_sequence = next_sequence_;
  sum_ = {};
  sum_.add(bytes);
  earlier_bytes_ += size_;
  size_ = bytes.size();
  ++next_number_;
  ++segments_;
  return std::nullopt;
}

std::optional<fault> raw_disk::seal() {
  // A failed write may have left bytes behind the last block.
  auto error = file_.truncate(size_);
  if (error == 0)
    error = file_.sync();
  if (error != 0)
    return failed(error);
  file_ = {};
  entry_.file_bytes = size_;
  entry_.sha256 = sum_.digits();
  manifest_.push_back(std::move(entry_));
  // Without the index a reader looks at the files themselves, and it is written
  // again with the next segment: recording goes on.
  index_fault_ = write_manifest(directory_, manifest_);
  return std::nullopt;
}

bool raw_disk::is_full(utc_time now) const noexcept {
  return entry_.records > 0
         && (size_ >= settings_.segment_bytes
             || now - entry_.first >= settings_.segment_every);
}

std::optional<fault> raw_disk::close() {
  if (file_)
    if (auto why = seal())
      return why;
  return index_fault_;
}

// -- blocks -------------------------------------------------------------------

/// Compresses the batch into `block_`, behind its header.
std::optional<fault> raw_disk::make_block(const raw_batch& batch) {
  auto& in = batch.records;
  constexpr auto front = raw_block_header::size;
  block_.resize(front + ZSTD_compressBound(in.size()));
  auto size = ZSTD_compress2(compressor_.get(), block_.data() + front,
                             block_.size() - front, in.data(), in.size());
  if (ZSTD_isError(size))
    return refuse(directory_, "cannot be compressed: "
                                + std::string{ZSTD_getErrorName(size)});
  block_.resize(front + size);
  raw_block_header header;
  header.stored_size = static_cast<uint32_t>(size);
  header.plain_size = static_cast<uint32_t>(in.size());
  header.records = batch.count;
  header.body_checksum = raw_checksum(std::string_view{block_}.substr(front));
  header.first_sequence = next_sequence_;
  header.run_bytes = run_bytes_ + batch.bytes;
  header.first = batch.first;
  header.last = batch.last;
  auto bytes = encode(header);
  std::copy(bytes.begin(), bytes.end(), block_.begin());
  return std::nullopt;
}

std::optional<fault> raw_disk::write(const raw_batch& batch) {
  if (file_ && is_full(batch.last))
    if (auto why = seal())
      return why;
  if (!file_)
    if (auto why = begin_segment(batch.first))
      return why;
  if (auto why = make_block(batch))
    return why;
  // What a failure leaves behind is overwritten by the next attempt.
  if (auto error = file_.write_at(size_, block_))
    return failed(error);
  sum_.add(block_);
  size_ += block_.size();
  next_sequence_ += batch.count;
  run_bytes_ += batch.bytes;
  if (entry_.records == 0)
    entry_.first = batch.first;
  entry_.last = batch.last;
  entry_.records += batch.count;
  return std::nullopt;
}

} // namespace qalpha
