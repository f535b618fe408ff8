// What a service manager is told about the life of the node.

#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace qalpha {

/// Speaks the notification protocol of systemd (sd_notify(3)): datagrams to the
/// socket that NOTIFY_SOCKET names. Does nothing where there is none, and never
/// blocks or fails: a node does not depend on who watches it.
class service_manager {
public:
  /// Reads NOTIFY_SOCKET and WATCHDOG_USEC.
  service_manager();

  /// For tests. An empty address means that nobody listens; one that starts
  /// with '@' is abstract.
  service_manager(std::string address, std::chrono::microseconds watchdog);

  service_manager(const service_manager&) = delete;
  service_manager& operator=(const service_manager&) = delete;

  /// Says STOPPING=1 unless that was said.
  ~service_manager();

  /// The node trades.
  void ready();

  /// The node has begun to stop.
  void stopping();

  /// A pulse has come through the whole pipeline. Passes it on as WATCHDOG=1,
  /// at most twice in the time that the manager waits; a timer of its own would
  /// only prove that timers work.
  void alive(std::chrono::steady_clock::time_point now);

private:
  void tell(std::string_view state) const noexcept;

  std::string address_;
  std::chrono::microseconds watchdog_;
  std::chrono::steady_clock::time_point told_;
  bool stopping_ = false;
};

} // namespace qalpha
