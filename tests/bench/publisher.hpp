// The venue in a process of its own.

#pragma once

#include "tests/bench/busy_venue.hpp"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
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

/// Bytes from one process to the other, which end when one of them does.
class byte_pipe {
public:
  byte_pipe() {
    if (pipe(ends_.data()) != 0) {
      std::perror("pipe");
      std::exit(1);
    }
  }

  byte_pipe(const byte_pipe&) = delete;
  byte_pipe& operator=(const byte_pipe&) = delete;

  ~byte_pipe() {
    shut(0);
    shut(1);
  }

  /// Closes the end that the other process uses.
  void shut(size_t end) {
    if (ends_[end] >= 0)
      close(std::exchange(ends_[end], -1));
  }

  void put() {
    if (write(ends_[1], "!", 1) != 1)
      std::perror("write");
  }

  /// Waits for a byte.
  /// @returns whether one came
  bool get() {
    char byte = 0;
    return read(ends_[0], &byte, 1) == 1;
  }

private:
  std::array<int, 2> ends_{};
};

/// Owns the process.
class publisher {
public:
  /// @param core where it runs; below zero: anywhere
  /// @pre no other thread exists yet
  publisher(const universe& instruments, const std::vector<price>& middles,
            bulletin& board, int core)
    : board_(board), child_(fork()) {
    if (child_ == 0) {
      // Timers are late by 50 us otherwise.
      prctl(PR_SET_TIMERSLACK, 1);
      if (core >= 0)
        stay_on(static_cast<unsigned>(core));
      orders_.shut(1);
      answers_.shut(0);
      publish(instruments, middles);
      _exit(0);
    }
    orders_.shut(0);
    answers_.shut(1);
    if (!answers_.get()) {
      std::printf("the venue did not begin\n");
      std::exit(1);
    }
  }

  publisher(const publisher&) = delete;
  publisher& operator=(const publisher&) = delete;

  ~publisher() {
    orders_.shut(1);
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
    orders_.put();
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
  // In the other process, until this one ends.
  void publish(const universe& instruments, const std::vector<price>& middles) {
    busy_venue venue{instruments, middles, board_};
    answers_.put();
    while (orders_.get())
      venue.send();
  }

  bulletin& board_;
  byte_pipe orders_;
  byte_pipe answers_;
  // Last: it begins with all of the others.
  pid_t child_;
};

} // namespace qalpha::bench
