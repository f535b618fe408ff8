// The venue in a process of its own.

#pragma once

#include "tests/bench/busy_venue.hpp"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

namespace qalpha::bench {

inline void use_cores(const cpu_set_t& which) {
  if (sched_setaffinity(0, sizeof(which), &which) != 0)
    std::perror("sched_setaffinity");
}

/// Binds this thread, and those that it starts later, to one core.
inline void stay_on(unsigned core) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(core, &one);
  use_cores(one);
}

/// Binds them to the cores below.
inline void stay_below(unsigned core) {
  cpu_set_t below;
  CPU_ZERO(&below);
  for (unsigned i = 0; i < core; ++i)
    CPU_SET(i, &below);
  use_cores(below);
}

/// Owns the process.
class publisher {
public:
  /// @param core where it runs; below zero: anywhere
  /// @pre no other thread exists yet
  publisher(const universe& instruments, const std::vector<price>& middles,
            bulletin& board, int core)
    : board_(board), child_(fork()) {
    if (child_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      // Timers are late by 50 us otherwise.
      prctl(PR_SET_TIMERSLACK, 1);
      if (core >= 0)
        stay_on(static_cast<unsigned>(core));
      {
        busy_venue venue{instruments, middles, board};
        venue.serve();
      }
      _exit(0);
    }
    while (board_.port == 0 && waitpid(child_, nullptr, WNOHANG) == 0)
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }

  publisher(const publisher&) = delete;
  publisher& operator=(const publisher&) = delete;

  ~publisher() {
    board_.leave = true;
    waitpid(child_, nullptr, 0);
  }

  std::string address(const char* scheme) const {
    return scheme + std::string{"://localhost:"} + std::to_string(board_.port);
  }

  std::string ca_file() const {
    return board_.ca_file.data();
  }

  void send(const offer& what) {
    board_.wanted = what;
    ++board_.asked;
  }

  /// @returns whether the sockets have taken all of the last offer.
  bool has_sent() const {
    return board_.answered == board_.asked;
  }

  /// @pre `has_sent()`
  const sent_counters& sent() const {
    return board_.sent;
  }

  /// @pre `has_sent()`
  const tally& sent_of(size_t symbol) const {
    return board_.tallies[symbol];
  }

private:
  bulletin& board_;
  pid_t child_;
};

} // namespace qalpha::bench
