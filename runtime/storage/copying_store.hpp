// Brings rows to a server, however often it goes away.

#pragma once

#include "actors/ports/observers.hpp"
#include "models/machine/fallible.hpp"
#include "runtime/storage/store_lane.hpp"
#include "runtime/storage/store_server.hpp"
#include "runtime/storage/store_sink.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>

namespace qalpha {

struct copying_settings {
  /// Of the spools, one directory a stream.
  std::filesystem::path directory;

  /// For market data; facts are always kept.
  spool_policy when_full = spool_policy::drop_oldest;

  /// Bytes on disk that wait for the server, each stream.
  uint64_t limit_bytes = uint64_t{256} << 20;

  /// Bytes kept of what was delivered, each stream.
  uint64_t tail_bytes = uint64_t{16} << 20;

  /// Memory for market data on their way to the disk, each stream.
  size_t inbox_bytes = size_t{4} << 20;

  /// Wait before a new attempt: doubles from the first to the last, and a
  /// random half of it is taken off, so that many nodes do not come back at
  /// once.
  std::chrono::milliseconds first_backoff{100};
  std::chrono::milliseconds last_backoff{5'000};

  /// Time to deliver what is left when the store ends; the rest waits on disk.
  std::chrono::milliseconds linger{2'000};
};

struct store_status {
  uint64_t appended = 0;
  uint64_t delivered = 0;
  uint64_t dropped = 0;
  uint64_t damaged = 0;
  /// Entries that the server lost, beyond what the spool keeps.
  uint64_t missing = 0;
  uint64_t pending_bytes = 0;
  uint64_t connects = 0;
  bool connected = false;
  /// The last trouble.
  std::string error;
};

/// A wake-up call from any thread to one.
class doorbell {
public:
  void ring();

  /// Waits for a ring since the last wait.
  void wait(std::chrono::milliseconds limit);

private:
  std::atomic<bool> rung_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
};

/// A store behind spools. Two threads of its own: one brings market data to the
/// disk every few milliseconds, one talks to the server. At each connection the
/// server is asked for its last entry, and delivery goes on behind that:
/// entries that it lost are sent again, those that it has are not.
class copying_store final : public store_sink {
public:
  /// @param name for incidents, "redis"
  /// @pre `incidents` outlives the store
  /// @returns a fault if the spools cannot be used. A server that cannot be
  ///          reached is none.
  static fallible<std::unique_ptr<copying_store>>
  open(std::string name, std::unique_ptr<store_server> server,
       const copying_settings& settings, incident_log& incidents);

  /// Delivers for `linger` at most, and leaves the rest on disk.
  ~copying_store() override;

  copying_store(const copying_store&) = delete;
  copying_store& operator=(const copying_store&) = delete;

  void append(store_stream stream, std::string_view row) override;

  store_status status() const;

  const std::string& name() const noexcept {
    return name_;
  }

  /// @returns the id of the last entry of a stream that was taken.
  entry_id last(store_stream stream) const;

  /// Waits until the server has all that was appended before.
  /// @returns `false` if it has not in time.
  bool wait_until_delivered(std::chrono::milliseconds limit);

private:
  copying_store(std::string name, std::unique_ptr<store_server> server,
                const copying_settings& settings, incident_log& incidents);

  void settle_all(const std::stop_token& stop);
  void deliver_all(const std::stop_token& stop);
  bool connect();
  std::optional<fault> resume(store_lane& lane);
  bool pass();
  void lose(const fault& why);
  void complain();
  std::chrono::milliseconds next_backoff();
  void report(const std::string& what);

  std::string name_;
  std::unique_ptr<store_server> server_;
  copying_settings settings_;
  incident_log* incidents_;
  std::array<std::unique_ptr<store_lane>, store_streams> lanes_;
  doorbell settle_bell_;
  doorbell deliver_bell_;

  // Of the delivering thread.
  std::mt19937 random_;
  uint32_t attempts_ = 0;
  spool_batch batch_;
  // Rows tried at once: fewer after each failure, so that a server that cannot
  // take a batch in time gets one that it can.
  size_t batch_records_;
  uint64_t told_dropped_ = 0;
  std::string told_error_;
  std::set<std::string> told_warnings_;

  mutable std::mutex mutex_;
  std::condition_variable caught_up_;
  store_status status_;
  // Rounds in which nothing was left to deliver.
  uint64_t idle_rounds_ = 0;

  std::jthread settler_;
  std::jthread deliverer_;
};

} // namespace qalpha
