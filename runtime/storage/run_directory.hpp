// The directory that holds the state of one node.

#pragma once

#include "models/machine/fallible.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include <sys/types.h>

namespace qalpha {

/// Where the files of a run are. Just names: nothing needs to exist.
class run_paths {
public:
  /// Used when the configuration names no directory.
  static constexpr const char* standard = "run/demo";

  explicit run_paths(std::filesystem::path root = standard)
    : root_(std::move(root)) {
    // nop
  }

  const std::filesystem::path& root() const noexcept {
    return root_;
  }

  /// The journal, a SQLite database.
  std::filesystem::path journal() const {
    return root_ / "journal.db";
  }

  /// Disk space kept for the journal's emergencies.
  std::filesystem::path reserve() const {
    return root_ / "journal.reserve";
  }

  /// Socket on which a running node takes commands.
  std::filesystem::path control() const {
    return root_ / "control.sock";
  }

  std::filesystem::path log() const {
    return root_ / "node.log";
  }

  /// Recorded market data, for replays.
  std::filesystem::path recording() const {
    return root_ / "recording";
  }

  /// What models said, a line of JSON each.
  std::filesystem::path predictions() const {
    return root_ / "predictions.jsonl";
  }

  /// What waits for servers that take copies.
  std::filesystem::path stores() const {
    return root_ / "stores";
  }

  /// Locked by the running node.
  std::filesystem::path lock() const {
    return root_ / "node.lock";
  }

  /// Process number of the running node.
  std::filesystem::path pid() const {
    return root_ / "node.pid";
  }

private:
  std::filesystem::path root_;
};

/// @returns the process that the pid file names, if it is alive. For messages:
///          after a crash the number may belong to somebody else by now.
std::optional<pid_t> node_process(const run_paths& paths);

/// Owns a run directory: at most one object in all processes does so at a time.
/// The end of the process, however it comes, ends the ownership.
class run_directory {
public:
  /// Creates the directory, private to the user, if it is missing, and locks
  /// it.
  /// @returns a fault if it cannot be trusted (a symbolic link, another owner,
  ///          writable by everybody), cannot be used, or is in use.
  static fallible<run_directory> open(std::filesystem::path root);

  run_directory(run_directory&& other) noexcept;
  run_directory& operator=(run_directory&& other) noexcept;

  /// Removes the pid file and releases the lock.
  ~run_directory();

  const run_paths& paths() const noexcept {
    return paths_;
  }

private:
  run_directory(run_paths paths, int directory) noexcept;

  /// Takes the lock and writes the pid file.
  /// @returns what is in the way, if anything is.
  std::optional<std::string> acquire();

  void close() noexcept;

  run_paths paths_;
  // File descriptors, -1 once moved away. The directory stays open so that the
  // pid file is removed where it was written, even if somebody renames it.
  int directory_ = -1;
  int lock_ = -1;
  pid_t owner_;
};

} // namespace qalpha
