// The tables of the copies, as SQL.

#pragma once

#include "models/market/time.hpp"
#include "runtime/storage/store_record.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// How the rows of a stream are divided by time.
enum class table_kind : uint8_t {
  /// Plain partitions, made when a row needs one.
  partitioned,
  /// Chunks that TimescaleDB makes.
  hypertable,
};

/// A part of a table; market data of high rate by day, all else by month.
struct table_part {
  /// For example "trades_p20260131".
  std::string name;
  /// ISO dates; the second is not included.
  std::string from;
  std::string to;
  int64_t end_ns = 0;
};

/// @returns `name` in quotes, fit for SQL.
std::string quoted_identifier(std::string_view name);

/// @returns `true` for a name that needs no quotes and is short enough for the
///          tables in it: [a-z_][a-z0-9_]*, 40 characters at most.
bool is_plain_identifier(std::string_view name);

/// @returns the table of a stream, with its schema.
std::string table_of(std::string_view schema, store_stream stream);

/// @returns statements that create the schema and the table of how far each
///          stream is, if they are missing.
std::string create_base(std::string_view schema);

/// @returns statements that create the table of a stream.
std::string create_table(std::string_view schema, store_stream stream,
                         table_kind kind);

/// @returns statements that make TimescaleDB compress and delete old market
///          data; empty for facts.
std::string create_policies(std::string_view schema, store_stream stream,
                            timespan compress_after,
                            std::optional<timespan> retention);

/// @returns the part that a time belongs to; `nullopt` before 2000 and from
/// 2100
///          on: such rows go to a part of their own.
std::optional<table_part> part_of(store_stream stream, int64_t ns);

/// Inverse of the name.
std::optional<table_part> part_named(store_stream stream,
                                     std::string_view name);

/// @returns a statement that creates the part if it is missing.
std::string create_part(std::string_view schema, store_stream stream,
                        const table_part& part);

/// @returns the statement that starts a binary COPY of all columns.
std::string copy_into(std::string_view schema, store_stream stream);

} // namespace qalpha
