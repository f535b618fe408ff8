// libpq with an end to every wait.

#pragma once

#include "models/machine/fallible.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct pg_conn;

namespace qalpha {

/// Rows of texts.
using postgres_rows = std::vector<std::vector<std::string>>;

/// A connection to PostgreSQL on which each call ends within the timeout. After
/// a fault the connection is of no use any more. Faults say what the server
/// said with its SQLSTATE, never what was sent.
///
/// Used by one thread.
class postgres_connection {
public:
  using parameters = std::vector<std::pair<std::string, std::string>>;

  /// @param parameters names and values of libpq's connection parameters
  static fallible<postgres_connection> open(const parameters& how,
                                            std::chrono::milliseconds timeout);

  /// Runs one or more statements.
  /// @returns the rows of the last one.
  fallible<postgres_rows> run(const std::string& sql);

  /// Makes the next piece of what is copied; an empty one is the end.
  using producer = std::function<std::string_view()>;

  /// Runs a COPY FROM STDIN and sends all that `next` makes. The server works
  /// on one piece while the next one is made.
  std::optional<fault> copy(const std::string& sql, const producer& next);

  /// @returns the command tag of the last statement: "COMMIT".
  const std::string& tag() const noexcept {
    return tag_;
  }

private:
  struct closing {
    void operator()(pg_conn* x) const noexcept;
  };

  using deadline = std::chrono::steady_clock::time_point;

  postgres_connection(std::unique_ptr<pg_conn, closing> connection,
                      std::chrono::milliseconds timeout);

  deadline next_deadline() const {
    return std::chrono::steady_clock::now() + timeout_;
  }

  bool wait(short events, deadline end);
  std::optional<fault> send(const std::string& sql);
  std::optional<fault> flush(deadline end);
  fallible<postgres_rows> collect(deadline end);
  fault broken(std::string_view what);

  std::unique_ptr<pg_conn, closing> connection_;
  std::chrono::milliseconds timeout_;
  std::string tag_;
};

} // namespace qalpha
