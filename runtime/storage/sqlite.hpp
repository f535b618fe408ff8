// SQLite with owners and exceptions.

#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace qalpha {

/// Something that SQLite would not do: "run/demo/journal.db: cannot append a
/// fill: disk I/O error (SQLite code 778)".
class sqlite_error : public std::runtime_error {
public:
  sqlite_error(const std::filesystem::path& file, std::string reason, int code)
    : std::runtime_error(file.string() + ": " + reason),
      reason_(std::move(reason)), code_(code) {
    // nop
  }

  /// @returns the text without the name of the file.
  const std::string& reason() const noexcept {
    return reason_;
  }

  /// @returns SQLite's primary result code.
  int code() const noexcept {
    return code_;
  }

  /// @returns `true` if a later attempt may be made: another process held the
  ///          lock for too long, the disk was full, or a constraint refused the
  ///          row. After anything else, such as a failed fsync, nothing that is
  ///          written through the connection may be believed.
  bool passing() const noexcept;

  bool disk_full() const noexcept;

private:
  std::string reason_;
  int code_;
};

/// A connection. Used by one thread at a time.
class sqlite_database {
public:
  enum class access : uint8_t { read, write, create };

  /// How long a statement waits for a lock that another process holds.
  static constexpr auto busy_timeout = std::chrono::milliseconds{2000};

  /// @throws sqlite_error
  sqlite_database(std::filesystem::path file, access mode);

  const std::filesystem::path& file() const noexcept {
    return file_;
  }

  sqlite3* handle() const noexcept {
    return handle_.get();
  }

  /// Runs statements that return nothing of interest.
  /// @throws sqlite_error saying that `operation` failed
  void execute(std::string_view operation, const std::string& sql);

  /// @returns the first column of the first row, 0 if there is none.
  int64_t integer(std::string_view operation, const std::string& sql);

  /// @returns the first column of the first row, empty if there is none.
  std::string text(std::string_view operation, const std::string& sql);

  /// Keeps the write-ahead log as it is when this connection closes, so that
  /// looking at a file does not change it.
  void keep_log_on_close(bool keep);

  /// @throws sqlite_error with the text of the last failure
  [[noreturn]] void fail(std::string_view operation) const;

private:
  struct closer {
    void operator()(sqlite3* handle) const noexcept;
  };

  std::filesystem::path file_;
  std::unique_ptr<sqlite3, closer> handle_;
};

/// Runs `statements` between BEGIN and COMMIT, or leaves nothing of them.
template <class Statements>
void in_transaction(sqlite_database& db, std::string_view operation,
                    Statements statements) {
  db.execute(operation, "BEGIN IMMEDIATE");
  try {
    statements();
    db.execute(operation, "COMMIT");
  } catch (...) {
    try {
      db.execute(operation, "ROLLBACK");
    } catch (const sqlite_error&) {
      // Some failures roll back by themselves, and then this one fails.
    }
    throw;
  }
}

/// A prepared statement of a database that outlives it. Parameters are counted
/// from one by SQLite, columns from zero; both are given in their order here.
class sqlite_statement {
public:
  /// @param operation what it does, for errors: "append a fill"
  /// @throws sqlite_error
  sqlite_statement(sqlite_database& db, std::string operation,
                   std::string_view sql);

  /// Binds all parameters and starts over.
  template <class... Ts>
  sqlite_statement& bind(const Ts&... values) {
    reset();
    int index = 0;
    (put(++index, values), ...);
    return *this;
  }

  /// @returns `true` while there is a row; afterwards the statement is reset.
  bool step();

  /// Binds, runs to the end and resets.
  /// @returns the number of rows changed.
  template <class... Ts>
  int64_t run(const Ts&... values) {
    bind(values...);
    return finish();
  }

  void reset() noexcept;

  // -- columns of the current row
  // ----------------------------------------------

  int64_t integer(int column) const noexcept;

  std::string text(int column) const;

  bool null(int column) const noexcept;

  /// @returns an integer column as another integer or enumeration.
  template <class T>
  T as(int column) const noexcept {
    return static_cast<T>(integer(column));
  }

private:
  template <class T>
  void put(int index, const T& value) {
    if constexpr (std::is_integral_v<T> || std::is_enum_v<T>)
      put_integer(index, static_cast<int64_t>(value));
    else
      put_text(index, value);
  }

  void put_integer(int index, int64_t value);
  void put_text(int index, std::string_view value);
  int64_t finish();

  struct finaliser {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };

  sqlite_database* db_;
  std::string operation_;
  std::unique_ptr<sqlite3_stmt, finaliser> statement_;
};

} // namespace qalpha
