#include "runtime/storage/postgres/postgres_server.hpp"

#include "runtime/storage/postgres/copy_format.hpp"
#include "runtime/storage/postgres/postgres_connection.hpp"
#include "runtime/storage/postgres/postgres_schema.hpp"
#include "runtime/storage/secret_reference.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <set>
#include <utility>

namespace qalpha {

namespace {

// A transaction costs a sync of the server's log: the larger, the cheaper.
constexpr size_t records_of_batch = 100'000;

// What is encoded while the server works on the piece before.
constexpr size_t copy_chunk = size_t{64} << 10;

// Partitions that are too old are looked for once in this time.
constexpr std::chrono::hours tidy_every{1};

bool is_local(const std::string& host) {
  return host.starts_with('/') || host == "localhost" || host == "::1"
         || host.starts_with("127.");
}

std::string_view name_of(store_stream stream) {
  return layout_of(stream).name;
}

uint64_t to_number(const std::string& text) {
  uint64_t result = 0;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

class postgres_server final : public store_server {
public:
  explicit postgres_server(const postgres_settings& settings)
    : settings_(settings), schema_(quoted_identifier(settings.schema)) {
    // nop
  }

  std::optional<fault> connect(std::vector<std::string>& warnings) override;

  void disconnect() noexcept override {
    connection_.reset();
    parts_.clear();
  }

  fallible<entry_id> last(store_stream stream) override;

  std::optional<fault> write(store_stream stream,
                             const spool_batch& entries) override;

  size_t batch_records() const noexcept override {
    return records_of_batch;
  }

private:
  std::optional<fault> open();
  fallible<bool> has_timescale(std::vector<std::string>& warnings);
  std::optional<fault> prepare(store_stream stream, bool timescale);
  std::optional<fault> load_parts(store_stream stream);
  std::optional<fault> make_parts(store_stream stream,
                                  const spool_batch& entries);
  std::optional<fault> drop_old_parts();
  std::optional<fault> transact(store_stream stream,
                                const spool_batch& entries);
  std::optional<fault> copy(store_stream stream, const spool_batch& entries);
  fallible<entry_id> watermark(store_stream stream, const std::string& before);

  fallible<postgres_rows> run(const std::string& sql);
  std::optional<fault> execute(const std::string& sql);

  fault failure(const fault& why) const {
    return {fmt::format("{}:{}/{}: {}", settings_.host, settings_.port,
                        settings_.database, why.text)};
  }

  postgres_settings settings_;
  std::string schema_;
  std::optional<postgres_connection> connection_;
  std::array<table_kind, store_streams> kinds_{};
  std::array<entry_id, store_streams> last_{};
  // Names of partitions that are known to be there.
  std::set<std::string, std::less<>> parts_;
  std::chrono::steady_clock::time_point tidied_;
  std::string rows_;
};

fallible<postgres_rows> postgres_server::run(const std::string& sql) {
  auto result = connection_->run(sql);
  if (!result)
    return failure(result.error());
  return result;
}

std::optional<fault> postgres_server::execute(const std::string& sql) {
  if (auto result = run(sql); !result)
    return result.error();
  return std::nullopt;
}

// -- connecting ---------------------------------------------------------------

std::optional<fault>
postgres_server::connect(std::vector<std::string>& warnings) {
  if (auto problem = open())
    return problem;
  if (auto problem = execute(create_base(settings_.schema)))
    return problem;
  auto timescale = has_timescale(warnings);
  if (!timescale)
    return timescale.error();
  for (size_t i = 0; i < store_streams; ++i)
    if (auto problem = prepare(static_cast<store_stream>(i), *timescale))
      return problem;
  tidied_ = std::chrono::steady_clock::now();
  return drop_old_parts();
}

std::optional<fault> postgres_server::open() {
  using namespace std::chrono;
  auto limit = duration_cast<milliseconds>(settings_.timeout);
  // A server that lives, but is stuck, gives up before we do and says why.
  auto patience = limit.count() * 4 / 5;
  postgres_connection::parameters how{
    {"host", settings_.host},
    {"port", std::to_string(settings_.port)},
    {"dbname", settings_.database},
    {"sslmode", is_local(settings_.host) ? "prefer" : "verify-full"},
    {"client_encoding", "UTF8"},
    {"application_name", "qalpha"},
    {"options",
     fmt::format("-c statement_timeout={0} -c lock_timeout={0} "
                 "-c idle_in_transaction_session_timeout={1} -c timezone=UTC",
                 patience, 4 * limit.count())},
  };
  if (!settings_.user.empty())
    how.emplace_back("user", settings_.user);
  auto reference = secret_reference::parse(settings_.password);
  if (!reference)
    return failure({"password: " + reference.error().text});
  if (!reference->empty()) {
    auto secret = reference->reveal();
    if (!secret)
      return failure({"password: " + secret.error().text});
    how.emplace_back("password", std::move(*secret));
  }
  auto opened = postgres_connection::open(how, limit);
  if (!opened)
    return failure(opened.error());
  connection_ = std::move(*opened);
  return std::nullopt;
}

fallible<bool>
postgres_server::has_timescale(std::vector<std::string>& warnings) {
  auto installed = run(
    "SELECT count(e.extname) FROM pg_available_extensions a LEFT JOIN "
    "pg_extension e ON e.extname = a.name WHERE a.name = 'timescaledb' "
    "GROUP BY a.name");
  if (!installed)
    return installed.error();
  if (installed->empty())
    return false;
  if ((*installed)[0][0] != "0")
    return true;
  if (auto created = connection_->run("CREATE EXTENSION timescaledb"); created)
    return true;
  else
    warnings.push_back("TimescaleDB is there, but cannot be used: "
                       + created.error().text);
  return false;
}

std::optional<fault> postgres_server::prepare(store_stream stream,
                                              bool timescale) {
  auto& kind = kinds_[static_cast<size_t>(stream)];
  auto there = run(fmt::format("SELECT c.relkind FROM pg_class c JOIN "
                               "pg_namespace n ON n.oid = c.relnamespace WHERE "
                               "n.nspname = '{}' AND c.relname = '{}'",
                               settings_.schema, name_of(stream)));
  if (!there)
    return there.error();
  if (there->empty()) {
    kind = timescale ? table_kind::hypertable : table_kind::partitioned;
    auto sql = create_table(settings_.schema, stream, kind);
    if (auto problem = execute("BEGIN;" + sql + ";COMMIT"))
      return problem;
  } else {
    kind = (*there)[0][0] == "p" ? table_kind::partitioned
                                 : table_kind::hypertable;
  }
  if (kind == table_kind::partitioned)
    return load_parts(stream);
  auto policies = create_policies(
    settings_.schema, stream, settings_.compress_after, settings_.retention);
  return policies.empty() ? std::nullopt : execute(policies);
}

std::optional<fault> postgres_server::load_parts(store_stream stream) {
  auto parts = run(fmt::format("SELECT c.relname FROM pg_inherits i JOIN "
                               "pg_class c ON c.oid = i.inhrelid WHERE "
                               "i.inhparent = '{}'::regclass",
                               table_of(settings_.schema, stream)));
  if (!parts)
    return parts.error();
  for (auto& row : *parts)
    parts_.insert(std::move(row[0]));
  return std::nullopt;
}

// -- partitions ---------------------------------------------------------------

std::optional<fault> postgres_server::make_parts(store_stream stream,
                                                 const spool_batch& entries) {
  if (kinds_[static_cast<size_t>(stream)] != table_kind::partitioned)
    return std::nullopt;
  // Neighbours are mostly in the same part.
  int64_t known_until = 0;
  int64_t known_from = 0;
  for (auto& each : entries.entries) {
    row_reader values{layout_of(stream), entries.payload(each)};
    store_value time;
    if (!values.next(time)
        || (time.number >= known_from && time.number < known_until))
      continue;
    auto part = part_of(stream, time.number);
    if (!part)
      continue;
    known_from = time.number;
    known_until = part->end_ns;
    if (parts_.contains(part->name))
      continue;
    if (auto problem = execute(create_part(settings_.schema, stream, *part)))
      return problem;
    parts_.insert(part->name);
  }
  return std::nullopt;
}

std::optional<fault> postgres_server::drop_old_parts() {
  if (!settings_.retention)
    return std::nullopt;
  auto now = std::chrono::system_clock::now().time_since_epoch();
  auto oldest = timespan{now} - *settings_.retention;
  for (size_t i = 0; i < store_streams; ++i) {
    auto stream = static_cast<store_stream>(i);
    if (layout_of(stream).fact)
      continue;
    for (auto name = parts_.begin(); name != parts_.end();) {
      auto part = part_named(stream, *name);
      if (!part || part->end_ns > oldest.count()) {
        ++name;
        continue;
      }
      if (auto problem = execute(fmt::format(
            "DROP TABLE IF EXISTS {}.{}", schema_, quoted_identifier(*name))))
        return problem;
      name = parts_.erase(name);
    }
  }
  return std::nullopt;
}

// -- rows ---------------------------------------------------------------------

fallible<entry_id> postgres_server::watermark(store_stream stream,
                                              const std::string& before) {
  // The lock waits for a transaction of ours that the server has not ended yet,
  // although its connection is lost.
  auto row
    = run(fmt::format("{}SELECT epoch, position FROM {}.watermarks WHERE "
                      "stream = '{}' FOR UPDATE",
                      before, schema_, name_of(stream)));
  if (!row)
    return row.error();
  if (row->size() != 1)
    return failure({fmt::format("{}: the watermark is gone", name_of(stream))});
  return entry_id{to_number((*row)[0][0]), to_number((*row)[0][1])};
}

fallible<entry_id> postgres_server::last(store_stream stream) {
  auto found = watermark(stream, "");
  if (found)
    last_[static_cast<size_t>(stream)] = *found;
  return found;
}

std::optional<fault> postgres_server::write(store_stream stream,
                                            const spool_batch& entries) {
  auto now = std::chrono::steady_clock::now();
  if (now - tidied_ >= tidy_every) {
    tidied_ = now;
    if (auto problem = drop_old_parts())
      return problem;
  }
  if (auto problem = make_parts(stream, entries))
    return problem;
  return transact(stream, entries);
}

std::optional<fault> postgres_server::transact(store_stream stream,
                                               const spool_batch& entries) {
  auto& known = last_[static_cast<size_t>(stream)];
  auto there = watermark(stream, "BEGIN;");
  if (!there)
    return there.error();
  if (*there != known)
    return failure({fmt::format("{}: the watermark is {}-{}, expected {}-{}: "
                                "somebody else has written",
                                name_of(stream), there->epoch, there->position,
                                known.epoch, known.position)});
  if (auto problem = copy(stream, entries))
    return problem;
  auto last = entries.entries.back().id;
  if (auto problem = execute(
        fmt::format("UPDATE {}.watermarks SET epoch = {}, position = {} WHERE "
                    "stream = '{}';COMMIT",
                    schema_, last.epoch, last.position, name_of(stream))))
    return problem;
  if (connection_->tag() != "COMMIT")
    return failure({"the transaction ended with " + connection_->tag()});
  known = last;
  return std::nullopt;
}

std::optional<fault> postgres_server::copy(store_stream stream,
                                           const spool_batch& entries) {
  auto& layout = layout_of(stream);
  auto at = entries.entries.begin();
  auto ended = false;
  auto begun = false;
  auto next = [&]() -> std::string_view {
    rows_.clear();
    if (!std::exchange(begun, true))
      append_copy_begin(rows_);
    for (; at != entries.entries.end() && rows_.size() < copy_chunk; ++at)
      if (auto row = entries.payload(*at); fits(layout, row))
        append_copy_row(rows_, at->id, layout, row);
    if (at == entries.entries.end() && !std::exchange(ended, true))
      append_copy_end(rows_);
    return rows_;
  };
  if (auto problem = connection_->copy(copy_into(settings_.schema, stream),
                                       next))
    return failure(*problem);
  return std::nullopt;
}

} // namespace

std::optional<fault> check(const postgres_settings& settings) {
  auto wrong = [](std::string_view key, std::string_view text) {
    return fault{fmt::format("stores.postgres.{}: {}", key, text)};
  };
  if (settings.host.empty())
    return wrong("host", "expected a name, an address or the directory of a "
                         "socket");
  if (settings.database.empty())
    return wrong("database", "expected a name");
  if (!is_plain_identifier(settings.schema))
    return wrong("schema", "expected small letters, digits and _, at most 40");
  if (auto password = secret_reference::parse(settings.password); !password)
    return wrong("password", password.error().text);
  return std::nullopt;
}

std::unique_ptr<store_server>
make_postgres_server(const postgres_settings& settings) {
  return std::make_unique<postgres_server>(settings);
}

} // namespace qalpha
