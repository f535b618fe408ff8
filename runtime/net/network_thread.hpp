// The thread on which sockets and timers live.

#pragma once

#include "models/market/time.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace boost::asio {

class io_context;

} // namespace boost::asio

namespace qalpha {

/// Runs tasks, timers and sockets one after the other on a thread of its own.
/// What lives on it needs no lock. Tasks never throw and never block.
class network_thread {
public:
  using task = std::function<void()>;
  using clock = std::chrono::steady_clock;

  network_thread();

  network_thread(const network_thread&) = delete;
  network_thread& operator=(const network_thread&) = delete;

  /// Stops.
  ~network_thread();

  /// Runs `what` later. From any thread.
  void post(task what);

  /// Runs `what` and waits until it has run. Not from the thread itself.
  void run(const task& what);

  /// Ends the thread; what has not begun by then is dropped. From any other
  /// thread, once or more.
  void stop();

  /// @returns what sources of this module start their operations on.
  boost::asio::io_context& io() noexcept;

  /// @returns the time for delays and deadlines.
  static clock::time_point now() {
    return clock::now();
  }

  /// @returns the time that received messages are stamped with.
  static utc_time utc_now();

private:
  struct loop;

  std::unique_ptr<loop> loop_;
};

/// A task that runs once, later; on a network thread.
class network_timer {
public:
  explicit network_timer(network_thread& home);

  network_timer(network_timer&&) noexcept;
  network_timer& operator=(network_timer&&) noexcept;

  /// Cancels.
  ~network_timer();

  /// Replaces what was waiting.
  void start(timespan delay, network_thread::task what);

  /// After it the task does not run any more.
  void cancel();

private:
  struct waiting;

  std::shared_ptr<waiting> waiting_;
};

} // namespace qalpha
