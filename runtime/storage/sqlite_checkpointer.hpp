// Moves the write-ahead log into the database, off the writer's path.

#pragma once

#include "runtime/storage/sqlite.hpp"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace qalpha {

/// A connection and a thread that checkpoint a database when the writer's log
/// has grown. SQLite would do so inside a commit: two fsyncs, milliseconds in
/// the middle of an order. Readers and the writer go on meanwhile.
class sqlite_checkpointer {
public:
  /// Pages in the log (4 KiB each) from which a checkpoint is due. The first
  /// commit after it syncs the head of the log, so that it should not come
  /// often.
  static constexpr int due_pages = 4'000;

  /// Pages from which the writer helps: the log starts over only after a moment
  /// in which all of it is in the database, and a writer without pauses leaves
  /// no such moment. Bounds the log to about 64 MiB unless a reader stands
  /// still.
  static constexpr int urgent_pages = 4 * due_pages;

  /// Listens to the commits of `writer`.
  /// @pre `writer` outlives the checkpointer
  /// @throws sqlite_error
  explicit sqlite_checkpointer(sqlite_database& writer);

  /// Detaches from the writer and waits for a checkpoint that is under way.
  ~sqlite_checkpointer();

  sqlite_checkpointer(const sqlite_checkpointer&) = delete;
  sqlite_checkpointer& operator=(const sqlite_checkpointer&) = delete;

  /// @returns why the database can no longer be trusted, if a checkpoint failed
  ///          in such a way. A full or a locked disk is just tried again.
  std::optional<std::string> failure() const;

private:
  void on_commit(int pages);
  void work(const std::stop_token& stop);
  void checkpoint(sqlite_database& db);

  sqlite_database* writer_;
  sqlite_database db_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool due_ = false;
  std::optional<std::string> failure_;
  // Last: its destructor stops and joins before the rest goes.
  std::jthread thread_;
};

} // namespace qalpha
