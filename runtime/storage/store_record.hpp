// What the node copies to servers: rows of streams with a fixed layout.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace qalpha {

/// A series of rows of one kind. The order is that of the table of layouts.
enum class store_stream : uint8_t {
  bars,
  trades,
  quotes,
  health,
  decisions,
  outcomes,
  orders,
  reports,
  fills,
  funding,
  states,
};

inline constexpr size_t store_streams = 11;

/// What a column holds. All but text are 64 bits in a row.
enum class column_kind : uint8_t {
  /// Nanoseconds since 1970 UTC.
  time,
  integer,
  /// In units of 1e-8.
  decimal,
  flag,
  /// UTF-8 without NUL.
  text,
};

struct store_column {
  std::string_view name;
  column_kind kind = column_kind::integer;
};

/// The layout of the rows of one stream. The first column is always `time`.
struct store_layout {
  std::string_view name;
  std::span<const store_column> columns;
  /// Market data may be dropped when a server is away for too long; facts never
  /// are.
  bool fact = false;
};

const store_layout& layout_of(store_stream stream) noexcept;

/// Builds the bytes of a row, column by column in the order of the layout.
class row_builder {
public:
  /// `ns` is the time of the event.
  explicit row_builder(int64_t ns) {
    add(ns);
  }

  row_builder& add(int64_t x);

  /// Bytes that are not UTF-8, and NUL, become "?", since no server takes them;
  /// beyond `longest_text` the rest is cut.
  row_builder& add(std::string_view text);

  const std::string& bytes() const noexcept {
    return bytes_;
  }

  static constexpr size_t longest_text = 4096;

private:
  std::string bytes_;
};

/// One value of a row.
struct store_value {
  column_kind kind = column_kind::integer;
  int64_t number = 0;
  std::string_view text;
};

/// Walks through the values of a row.
class row_reader {
public:
  row_reader(const store_layout& layout, std::string_view row)
    : columns_(layout.columns), rest_(row) {
    // nop
  }

  /// @returns `false` at the end of the row, and where the bytes do not fit the
  ///          layout; `valid` tells which.
  bool next(store_value& out);

  /// @returns `true` if all columns were read and nothing is left.
  bool valid() const noexcept {
    return index_ == columns_.size() && rest_.empty();
  }

  /// @pre `next` returned `true`
  const store_column& column() const noexcept {
    return columns_[index_ - 1];
  }

private:
  std::span<const store_column> columns_;
  std::string_view rest_;
  size_t index_ = 0;
};

/// @returns `true` if the row has the layout of the stream.
bool fits(const store_layout& layout, std::string_view row);

} // namespace qalpha
