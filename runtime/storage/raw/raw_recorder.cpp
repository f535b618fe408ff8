#include "runtime/storage/raw/raw_recorder.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include <pthread.h>

namespace qalpha {

namespace {

/// Encoded size of a record about drops, at most.
constexpr size_t largest_mark = 128;

/// Starts `body` with all signals blocked: they are for the threads that know
/// what to do, and a limit on file sizes has to be an error, not the end.
template <class Body>
std::thread quiet_thread(Body body) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread result{std::move(body)};
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return result;
}

} // namespace

fallible<std::unique_ptr<raw_recorder>>
raw_recorder::open(std::filesystem::path directory, raw_origin origin,
                   const raw_recorder_settings& settings, utc_time now) {
  auto disk = raw_disk::open(std::move(directory), std::move(origin), settings,
                             now);
  if (!disk)
    return disk.error();
  auto tally = (*disk)->make_tally();
  if (!tally)
    return tally.error();
  return std::unique_ptr<raw_recorder>{
    new raw_recorder{std::move(*disk), std::move(*tally), settings}};
}

raw_recorder::raw_recorder(std::unique_ptr<raw_disk> disk, raw_tally tally,
                           const raw_recorder_settings& settings)
  : settings_(settings), recovery_(disk->recovery()),
    first_sequence_(disk->next_sequence()), tally_(std::move(tally)),
    file_bytes_(disk->file_bytes()), segments_(disk->segments()),
    disk_(std::move(disk)) {
  // Memory that is never touched costs nothing; growing would copy megabytes
  // on a network thread.
  filling_.reserve(settings_.queue_bytes + largest_mark);
  batch_.reserve(settings_.queue_bytes + largest_mark);
  writer_ = quiet_thread([this] { run(); });
}

raw_recorder::~raw_recorder() {
  close();
}

// -- any thread ---------------------------------------------------------------

bool raw_recorder::append(const raw_record& record) noexcept {
  std::unique_lock guard{mutex_};
  // A `dropped` record stands exactly where records are missing.
  auto mark = unmarked_.records > 0 ? largest_mark : 0;
  if (stopping_ || !fits(record)
      || waiting_ + mark + encoded_size(record) > settings_.queue_bytes) {
    drop(record);
    return false;
  }
  auto before = filling_.size();
  mark_drops();
  take(record);
  auto wake = before < settings_.block_bytes
              && filling_.size() >= settings_.block_bytes;
  guard.unlock();
  // Once a block and not once a record: waking a thread is a system call.
  if (wake)
    work_.notify_one();
  return true;
}

void raw_recorder::take(const raw_record& record) {
  append_to(filling_, record);
  waiting_ += encoded_size(record);
  tally_.count(record.bytes.size());
}

void raw_recorder::drop(const raw_record& record) noexcept {
  auto add = [&record](raw_loss& loss) {
    ++loss.records;
    loss.bytes += record.bytes.size();
  };
  add(dropped_);
  // After the end nobody will write it down.
  if (!stopping_)
    add(unmarked_);
  last_drop_ = record.received;
}

void raw_recorder::mark_drops() {
  if (unmarked_.records == 0)
    return;
  auto text = to_bytes(std::exchange(unmarked_, {}));
  take({last_drop_, raw_kind::dropped, {}, {}, text});
}

bool raw_recorder::flush(timespan patience) {
  std::unique_lock guard{mutex_};
  auto goal = tally_.next_sequence() - first_sequence_;
  hurry_ = true;
  work_.notify_one();
  return progress_.wait_for(guard, patience, [&] { return written_ >= goal; });
}

std::optional<fault> raw_recorder::close() {
  {
    std::unique_lock guard{mutex_};
    stopping_ = true;
  }
  work_.notify_one();
  if (writer_.joinable())
    writer_.join();
  return closing_fault_;
}

raw_recorder_counts raw_recorder::counts() const {
  std::unique_lock guard{mutex_};
  return {tally_.next_sequence() - first_sequence_,
          written_,
          dropped_,
          waiting_,
          file_bytes_,
          segments_,
          trouble_};
}

// -- the writer thread --------------------------------------------------------

void raw_recorder::run() {
  while (collect())
    if (!write_all())
      break;
  auto why = disk_->close();
  std::unique_lock guard{mutex_};
  auto left = tally_.next_sequence() - first_sequence_ - written_;
  if (left > 0)
    closing_fault_ = fault{trouble_ + "; " + std::to_string(left)
                           + " records were not written"};
  else
    closing_fault_ = std::move(why);
  disk_.reset();
}

/// Waits for records and takes them all.
/// @returns `false` when the recorder is closing and nothing is left.
bool raw_recorder::collect() {
  std::unique_lock guard{mutex_};
  work_.wait_for(guard, settings_.flush_every, [this] {
    return stopping_ || hurry_ || filling_.size() >= settings_.block_bytes;
  });
  hurry_ = false;
  batch_.clear();
  batch_.swap(filling_);
  mark_drops();
  return !batch_.empty() || !filling_.empty() || !stopping_;
}

/// @returns `false` when the recorder is closing and the disk takes no more.
bool raw_recorder::write_all() {
  std::string_view rest = batch_;
  while (!rest.empty()) {
    // Whole records up to the size of a block, at least one.
    auto tail = rest;
    while (!tail.empty() && rest.size() - tail.size() < settings_.block_bytes)
      take_record(tail);
    if (!write_block(rest.substr(0, rest.size() - tail.size())))
      return false;
    rest = tail;
  }
  return true;
}

bool raw_recorder::write_block(std::string_view records) {
  raw_batch block;
  block.records = records;
  for (auto rest = records; auto record = take_record(rest); ++block.count) {
    if (block.count == 0)
      block.first = record->received;
    block.last = record->received;
    block.bytes += record->bytes.size();
  }
  auto why = disk_->write(block);
  while (why) {
    {
      std::unique_lock guard{mutex_};
      trouble_ = why->text;
    }
    if (!wait_to_retry())
      return false;
    why = disk_->write(block);
  }
  std::unique_lock guard{mutex_};
  trouble_.clear();
  written_ += block.count;
  waiting_ -= records.size();
  file_bytes_ = disk_->file_bytes();
  segments_ = disk_->segments();
  progress_.notify_all();
  return true;
}

/// @returns `false` if the recorder is closing.
bool raw_recorder::wait_to_retry() {
  std::unique_lock guard{mutex_};
  return !work_.wait_for(guard, settings_.retry_every,
                         [this] { return stopping_; });
}

} // namespace qalpha
