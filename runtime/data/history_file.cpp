#include "runtime/data/history_file.hpp"

#include "runtime/data/safe_file.hpp"

#include <fmt/format.h>

#include <limits>
#include <new>

namespace qalpha {

namespace {

constexpr int64_t ns_per_ms = 1'000'000;

void note_bad(history_rows& into, std::string why) {
  if (into.bad_rows++ == 0)
    into.first_bad = std::move(why);
}

void read_row(history_rows& into, bar_rows& rows, const std::string& path,
              uint32_t source) {
  auto row = exact_row(rows);
  if (!row)
    return note_bad(into, path + ": " + rows.row_error());
  if (row->open_time.ns % ns_per_ms != 0)
    return note_bad(into,
                    fmt::format("{}: row {}, column timestamp: expected whole "
                                "milliseconds, found {} ns",
                                path, rows.line(), row->open_time.ns));
  into.rows.push_back({*row, source, static_cast<uint32_t>(rows.line())});
}

} // namespace

fallible<bool> append_rows(history_rows& into, const std::string& path,
                           uint32_t source, uint64_t max_rows) {
  try {
    bar_rows rows{path, history_steps};
    for (bool more = rows.begin(); more; more = rows.next()) {
      if (into.rows.size() + into.bad_rows >= max_rows)
        return fault{fmt::format("{}: expected at most {} rows, found more",
                                 path, max_rows)};
      read_row(into, rows, path, source);
    }
    if (rows.error())
      return fault{path + ": " + *rows.error()};
    into.rounded_prices += rows.parser().rounded();
    return true;
  } catch (const std::bad_alloc&) {
    return fault{path + ": the rows do not fit into memory"};
  }
}

fallible<bool> write_history(const std::string& path,
                             const std::vector<sourced_row>& rows) {
  constexpr size_t chunk = 256 * 1024;
  safe_file file{path};
  std::string text = history_header() + "\n";
  for (const auto& each : rows) {
    append_csv(text, each.row);
    text += '\n';
    if (text.size() >= chunk) {
      file.write(text);
      text.clear();
    }
  }
  file.write(text);
  return file.commit();
}

} // namespace qalpha
