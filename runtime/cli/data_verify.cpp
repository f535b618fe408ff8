#include "runtime/cli/data_verbs.hpp"
#include "runtime/cli/spoken_time.hpp"
#include "runtime/config/units.hpp"
#include "runtime/data/history_check_text.hpp"
#include "runtime/data/wall_clock.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

namespace qalpha {

namespace {

struct verify_options {
  std::vector<std::string> files;
  std::string interval;
  std::string as_of;
  double outlier = history_check_options{}.outlier_z;
  bool strict = false;
  bool json = false;
};

exit_code fail(const std::string& why, exit_code how) {
  std::cerr << "qalpha: " << why << '\n';
  return how;
}

/// Fills what the options say.
/// @returns a fault naming the option.
std::optional<fault> read(const verify_options& options,
                          history_check_options& into) {
  into.outlier_z = options.outlier;
  if (!options.interval.empty()) {
    auto interval = parse_timespan(options.interval);
    if (!interval)
      return fault{"--interval: " + interval.error().text};
    if (interval->count() <= 0)
      return fault{"--interval: expected a positive time"};
    into.interval = *interval;
  }
  into.as_of = wall_clock_now();
  if (!options.as_of.empty()) {
    auto time = parse_spoken_time(options.as_of, into.as_of);
    if (!time)
      return fault{"--as-of: " + time.error().text};
    into.as_of = *time;
  }
  return std::nullopt;
}

exit_code verify(const verify_options& options) {
  history_check_options rules;
  if (auto wrong = read(options, rules))
    return fail(wrong->text, exit_code::usage);
  auto result = exit_code::ok;
  std::string list;
  for (const auto& file : options.files) {
    auto changed = time_of_file(file);
    if (!changed)
      return fail(file + ": no such file", exit_code::not_found);
    auto own = rules;
    // A bar that was open when the file was written stays what it was.
    if (options.as_of.empty())
      own.as_of = std::min(own.as_of, *changed);
    auto report = check_history(file, own);
    if (!report.passes(options.strict))
      result = exit_code::gate_failed;
    if (options.json)
      list += (list.empty() ? "" : ", ") + report_json(report, options.strict);
    else
      std::cout << report_text(report, options.strict);
  }
  if (options.json)
    std::cout << "{\"ok\": " << (result == exit_code::ok ? "true" : "false")
              << ", \"files\": [" << list << "]}\n";
  return result;
}

} // namespace

void add_data_verify(verb& data) {
  auto options = std::make_shared<verify_options>();
  auto spec = data.add("verify", "Checks whether files of bars can be trusted");
  spec.texts("FILE", options->files, "Bars: CSV, plain, gzip or zip")
    .required();
  spec.text("--interval", options->interval,
            "Length of the bars, for example 1h (default: as most are)");
  spec.text("--as-of", options->as_of,
            "UTC time at which the files were complete (default: when they "
            "were written)");
  spec
    .number("--outlier", options->outlier,
            "Robust z-score beyond which a return is named (default 25)")
    .between(1.0, 1e9);
  spec.flag("--strict", options->strict, "Warnings fail, too");
  spec.flag("--json", options->json, "Print one JSON object");
  spec.footer(
    "Ends with 8 if a file fails: unreadable, malformed, not_a_number,\n"
    "not_positive, bad_ohlc, unsorted, duplicate, conflict, overlap, "
    "unfinished.\n"
    "Warnings only, with 0: gap, off_grid, zero_volume, outlier.\n"
    "Example: qalpha data verify data/*.csv.gz --interval 1h");
  spec.action([options] { return verify(*options); });
}

} // namespace qalpha
