#include "runtime/storage/sqlite.hpp"

#include <sqlite3.h>

#include <utility>

namespace qalpha {

bool sqlite_error::passing() const noexcept {
  return code_ == SQLITE_BUSY || code_ == SQLITE_LOCKED || code_ == SQLITE_FULL
         || code_ == SQLITE_CONSTRAINT;
}

bool sqlite_error::disk_full() const noexcept {
  return code_ == SQLITE_FULL;
}

// -- sqlite_database ----------------------------------------------------------

sqlite_database::sqlite_database(std::filesystem::path file, access mode)
  : file_(std::move(file)) {
  // NOMUTEX: each connection has one user at a time, see the class.
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= mode == access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (mode == access::create)
    flags |= SQLITE_OPEN_CREATE;
  sqlite3* handle = nullptr;
  auto result = sqlite3_open_v2(file_.c_str(), &handle, flags, nullptr);
  handle_.reset(handle); // Even a failed connection must be closed.
  if (handle == nullptr)
    throw std::bad_alloc{};
  if (result != SQLITE_OK)
    fail("open it");
  sqlite3_busy_timeout(handle, static_cast<int>(busy_timeout.count()));
}

void sqlite_database::execute(std::string_view operation,
                              const std::string& sql) {
  if (sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr)
      != SQLITE_OK)
    fail(operation);
}

int64_t sqlite_database::integer(std::string_view operation,
                                 const std::string& sql) {
  sqlite_statement statement{*this, std::string{operation}, sql};
  return statement.step() ? statement.integer(0) : 0;
}

std::string sqlite_database::text(std::string_view operation,
                                  const std::string& sql) {
  sqlite_statement statement{*this, std::string{operation}, sql};
  return statement.step() ? statement.text(0) : std::string{};
}

void sqlite_database::keep_log_on_close(bool keep) {
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0,
                    nullptr);
}

void sqlite_database::fail(std::string_view operation) const {
  auto code = sqlite3_errcode(handle()) & 0xff;
  auto text = "cannot " + std::string{operation} + ": "
              + sqlite3_errmsg(handle());
  // For those who look it up: which of the many I/O errors it was.
  if (auto extended = sqlite3_extended_errcode(handle()); extended != code)
    text += " (SQLite code " + std::to_string(extended) + ")";
  throw sqlite_error{file_, std::move(text), code};
}

void sqlite_database::closer::operator()(sqlite3* handle) const noexcept {
  sqlite3_close_v2(handle);
}

// -- sqlite_statement ---------------------------------------------------------

sqlite_statement::sqlite_statement(sqlite_database& db, std::string operation,
                                   std::string_view sql)
  : db_(&db), operation_(std::move(operation)) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(db.handle(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr)
      != SQLITE_OK)
    db.fail(operation_);
  statement_.reset(statement);
}

bool sqlite_statement::step() {
  switch (sqlite3_step(statement_.get())) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      reset();
      return false;
    default:
      break;
  }
  try {
    db_->fail(operation_);
  } catch (...) {
    // A statement that is not reset keeps its lock on the database. The reset
    // repeats the error, hence only now.
    reset();
    throw;
  }
}

int64_t sqlite_statement::finish() {
  while (step()) {
    // nop
  }
  return sqlite3_changes64(db_->handle());
}

void sqlite_statement::reset() noexcept {
  sqlite3_reset(statement_.get());
}

int64_t sqlite_statement::integer(int column) const noexcept {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string sqlite_statement::text(int column) const {
  auto first = sqlite3_column_text(statement_.get(), column);
  if (first == nullptr)
    return {};
  auto size = sqlite3_column_bytes(statement_.get(), column);
  return {reinterpret_cast<const char*>(first), static_cast<size_t>(size)};
}

bool sqlite_statement::null(int column) const noexcept {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void sqlite_statement::put_integer(int index, int64_t value) {
  if (sqlite3_bind_int64(statement_.get(), index, value) != SQLITE_OK)
    db_->fail(operation_);
}

void sqlite_statement::put_text(int index, std::string_view value) {
  // An empty view may point nowhere, which SQLite would take for NULL.
  auto first = value.empty() ? "" : value.data();
  if (sqlite3_bind_text64(statement_.get(), index, first, value.size(),
                          SQLITE_TRANSIENT, SQLITE_UTF8)
      != SQLITE_OK)
    db_->fail(operation_);
}

void sqlite_statement::finaliser::operator()(
  sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

} // namespace qalpha
