// Rows of a file of bars, one after the other.

#pragma once

#include "runtime/storage/bar_history_input.hpp"
#include "runtime/storage/bar_history_row.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// Reads a file row by row. A row that is not a bar does not end it: whoever
/// reads decides.
///
///   bar_rows rows{path, steps};
///   for (bool more = rows.begin(); more; more = rows.next())
///     if (!rows.parse(current)) ... rows.row_error() ...
///   if (rows.error()) ...
class bar_rows {
public:
  bar_rows(const std::string& path, bar_steps steps);

  /// Reads the header, if there is one, and goes to the first row.
  /// @returns `false` without rows: `error` says why.
  bool begin();

  /// Goes to the next row that is not empty.
  /// @returns `false` at the end; after an error of the file, `error` names it.
  bool next();

  /// Reads the row as a bar without a close time.
  /// @returns `false` if it is none; `row_error` says why.
  bool parse(bar& out) {
    return parser_->parse(row_, out);
  }

  /// @returns "row N, column C: expected ..., found ...".
  std::string row_error() const;

  std::string_view row() const noexcept {
    return row_;
  }

  uint64_t line() const noexcept {
    return input_.line();
  }

  /// @pre `begin` returned `true`
  bar_row_parser& parser() noexcept {
    return *parser_;
  }

  /// @returns why there are no rows or no more of them, without the name of
  ///          the file.
  const std::optional<std::string>& error() const noexcept {
    return error_;
  }

  /// @returns how many rows the file probably has, or zero.
  uint64_t expected_rows() const noexcept;

  /// @returns SHA-256 of the file as it lies on the disk.
  /// @pre `next` returned `false` without an error
  std::string sha256() {
    return input_.sha256();
  }

private:
  bool fail_empty(bool header);

  bar_steps steps_;
  line_input input_;
  std::optional<bar_row_parser> parser_;
  std::string_view row_;
  std::optional<std::string> error_;
};

} // namespace qalpha
