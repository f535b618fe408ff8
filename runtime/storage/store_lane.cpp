#include "runtime/storage/store_lane.hpp"

#include <cstring>
#include <utility>

namespace qalpha {

store_lane::store_lane(store_stream stream, spool queue, size_t inbox_bytes)
  : stream_(stream), fact_(layout_of(stream).fact), inbox_limit_(inbox_bytes),
    queue_(std::move(queue)) {
  // nop
}

void store_lane::append(std::string_view row) {
  if (fact_) {
    std::lock_guard guard{disk_};
    take(row);
    queue_.flush();
    return;
  }
  std::lock_guard guard{memory_};
  if (inbox_.size() + row.size() + sizeof(uint32_t) > inbox_limit_) {
    ++overflowed_;
    return;
  }
  auto length = static_cast<uint32_t>(row.size());
  inbox_.append(reinterpret_cast<const char*>(&length), sizeof(length));
  inbox_ += row;
}

void store_lane::take(std::string_view row) {
  ++appended_;
  queue_.append(row);
}

bool store_lane::settle() {
  std::lock_guard guard{disk_};
  emptied_.clear();
  {
    std::lock_guard inner{memory_};
    std::swap(inbox_, emptied_);
  }
  if (emptied_.empty() && queue_.buffered_bytes() == 0)
    return false;
  auto rest = std::string_view{emptied_};
  while (!rest.empty()) {
    uint32_t length = 0;
    std::memcpy(&length, rest.data(), sizeof(length));
    take(rest.substr(sizeof(length), length));
    rest.remove_prefix(sizeof(length) + length);
  }
  return queue_.flush();
}

void store_lane::read(spool_batch& out, size_t max_records, size_t max_bytes) {
  std::lock_guard guard{disk_};
  queue_.read(out, max_records, max_bytes);
}

void store_lane::acknowledge() {
  std::lock_guard guard{disk_};
  queue_.acknowledge();
}

void store_lane::rewind() {
  std::lock_guard guard{disk_};
  queue_.rewind();
}

uint64_t store_lane::resume_after(entry_id last) {
  std::lock_guard guard{disk_};
  return queue_.resume_after(last);
}

entry_id store_lane::last() const {
  std::lock_guard guard{disk_};
  return queue_.last();
}

lane_status store_lane::status() const {
  std::lock_guard guard{disk_};
  std::lock_guard inner{memory_};
  auto& counts = queue_.counts();
  return {appended_ + overflowed_, counts.dropped + overflowed_, counts.damaged,
          queue_.pending_bytes() + inbox_.size(), queue_.error()};
}

} // namespace qalpha
