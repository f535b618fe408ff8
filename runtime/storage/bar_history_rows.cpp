#include "runtime/storage/bar_history_rows.hpp"

#include "runtime/storage/csv_field.hpp"

#include <utility>

namespace qalpha {

bar_rows::bar_rows(const std::string& path, bar_steps steps)
  : steps_(steps), input_(path) {
  // nop
}

bool bar_rows::begin() {
  if (!next())
    return fail_empty(false);
  if (row_.starts_with(utf8_mark))
    row_.remove_prefix(utf8_mark.size());
  if (!is_bar_header(row_)) {
    parser_.emplace(default_bar_columns(), steps_);
    return true;
  }
  auto parsed = parse_bar_header(row_);
  if (!parsed) {
    error_ = "row " + std::to_string(line()) + ", " + parsed.error().text;
    return false;
  }
  parser_.emplace(std::move(*parsed), steps_);
  return next() || fail_empty(true);
}

bool bar_rows::next() {
  auto line = input_.next();
  while (line && line->empty())
    line = input_.next();
  if (!line) {
    error_ = input_.error();
    return false;
  }
  row_ = *line;
  return true;
}

bool bar_rows::fail_empty(bool header) {
  if (!error_)
    error_ = header ? "expected rows below the header, found none"
                    : "expected rows of bars, found an empty file";
  return false;
}

std::string bar_rows::row_error() const {
  return "row " + std::to_string(line()) + ", " + parser_->error();
}

uint64_t bar_rows::expected_rows() const noexcept {
  // Later rows are rarely shorter than half of the first.
  return 2 * input_.plain_size() / (row_.size() + 1);
}

} // namespace qalpha
