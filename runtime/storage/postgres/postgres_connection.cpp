#include "runtime/storage/postgres/postgres_connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include <libpq-fe.h>
#include <poll.h>

namespace qalpha {

namespace {

using std::chrono::milliseconds;
using clock_type = std::chrono::steady_clock;

struct clearing {
  void operator()(PGresult* x) const noexcept {
    PQclear(x);
  }
};

using result_ptr = std::unique_ptr<PGresult, clearing>;

/// @returns the first line of a message.
std::string first_line(const char* text) {
  std::string_view all{text == nullptr ? "" : text};
  return std::string{all.substr(0, all.find('\n'))};
}

fault refused(const PGresult* result) {
  auto state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  auto primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  if (primary == nullptr)
    return {first_line(PQresultErrorMessage(result))};
  return {fmt::format("{} (SQLSTATE {})", first_line(primary),
                      state == nullptr ? "?" : state)};
}

bool wait_for_socket(int socket, short events, clock_type::time_point end) {
  for (;;) {
    auto left
      = std::chrono::duration_cast<milliseconds>(end - clock_type::now());
    pollfd entry{socket, events, 0};
    auto n = poll(&entry, 1,
                  static_cast<int>(std::max<int64_t>(left.count(), 0)));
    if (n > 0)
      return true;
    if (n == 0 || errno != EINTR)
      return false;
  }
}

} // namespace

void postgres_connection::closing::operator()(pg_conn* x) const noexcept {
  PQfinish(x);
}

postgres_connection::postgres_connection(
  std::unique_ptr<pg_conn, closing> connection, milliseconds timeout)
  : connection_(std::move(connection)), timeout_(timeout) {
  // nop
}

fallible<postgres_connection> postgres_connection::open(const parameters& how,
                                                        milliseconds timeout) {
  std::vector<const char*> names;
  std::vector<const char*> values;
  for (auto& [name, value] : how) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  postgres_connection result{
    std::unique_ptr<pg_conn, closing>{
      PQconnectStartParams(names.data(), values.data(), 0)},
    timeout};
  auto* raw = result.connection_.get();
  if (raw == nullptr)
    return fault{"out of memory"};
  auto end = result.next_deadline();
  auto state = PGRES_POLLING_WRITING;
  while (PQstatus(raw) != CONNECTION_BAD && state != PGRES_POLLING_OK) {
    if (state == PGRES_POLLING_FAILED)
      break;
    if (!result.wait(state == PGRES_POLLING_READING ? POLLIN : POLLOUT, end))
      return fault{"the server does not answer"};
    state = PQconnectPoll(raw);
  }
  if (PQstatus(raw) != CONNECTION_OK || PQsetnonblocking(raw, 1) != 0)
    return result.broken("cannot connect");
  // Notices such as "already exists, skipping" are no news.
  PQsetNoticeProcessor(
    raw, [](void*, const char*) {}, nullptr);
  return result;
}

bool postgres_connection::wait(short events, deadline end) {
  return wait_for_socket(PQsocket(connection_.get()), events, end);
}

fault postgres_connection::broken(std::string_view what) {
  auto text = first_line(PQerrorMessage(connection_.get()));
  return {text.empty() ? std::string{what} : text};
}

std::optional<fault> postgres_connection::flush(deadline end) {
  for (;;) {
    auto left = PQflush(connection_.get());
    if (left == 0)
      return std::nullopt;
    if (left < 0)
      return broken("cannot send");
    if (!wait(POLLIN | POLLOUT, end))
      return fault{"the server takes no data"};
    // It may have something to say first, such as why it takes nothing.
    if (PQconsumeInput(connection_.get()) == 0)
      return broken("the connection is lost");
  }
}

std::optional<fault> postgres_connection::send(const std::string& sql) {
  if (PQsendQuery(connection_.get(), sql.c_str()) == 0)
    return broken("cannot send");
  return flush(next_deadline());
}

// Reads all results of what was sent.
fallible<postgres_rows> postgres_connection::collect(deadline end) {
  auto* raw = connection_.get();
  postgres_rows rows;
  std::optional<fault> problem;
  for (;;) {
    while (PQisBusy(raw) != 0) {
      if (!wait(POLLIN, end))
        return fault{"the server does not answer"};
      if (PQconsumeInput(raw) == 0)
        return broken("the connection is lost");
    }
    result_ptr result{PQgetResult(raw)};
    if (!result)
      break;
    auto status = PQresultStatus(result.get());
    if (status == PGRES_COPY_IN)
      break;
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      if (!problem)
        problem = refused(result.get());
      continue;
    }
    tag_ = PQcmdStatus(result.get());
    rows.clear();
    for (int i = 0; i < PQntuples(result.get()); ++i) {
      auto& row = rows.emplace_back();
      for (int j = 0; j < PQnfields(result.get()); ++j)
        row.emplace_back(PQgetvalue(result.get(), i, j));
    }
  }
  if (problem)
    return *problem;
  return rows;
}

fallible<postgres_rows> postgres_connection::run(const std::string& sql) {
  if (auto problem = send(sql))
    return *problem;
  return collect(next_deadline());
}

std::optional<fault> postgres_connection::copy(const std::string& sql,
                                               const producer& next) {
  auto* raw = connection_.get();
  if (auto begun = run(sql); !begun)
    return begun.error();
  for (auto part = next(); !part.empty(); part = next())
    for (auto taken = 0; taken == 0;) {
      taken = PQputCopyData(raw, part.data(), static_cast<int>(part.size()));
      if (taken < 0)
        return broken("cannot send");
      if (auto problem = flush(next_deadline()))
        return problem;
    }
  for (auto ended = 0; ended == 0;) {
    ended = PQputCopyEnd(raw, nullptr);
    if (ended < 0)
      return broken("cannot send");
    if (auto problem = flush(next_deadline()))
      return problem;
  }
  if (auto done = collect(next_deadline()); !done)
    return done.error();
  return std::nullopt;
}

} // namespace qalpha
