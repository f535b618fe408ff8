// Who is where.

#pragma once

#include "messages/interfaces.hpp"

#include <caf/actor.hpp>

#include <cstddef>
#include <mutex>

namespace qalpha {

/// Keeps the roster of a node and sends a fresh one, ahead of queued messages,
/// to all actors in it whenever a handle changes. Supervisors write, the
/// runtime reads. Thread-safe.
class directory {
public:
  explicit directory(size_t symbols);

  directory(const directory&) = delete;
  directory& operator=(const directory&) = delete;

  /// Notes the handle of a (re)started actor; an invalid handle means that it
  /// is down. Ignored for roles without a place in the roster.
  void introduce(role who, symbol_id symbol, const caf::actor& handle);

  /// Starts to send rosters. Before, introductions are only collected, so that
  /// a node of a thousand actors starts with one round of messages.
  void open();

  roster_ptr current() const;

private:
  static void broadcast(const roster_ptr& now);

  mutable std::mutex mutex_;
  roster_ptr now_;
  bool open_ = false;
};

} // namespace qalpha
