#include "runtime/storage/spool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace qalpha {

namespace {

constexpr size_t chunk_size = size_t{256} << 10;

} // namespace

std::filesystem::path spool::file_of(const segment& x) const {
  return directory_
         / fmt::format("{:020}-{:020}.spool", x.head.epoch, x.head.first);
}

uint64_t spool::pending_bytes() const noexcept {
  uint64_t result = buffer_.size();
  for (auto i = delivered_.segment; i < segments_.size(); ++i)
    result += segments_[i].bytes;
  if (delivered_.segment < segments_.size())
    result -= std::min(delivered_.offset, segments_[delivered_.segment].bytes);
  return result;
}

// -- writing ------------------------------------------------------------------

bool spool::append(std::string_view payload) {
  if (!make_room(spool_frame_size + payload.size()))
    return drop();
  auto full = !sealed_
              && segments_.back().bytes + buffer_.size() >= segment_bytes_;
  if (sealed_ || full || gap_ > 0) {
    if (flush())
      begin_segment();
    else if (gap_ > 0) // the positions of a segment have no holes
      return drop();
  }
  append_spool_record(buffer_, {epoch_, next_++}, payload);
  return true;
}

bool spool::drop() {
  ++next_;
  ++gap_;
  ++counts_.dropped;
  return false;
}

bool spool::make_room(size_t size) {
  if (buffer_.size() + size > settings_.buffer_bytes && !flush())
    return false;
  // Once full, it stays so until there is room for a whole segment: a hole in
  // the positions takes a new file.
  auto reserve = full_ ? segment_bytes_ : spool_head_size;
  auto too_much = [&] {
    full_ = pending_bytes() + size + reserve > settings_.limit_bytes;
    return full_;
  };
  if (settings_.when_full == spool_policy::keep_all || !too_much())
    return true;
  if (settings_.when_full == spool_policy::drop_newest)
    return false;
  do {
    // Neither what is being delivered nor what is being written.
    auto victim = cursor_.segment + 1;
    if (victim + 1 >= segments_.size())
      return false;
    auto& next = segments_[victim + 1].head;
    counts_.dropped += next.first - next.gap - segments_[victim].head.first;
    remove_segment(victim);
  } while (too_much());
  return true;
}

void spool::begin_segment() {
  segments_.push_back({{epoch_, next_, std::exchange(gap_, 0)}, 0});
  buffer_ = encode(segments_.back().head);
  writer_.reset();
  sealed_ = false;
}

bool spool::flush() {
  error_.clear();
  if (buffer_.empty())
    return true;
  auto& last = segments_.back();
  auto file = file_of(last);
  auto fail = [&](const char* what) {
    error_ = fmt::format("{}: cannot {}: {}", file.string(), what,
                         std::generic_category().message(errno));
    return false;
  };
  if (!writer_) {
    writer_ = file_handle{
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!writer_)
      return fail("create it");
  }
  for (size_t done = 0; done < buffer_.size();) {
    auto n = pwrite(writer_.get(), buffer_.data() + done, buffer_.size() - done,
                    static_cast<off_t>(last.bytes + done));
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0) {
      fail("write");
      // The next attempt overwrites what was written of this one; if there is
      // none, the checksum tells.
      [[maybe_unused]] auto ignored = ftruncate(writer_.get(),
                                                static_cast<off_t>(last.bytes));
      return false;
    }
    done += static_cast<size_t>(n);
  }
  last.bytes += buffer_.size();
  buffer_.clear();
  flushed_ = next_ - gap_;
  return true;
}

// -- reading ------------------------------------------------------------------

void spool::read(spool_batch& out, size_t max_records, size_t max_bytes) {
  out.clear();
  while (cursor_.segment < segments_.size() && out.entries.size() < max_records
         && (out.entries.empty() || out.bytes.size() < max_bytes)) {
    switch (read_segment(out, max_records, max_bytes)) {
      case progress::records:
        break;
      case progress::damage:
        skip_damage();
        break;
      case progress::end:
        if (cursor_.segment + 1 >= segments_.size())
          return;
        enter(cursor_.segment + 1);
        break;
      case progress::failure:
        return;
    }
  }
}

spool::progress spool::read_segment(spool_batch& out, size_t max_records,
                                    size_t max_bytes) {
  using kind = spool_step::kind;
  auto& from = segments_[cursor_.segment];
  if (cursor_.offset >= from.bytes)
    return progress::end;
  auto left = from.bytes - cursor_.offset;
  auto wanted = static_cast<size_t>(std::min<uint64_t>(left, chunk_size));
  if (!load(wanted))
    return progress::failure;
  auto bytes = std::string_view{chunk_};
  auto before = out.entries.size();
  for (;;) {
    auto id = entry_id{from.head.epoch, cursor_.position};
    auto step = read_spool_record(bytes, id);
    if (step.what == kind::record) {
      out.entries.push_back({id, out.bytes.size(), step.payload.size()});
      out.bytes += step.payload;
      bytes.remove_prefix(step.needed);
      cursor_.offset += step.needed;
      ++cursor_.position;
      if (bytes.empty() || out.entries.size() >= max_records
          || out.bytes.size() >= max_bytes)
        return progress::records;
    } else if (out.entries.size() > before) {
      return progress::records; // the next call begins here
    } else if (step.what == kind::incomplete && step.needed > wanted
               && step.needed <= left && chunk_.size() == wanted) {
      wanted = step.needed;
      if (!load(wanted))
        return progress::failure;
      bytes = chunk_;
    } else {
      return progress::damage;
    }
  }
}

// Shorter than `size` if the file is.
bool spool::load(size_t size) {
  auto& from = segments_[cursor_.segment];
  if (!reader_ || reading_ != from.head.first) {
    reader_ = file_handle{
      ::open(file_of(from).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)};
    reading_ = from.head.first;
  }
  chunk_.resize(size);
  ssize_t n = 0;
  do
    n = pread(reader_.get(), chunk_.data(), size,
              static_cast<off_t>(cursor_.offset));
  while (n < 0 && errno == EINTR);
  chunk_.resize(static_cast<size_t>(std::max<ssize_t>(n, 0)));
  return n >= 0;
}

void spool::enter(size_t index) {
  cursor_ = {index, spool_head_size, segments_[index].head.first};
}

void spool::skip_damage() {
  auto& damaged = segments_[cursor_.segment];
  auto end = flushed_;
  if (cursor_.segment + 1 < segments_.size()) {
    auto& next = segments_[cursor_.segment + 1].head;
    end = next.first - next.gap;
  }
  counts_.damaged += end - std::min(end, cursor_.position);
  cursor_.offset = damaged.bytes;
  cursor_.position = end;
}

uint64_t spool::resume_after(entry_id last) {
  cursor_ = {};
  auto front = next_;
  if (!segments_.empty()) {
    front = segments_.front().head.first;
    enter(0);
  }
  auto missing = front - 1 - std::min(front - 1, last.position);
  for (size_t i = 0; i < segments_.size(); ++i)
    if (entry_id{segments_[i].head.epoch, segments_[i].head.first} <= last) {
      missing = 0;
      enter(i);
    }
  if (missing == 0 && !segments_.empty()) {
    auto index = cursor_.segment;
    auto epoch = segments_[index].head.epoch;
    spool_batch passed;
    while (entry_id{epoch, cursor_.position} <= last) {
      passed.clear();
      auto count = epoch < last.epoch ? chunk_size
                                      : last.position + 1 - cursor_.position;
      if (read_segment(passed, std::min<uint64_t>(count, chunk_size),
                       chunk_size)
          != progress::records)
        break;
    }
  }
  delivered_ = cursor_;
  save_mark();
  return missing;
}

void spool::acknowledge() {
  if (delivered_.segment == cursor_.segment
      && delivered_.offset == cursor_.offset)
    return;
  delivered_ = cursor_;
  save_mark();
  trim();
}

void spool::trim() {
  uint64_t tail = 0;
  for (size_t i = 0; i < delivered_.segment; ++i)
    tail += segments_[i].bytes;
  while (delivered_.segment > 0
         && tail - segments_.front().bytes >= settings_.tail_bytes) {
    tail -= segments_.front().bytes;
    remove_segment(0);
  }
}

void spool::remove_segment(size_t index) {
  if (reading_ == segments_[index].head.first)
    reader_.reset();
  std::error_code ignored;
  std::filesystem::remove(file_of(segments_[index]), ignored);
  segments_.erase(segments_.begin() + static_cast<ptrdiff_t>(index));
  for (auto x : {&cursor_, &delivered_})
    if (x->segment > index)
      --x->segment;
}

void spool::save_mark() {
  if (segments_.empty())
    return;
  auto id = entry_id{segments_[delivered_.segment].head.epoch,
                     delivered_.position - 1};
  if (id == saved_.delivered)
    return;
  saved_ = {saved_.generation + 1, id};
  auto bytes = encode(saved_);
  // Two places in turn: one of them is whole at any instant. An older mark
  // costs no more than some records that the server refuses as known.
  auto offset = static_cast<off_t>(saved_.generation % 2 * spool_mark_size);
  [[maybe_unused]] auto ignored = pwrite(mark_.get(), bytes.data(),
                                         bytes.size(), offset);
}

} // namespace qalpha
