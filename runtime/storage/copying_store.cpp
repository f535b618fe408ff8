#include "runtime/storage/copying_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace qalpha {

namespace {

using clock_type = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Market data reach the disk after this time at the latest.
constexpr milliseconds settle_every{5};

// Longest sleep without a ring.
constexpr milliseconds idle_wait{200};

// Of all that is in memory for the server at once.
constexpr size_t batch_bytes = size_t{8} << 20;

constexpr size_t smallest_batch = 64;

uint64_t wall_milliseconds() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<uint64_t>(
    std::chrono::duration_cast<milliseconds>(now).count());
}

// Libraries write to sockets whose other end is gone.
void ignore_broken_pipes() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

} // namespace

// -- doorbell -----------------------------------------------------------------

void doorbell::ring() {
  if (rung_.exchange(true))
    return;
  std::lock_guard guard{mutex_};
  changed_.notify_one();
}

void doorbell::wait(milliseconds limit) {
  std::unique_lock guard{mutex_};
  changed_.wait_for(guard, limit, [this] { return rung_.load(); });
  rung_ = false;
}

// -- life ---------------------------------------------------------------------

fallible<std::unique_ptr<copying_store>>
copying_store::open(std::string name, std::unique_ptr<store_server> server,
                    const copying_settings& settings, incident_log& incidents) {
  std::unique_ptr<copying_store> result{
    new copying_store{std::move(name), std::move(server), settings, incidents}};
  spool_settings how{.limit_bytes = settings.limit_bytes,
                     .tail_bytes = settings.tail_bytes,
                     .epoch = wall_milliseconds()};
  for (size_t i = 0; i < store_streams; ++i) {
    auto stream = static_cast<store_stream>(i);
    auto& layout = layout_of(stream);
    how.when_full = layout.fact ? spool_policy::keep_all : settings.when_full;
    auto queue = spool::open(settings.directory / std::string{layout.name},
                             how);
    if (!queue)
      return queue.error();
    if (auto cut = queue->counts().cut_bytes; cut > 0)
      result->report(
        fmt::format("{}: {} bytes of the last life were no complete rows",
                    layout.name, cut));
    result->lanes_[i] = std::make_unique<store_lane>(stream, std::move(*queue),
                                                     settings.inbox_bytes);
  }
  auto self = result.get();
  result->settler_
    = std::jthread{[self](const std::stop_token& x) { self->settle_all(x); }};
  result->deliverer_
    = std::jthread{[self](const std::stop_token& x) { self->deliver_all(x); }};
  return result;
}

copying_store::copying_store(std::string name,
                             std::unique_ptr<store_server> server,
                             const copying_settings& settings,
                             incident_log& incidents)
  : name_(std::move(name)), server_(std::move(server)), settings_(settings),
    incidents_(&incidents), random_(std::random_device{}()),
    batch_records_(server_->batch_records()) {
  // nop
}

copying_store::~copying_store() {
  // First all is on disk, then what can be delivered is.
  for (auto [thread, bell] : {std::pair{&settler_, &settle_bell_},
                              std::pair{&deliverer_, &deliver_bell_}}) {
    if (!thread->joinable())
      continue;
    thread->request_stop();
    bell->ring();
    thread->join();
  }
}

void copying_store::append(store_stream stream, std::string_view row) {
  auto& layout = layout_of(stream);
  if (!fits(layout, row))
    throw std::invalid_argument{"a row of " + std::string{layout.name}
                                + " must have the layout of its stream"};
  lanes_[static_cast<size_t>(stream)]->append(row);
  if (layout.fact)
    deliver_bell_.ring();
}

store_status copying_store::status() const {
  std::unique_lock guard{mutex_};
  auto result = status_;
  guard.unlock();
  for (auto& lane : lanes_) {
    auto part = lane->status();
    result.appended += part.appended;
    result.dropped += part.dropped;
    result.damaged += part.damaged;
    result.pending_bytes += part.pending_bytes;
    if (!part.error.empty())
      result.error = part.error;
  }
  return result;
}

entry_id copying_store::last(store_stream stream) const {
  return lanes_[static_cast<size_t>(stream)]->last();
}

bool copying_store::wait_until_delivered(milliseconds limit) {
  auto end = clock_type::now() + limit;
  for (auto& lane : lanes_)
    lane->settle();
  std::unique_lock guard{mutex_};
  // A round that began after this moment finds nothing left.
  auto enough = idle_rounds_ + 2;
  while (idle_rounds_ < enough && clock_type::now() < end) {
    deliver_bell_.ring();
    caught_up_.wait_for(guard, milliseconds{10});
  }
  return idle_rounds_ >= enough;
}

// -- to the disk --------------------------------------------------------------

void copying_store::settle_all(const std::stop_token& stop) {
  for (auto last = false; !last;) {
    last = stop.stop_requested();
    auto moved = false;
    for (auto& lane : lanes_)
      moved = lane->settle() || moved;
    if (moved)
      deliver_bell_.ring();
    if (!last)
      settle_bell_.wait(settle_every);
  }
}

// -- to the server ------------------------------------------------------------

void copying_store::deliver_all(const std::stop_token& stop) {
  ignore_broken_pipes();
  std::optional<clock_type::time_point> end;
  auto connected = false;
  for (;;) {
    if (stop.stop_requested() && !end)
      end = clock_type::now() + settings_.linger;
    if (end && clock_type::now() >= *end)
      break;
    if (!connected) {
      connected = connect();
      if (connected)
        continue;
      if (end)
        break;
      // A ring for new rows is no reason to hurry.
      auto due = clock_type::now() + next_backoff();
      while (!stop.stop_requested() && clock_type::now() < due)
        deliver_bell_.wait(std::max(
          milliseconds{1},
          std::chrono::duration_cast<milliseconds>(due - clock_type::now())));
      continue;
    }
    auto moved = pass();
    connected = status_.connected;
    if (!connected || moved)
      continue;
    complain();
    {
      std::lock_guard guard{mutex_};
      ++idle_rounds_;
    }
    caught_up_.notify_all();
    if (end)
      break;
    deliver_bell_.wait(idle_wait);
  }
  server_->disconnect();
}

bool copying_store::connect() {
  std::vector<std::string> warnings;
  auto problem = server_->connect(warnings);
  for (auto& lane : lanes_)
    if (!problem)
      problem = resume(*lane);
  if (problem) {
    lose(*problem);
    return false;
  }
  for (auto& warning : warnings)
    if (told_warnings_.insert(warning).second)
      report("WARNING: " + warning);
  auto again = attempts_ > 0 || status_.connects > 0;
  attempts_ = 0;
  told_error_.clear();
  std::lock_guard guard{mutex_};
  status_.connected = true;
  ++status_.connects;
  status_.error.clear();
  if (again)
    report("connected again");
  return true;
}

std::optional<fault> copying_store::resume(store_lane& lane) {
  auto& name = layout_of(lane.stream()).name;
  auto last = server_->last(lane.stream());
  if (!last)
    return last.error();
  auto ours = lane.last();
  if (*last > ours)
    return fault{fmt::format(
      "{}: the server has entry {}-{}, expected none beyond ours, {}-{}: does "
      "another node write to the same place?",
      name, last->epoch, last->position, ours.epoch, ours.position)};
  if (auto missing = lane.resume_after(*last); missing > 0) {
    report(fmt::format("WARNING: {}: the server lost {} entries that are no "
                       "longer in the spool",
                       name, missing));
    std::lock_guard guard{mutex_};
    status_.missing += missing;
  }
  return std::nullopt;
}

// Delivers one batch of each stream. Returns `false` if there was nothing.
bool copying_store::pass() {
  auto moved = false;
  for (auto& lane : lanes_) {
    lane->read(batch_, batch_records_, batch_bytes);
    if (batch_.entries.empty()) {
      // Behind damage there may be nothing.
      lane->acknowledge();
      continue;
    }
    if (auto problem = server_->write(lane->stream(), batch_)) {
      lane->rewind();
      batch_records_ = std::min(batch_records_,
                                std::max(smallest_batch, batch_records_ / 4));
      lose(*problem);
      return moved;
    }
    lane->acknowledge();
    // Slowly, since a server that is too slow costs a whole timeout.
    batch_records_ = std::min(server_->batch_records(),
                              batch_records_ + batch_records_ / 16 + 1);
    moved = true;
    std::lock_guard guard{mutex_};
    status_.delivered += batch_.entries.size();
  }
  return moved;
}

void copying_store::lose(const fault& why) {
  server_->disconnect();
  complain();
  if (why.text != told_error_)
    report(why.text);
  told_error_ = why.text;
  std::lock_guard guard{mutex_};
  status_.connected = false;
  status_.error = why.text;
}

// Tells of rows that were dropped since the last time.
void copying_store::complain() {
  uint64_t dropped = 0;
  for (auto& lane : lanes_)
    dropped += lane->status().dropped;
  if (dropped > told_dropped_)
    report(
      fmt::format("dropped {} rows of market data", dropped - told_dropped_));
  told_dropped_ = dropped;
}

milliseconds copying_store::next_backoff() {
  auto whole = settings_.first_backoff;
  for (uint32_t i = 0; i < attempts_ && whole < settings_.last_backoff; ++i)
    whole *= 2;
  ++attempts_;
  auto longest = std::min(whole, settings_.last_backoff).count();
  return milliseconds{std::uniform_int_distribution<int64_t>{(longest + 1) / 2,
                                                             longest}(random_)};
}

void copying_store::report(const std::string& what) {
  incidents_->report("store " + name_, what);
}

} // namespace qalpha
