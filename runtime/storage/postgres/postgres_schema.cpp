#include "runtime/storage/postgres/postgres_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace qalpha {

namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr size_t longest_schema = 40;

std::string_view type_of(column_kind kind) {
  switch (kind) {
    case column_kind::time:
      return "timestamptz";
    case column_kind::integer:
      return "bigint";
    case column_kind::decimal:
      return "numeric";
    case column_kind::flag:
      return "boolean";
    case column_kind::text:
      return "text";
  }
  return "text";
}

bool is_daily(store_stream stream) {
  return stream == store_stream::trades || stream == store_stream::quotes;
}

std::string date_text(sys_days day) {
  year_month_day x{day};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(x.year()),
                     static_cast<unsigned>(x.month()),
                     static_cast<unsigned>(x.day()));
}

table_part make_part(store_stream stream, sys_days begin) {
  using std::chrono::months;
  year_month_day date{begin};
  auto daily = is_daily(stream);
  auto end = daily ? begin + days{1} : sys_days{date + months{1}};
  auto name = date_text(begin);
  name.erase(std::remove(name.begin(), name.end(), '-'), name.end());
  if (!daily)
    name.resize(6);
  return {fmt::format("{}_p{}", layout_of(stream).name, name), date_text(begin),
          date_text(end),
          std::chrono::nanoseconds{end.time_since_epoch()}.count()};
}

sys_days begin_of_part(store_stream stream, sys_days day) {
  year_month_day date{day};
  return is_daily(stream)
           ? day
           : sys_days{date.year() / date.month() / std::chrono::day{1}};
}

std::string interval_text(timespan length) {
  return fmt::format(
    "INTERVAL '{} seconds'",
    std::chrono::duration_cast<std::chrono::seconds>(length).count());
}

} // namespace

std::string quoted_identifier(std::string_view name) {
  std::string result{"\""};
  for (auto c : name) {
    if (c == '"')
      result += '"';
    result += c;
  }
  return result += '"';
}

bool is_plain_identifier(std::string_view name) {
  auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && name.size() <= longest_schema
         && (name[0] < '0' || name[0] > '9')
         && std::all_of(name.begin(), name.end(), good);
}

std::string table_of(std::string_view schema, store_stream stream) {
  return quoted_identifier(schema) + "."
         + quoted_identifier(layout_of(stream).name);
}

std::string create_base(std::string_view schema) {
  auto name = quoted_identifier(schema);
  auto result = fmt::format(
    "CREATE SCHEMA IF NOT EXISTS {0};"
    "CREATE TABLE IF NOT EXISTS {0}.watermarks (stream text PRIMARY KEY, "
    "epoch bigint NOT NULL, position bigint NOT NULL);",
    name);
  for (size_t i = 0; i < store_streams; ++i)
    result += fmt::format("INSERT INTO {}.watermarks VALUES ('{}', 0, 0) "
                          "ON CONFLICT DO NOTHING;",
                          name, layout_of(static_cast<store_stream>(i)).name);
  return result;
}

std::string create_table(std::string_view schema, store_stream stream,
                         table_kind kind) {
  auto& layout = layout_of(stream);
  auto table = table_of(schema, stream);
  std::string columns = "epoch bigint NOT NULL, position bigint NOT NULL";
  for (auto& each : layout.columns)
    columns += fmt::format(", {} {} NOT NULL", quoted_identifier(each.name),
                           type_of(each.kind));
  auto result = fmt::format("CREATE TABLE {} ({})", table, columns);
  if (kind == table_kind::hypertable)
    return result
           + fmt::format(";SELECT create_hypertable('{}', 'time', "
                         "chunk_time_interval => INTERVAL '{}');",
                         table, is_daily(stream) ? "1 day" : "30 days");
  // Facts are few and asked for one by one; market data come in the order of
  // time, which is what BRIN is made for.
  return result
         + fmt::format(" PARTITION BY RANGE (time);"
                       "CREATE TABLE {}.{} PARTITION OF {} DEFAULT;"
                       "CREATE INDEX ON {} USING {} (time);",
                       quoted_identifier(schema),
                       quoted_identifier(fmt::format("{}_other", layout.name)),
                       table, table, layout.fact ? "btree" : "brin");
}

std::string create_policies(std::string_view schema, store_stream stream,
                            timespan compress_after,
                            std::optional<timespan> retention) {
  if (layout_of(stream).fact)
    return {};
  auto table = table_of(schema, stream);
  auto result = fmt::format(
    "ALTER TABLE {0} SET (timescaledb.compress, timescaledb.compress_segmentby "
    "= 'symbol', timescaledb.compress_orderby = 'time');"
    "SELECT remove_compression_policy('{0}', if_exists => true);"
    "SELECT add_compression_policy('{0}', {1});"
    "SELECT remove_retention_policy('{0}', if_exists => true);",
    table, interval_text(compress_after));
  if (retention)
    result += fmt::format("SELECT add_retention_policy('{}', {});", table,
                          interval_text(*retention));
  return result;
}

std::optional<table_part> part_of(store_stream stream, int64_t ns) {
  using namespace std::chrono;
  auto day = floor<days>(sys_time<nanoseconds>{nanoseconds{ns}});
  if (day < sys_days{year{2000} / 1 / 1} || day >= sys_days{year{2100} / 1 / 1})
    return std::nullopt;
  return make_part(stream, begin_of_part(stream, day));
}

std::optional<table_part> part_named(store_stream stream,
                                     std::string_view name) {
  auto prefix = fmt::format("{}_p", layout_of(stream).name);
  size_t digits = is_daily(stream) ? 8 : 6;
  if (!name.starts_with(prefix) || name.size() != prefix.size() + digits)
    return std::nullopt;
  auto text = std::string{name.substr(prefix.size())};
  if (digits == 6)
    text += "01";
  unsigned number = 0;
  auto end = text.data() + text.size();
  if (std::from_chars(text.data(), end, number).ptr != end)
    return std::nullopt;
  year_month_day date{std::chrono::year{static_cast<int>(number / 10'000)},
                      std::chrono::month{number / 100 % 100},
                      std::chrono::day{number % 100}};
  if (!date.ok())
    return std::nullopt;
  return make_part(stream, sys_days{date});
}

std::string create_part(std::string_view schema, store_stream stream,
                        const table_part& part) {
  return fmt::format("CREATE TABLE IF NOT EXISTS {}.{} PARTITION OF {} "
                     "FOR VALUES FROM ('{}Z') TO ('{}Z')",
                     quoted_identifier(schema), quoted_identifier(part.name),
                     table_of(schema, stream), part.from + " 00:00",
                     part.to + " 00:00");
}

std::string copy_into(std::string_view schema, store_stream stream) {
  std::string columns = "epoch, position";
  for (auto& each : layout_of(stream).columns)
    columns += ", " + quoted_identifier(each.name);
  return fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)",
                     table_of(schema, stream), columns);
}

} // namespace qalpha
