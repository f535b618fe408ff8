#include "runtime/data/fetch_text.hpp"

#include "runtime/config/units.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

namespace qalpha {

namespace {

/// @returns spans in a list, or an empty text.
std::string missing_text(const std::vector<calendar_span>& missing) {
  std::string text;
  for (const auto& span : missing)
    text += fmt::format("{}{} to {}", text.empty() ? "" : ", ",
                        format_utc(span.begin), format_utc(span.end));
  return text;
}

} // namespace

std::string to_json(const fetch_result& x) {
  return fmt::format(
    R"({{"file": {}, "rows": {}, "first_ms": {}, "last_ms": {}, )"
    R"("gaps": {}, "missing_bars": {}, "replaced": {}, "bad_rows": {}, )"
    R"("unfinished": {}, "fetched_files": {}, "cached_files": {}, )"
    R"("rest_bars": {}, "missing": {}}})",
    json_text(x.file), x.history.rows.size(),
    x.history.rows.front().row.open_time.ns / 1'000'000,
    x.history.rows.back().row.open_time.ns / 1'000'000, x.history.gaps,
    x.history.missing_bars, x.history.replaced, x.history.bad_rows,
    x.history.unfinished, x.fetched_files, x.cached_files, x.rest_bars,
    json_text(missing_text(x.missing)));
}

std::string to_text(const fetch_result& x) {
  auto text = fmt::format("{}: {}\n  files fetched {}, here before {}, bars "
                          "from REST {}\n",
                          x.file, to_string(x.history), x.fetched_files,
                          x.cached_files, x.rest_bars);
  if (!x.missing.empty())
    text += "  not in the archive: " + missing_text(x.missing) + "\n";
  return text;
}

std::string to_text(const funding_result& x) {
  auto text = fmt::format(
    "{}: {} rates, {} to {}\n  files fetched {}, here before {}, rates from "
    "REST {}\n",
    x.file, x.rows.size(), format_utc(x.rows.front().time),
    format_utc(x.rows.back().time), x.fetched_files, x.cached_files,
    x.rest_rows);
  if (!x.missing.empty())
    text += "  not in the archive: " + missing_text(x.missing) + "\n";
  return text;
}

std::string to_json(const funding_result& x) {
  return fmt::format(
    R"({{"file": {}, "rows": {}, "first_ms": {}, "last_ms": {}, )"
    R"("fetched_files": {}, "cached_files": {}, "rest_rows": {}, )"
    R"("missing": {}}})",
    json_text(x.file), x.rows.size(), x.rows.front().time.ns / 1'000'000,
    x.rows.back().time.ns / 1'000'000, x.fetched_files, x.cached_files,
    x.rest_rows, json_text(missing_text(x.missing)));
}

} // namespace qalpha
