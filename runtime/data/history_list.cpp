#include "runtime/data/history_list.hpp"

#include "runtime/config/units.hpp"
#include "runtime/data/history_check.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace qalpha {

namespace {

namespace fs = std::filesystem;

// More files than this are no directory of histories.
constexpr size_t most_files = 100'000;

bool is_history(const std::string& name) {
  return !name.starts_with('.')
         && (name.ends_with(".csv") || name.ends_with(".csv.gz")
             || name.ends_with(".zip"));
}

std::string symbol_of(const std::string& file) {
  auto name = fs::path{file}.filename().string();
  return name.substr(0, name.find_first_of("_-."));
}

/// @returns the files below `directory`, sorted.
fallible<std::vector<std::string>> files_below(const fs::path& directory) {
  std::vector<std::string> result;
  std::error_code code;
  fs::recursive_directory_iterator i{
    directory, fs::directory_options::skip_permission_denied, code};
  if (code)
    return fault{directory.string() + ": " + code.message()};
  for (; i != fs::recursive_directory_iterator{}; i.increment(code)) {
    if (code || result.size() == most_files)
      return fault{directory.string() + ": "
                   + (code ? code.message() : "too many files")};
    auto name = i->path().filename().string();
    if (i->is_directory(code) && name.starts_with('.'))
      i.disable_recursion_pending();
    else if (i->is_regular_file(code) && is_history(name))
      result.push_back(fs::relative(i->path(), directory, code).string());
  }
  std::sort(result.begin(), result.end());
  return result;
}

/// @returns the first failure as one line.
std::string first_problem(const history_report& report) {
  for (size_t i = 0; i < report.findings.size(); ++i) {
    const auto& found = report.findings[i];
    auto what = static_cast<history_problem>(i);
    if (found.count == 0 || !is_failure(what))
      continue;
    return fmt::format("{} {}{}{}", found.count, to_string(what),
                       found.examples.empty() ? "" : ": ",
                       found.examples.empty() ? "" : found.examples.front());
  }
  return {};
}

void read_history(history_entry& entry, const std::string& path, utc_time now) {
  auto report = check_history(
    path, {.interval = {}, .as_of = std::min(now, utc_time{entry.changed_ns})});
  entry.symbol = symbol_of(entry.file);
  entry.rows = report.rows;
  entry.first = report.first;
  entry.last = report.last;
  entry.interval = report.interval;
  entry.gaps = report[history_problem::gap].count;
  entry.missing_bars = report.missing_bars;
  entry.sha256 = report.sha256;
  entry.problem = first_problem(report);
}

} // namespace

fallible<std::vector<history_entry>>
list_histories(const std::string& directory, utc_time now) {
  auto files = files_below(directory);
  if (!files)
    return files.error();
  auto manifest = (fs::path{directory} / manifest_name).string();
  auto known = read_manifest(manifest);
  std::vector<history_entry> result;
  bool changed = known.size() != files->size();
  for (const auto& file : *files) {
    auto path = (fs::path{directory} / file).string();
    auto time = time_of_file(path);
    std::error_code code;
    auto bytes = fs::file_size(path, code);
    if (!time || code)
      continue; // Gone since the directory was read.
    auto old = known.find(file);
    if (old != known.end() && old->second.bytes == bytes
        && old->second.changed_ns == time->ns) {
      result.push_back(old->second);
      continue;
    }
    history_entry entry;
    entry.file = file;
    entry.bytes = bytes;
    entry.changed_ns = time->ns;
    read_history(entry, path, now);
    result.push_back(std::move(entry));
    changed = true;
  }
  // A directory that cannot be written is read anew each time.
  if (changed)
    (void)write_manifest(manifest, result);
  return result;
}

std::string list_text(const std::vector<history_entry>& entries) {
  if (entries.empty())
    return "no histories here; qalpha data fetch gets some\n";
  size_t width = 4;
  for (const auto& x : entries)
    width = std::max(width, x.file.size());
  auto text = fmt::format("{:<12} {:>8} {:<20} {:<20} {:>9} {:>5} {:>7}  {:<8} "
                          " {:<{}}  {}\n",
                          "symbol", "interval", "first (UTC)", "last (UTC)",
                          "rows", "gaps", "missing", "sha256", "file", width,
                          "problem");
  auto stamp = [](const history_entry& x, utc_time time) {
    auto full = x.rows == 0 ? std::string{"-"} : format_utc(time);
    return full.substr(0, full.find(" UTC"));
  };
  for (const auto& x : entries) {
    text += fmt::format("{:<12} {:>8} {:<20} {:<20} {:>9} {:>5} {:>7}  {:<8} "
                        " {:<{}}  {}",
                        x.symbol, format_timespan(x.interval),
                        stamp(x, x.first), stamp(x, x.last), x.rows, x.gaps,
                        x.missing_bars, x.sha256.substr(0, 8), x.file, width,
                        x.problem);
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

std::string list_json(const std::vector<history_entry>& entries) {
  std::string list;
  for (const auto& x : entries)
    list += fmt::format(
      R"({}{{"file": {}, "symbol": {}, "interval": {}, "first_ms": {}, )"
      R"("last_ms": {}, "rows": {}, "gaps": {}, "missing_bars": {}, )"
      R"("sha256": {}, "problem": {}}})",
      list.empty() ? "" : ", ", json_text(x.file), json_text(x.symbol),
      json_text(format_timespan(x.interval)), x.first.ns / 1'000'000,
      x.last.ns / 1'000'000, x.rows, x.gaps, x.missing_bars,
      json_text(x.sha256), json_text(x.problem));
  return "{\"histories\": [" + list + "]}";
}

} // namespace qalpha
