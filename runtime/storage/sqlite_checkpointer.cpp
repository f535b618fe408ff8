#include "runtime/storage/sqlite_checkpointer.hpp"

#include <sqlite3.h>

#include <utility>

namespace qalpha {

sqlite_checkpointer::sqlite_checkpointer(sqlite_database& writer)
  : writer_(&writer), db_(writer.file(), sqlite_database::access::write) {
  thread_ = std::jthread{[this](const std::stop_token& stop) { work(stop); }};
  auto hook = [](void* self, sqlite3*, const char*, int pages) {
    static_cast<sqlite_checkpointer*>(self)->on_commit(pages);
    return SQLITE_OK;
  };
  // Takes the place of SQLite's own checkpoint inside the commit.
  sqlite3_wal_hook(writer.handle(), hook, this);
}

sqlite_checkpointer::~sqlite_checkpointer() {
  sqlite3_wal_hook(writer_->handle(), nullptr, nullptr);
}

std::optional<std::string> sqlite_checkpointer::failure() const {
  auto guard = std::lock_guard{mutex_};
  return failure_;
}

void sqlite_checkpointer::on_commit(int pages) {
  if (pages >= urgent_pages)
    checkpoint(*writer_); // Most of it is done; what remains is short.
  if (pages < due_pages)
    return;
  {
    auto guard = std::lock_guard{mutex_};
    due_ = true;
  }
  changed_.notify_one();
}

void sqlite_checkpointer::work(const std::stop_token& stop) {
  auto lock = std::unique_lock{mutex_};
  while (changed_.wait(lock, stop, [this] { return due_; })) {
    due_ = false;
    lock.unlock();
    checkpoint(db_);
    lock.lock();
  }
}

void sqlite_checkpointer::checkpoint(sqlite_database& db) {
  auto result = sqlite3_wal_checkpoint_v2(
    db.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (result == SQLITE_OK)
    return;
  try {
    db.fail("checkpoint");
  } catch (const sqlite_error& error) {
    if (error.passing())
      return;
    auto guard = std::lock_guard{mutex_};
    failure_ = error.what();
  }
}

} // namespace qalpha
