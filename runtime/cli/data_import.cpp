#include "runtime/cli/data_verbs.hpp"
#include "runtime/config/units.hpp"
#include "runtime/data/history_repair.hpp"
#include "runtime/data/wall_clock.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <memory>

namespace qalpha {

namespace {

struct import_options : repair_options {
  std::vector<std::string> files;
  std::string out;
  std::string interval_text;
  bool force = false;
  bool json = false;
};

exit_code fail(const std::string& why, exit_code how) {
  std::cerr << "qalpha: " << why << '\n';
  return how;
}

/// @returns what is wrong with the command line.
std::optional<fault> settle(import_options& options) {
  if (!options.interval_text.empty()) {
    auto interval = parse_timespan(options.interval_text);
    if (!interval || interval->count() <= 0)
      return fault{"--interval: expected a positive time such as 1h, found "
                   + quoted_text(options.interval_text)};
    options.interval = *interval;
  }
  std::error_code code;
  for (const auto& file : options.files)
    if (std::filesystem::equivalent(file, options.out, code))
      return fault{"--out: expected a file other than the input"};
  if (!options.force && std::filesystem::exists(options.out, code))
    return fault{options.out + ": exists already (--force replaces it)"};
  return std::nullopt;
}

std::string summary_json(const import_options& options,
                         const repaired_history& x) {
  return fmt::format(
    R"({{"ok": true, "out": {}, "rows": {}, "interval_ms": {}, )"
    R"("first_ms": {}, "last_ms": {}, "gaps": {}, "missing_bars": {}, )"
    R"("sorted": {}, "duplicates": {}, "replaced": {}, "bad_rows": {}, )"
    R"("unfinished": {}, "rounded_prices": {}}})",
    json_text(options.out), x.rows.size(), x.interval.count() / 1'000'000,
    x.rows.front().row.open_time.ns / 1'000'000,
    x.rows.back().row.open_time.ns / 1'000'000, x.gaps, x.missing_bars,
    x.sorted, x.duplicates, x.replaced, x.bad_rows, x.unfinished,
    x.rounded_prices);
}

exit_code import(import_options options) {
  if (auto wrong = settle(options))
    return fail(wrong->text, exit_code::usage);
  options.as_of = wall_clock_now();
  history_rows rows;
  for (size_t i = 0; i < options.files.size(); ++i) {
    std::error_code code;
    if (!std::filesystem::exists(options.files[i], code))
      return fail(options.files[i] + ": no such file", exit_code::not_found);
    if (auto read = append_rows(rows, options.files[i],
                                static_cast<uint32_t>(i));
        !read)
      return fail(read.error().text, exit_code::gate_failed);
  }
  auto repaired = repair(std::move(rows), options.files, options);
  if (!repaired)
    return fail(repaired.error().text, exit_code::gate_failed);
  if (auto written = write_history(options.out, repaired->rows); !written)
    return fail(written.error().text, exit_code::failure);
  if (options.json)
    std::cout << summary_json(options, *repaired) << '\n';
  else
    std::cout << options.out << ": " << to_string(*repaired) << '\n';
  return exit_code::ok;
}

} // namespace

void add_data_import(verb& data) {
  auto options = std::make_shared<import_options>();
  auto spec = data.add(
    "import", "Makes one history that backtests read of files of bars");
  spec
    .texts("FILE", options->files,
           "Bars: CSV, plain, gzip or zip, with or without a header, times in "
           "s, ms, us or ns")
    .required();
  spec.text("--out", options->out, "CSV to write; gzip if it ends with .gz")
    .required();
  spec.text("--interval", options->interval_text,
            "Length of the bars, for example 1h (default: as most are)");
  spec.flag("--sort", options->sort, "Put rows in order");
  spec.flag("--drop-duplicates", options->drop_duplicates,
            "Keep one of equal bars");
  spec.flag("--keep-last", options->keep_last,
            "Of different bars of one time keep the later one");
  spec.flag("--drop-bad", options->drop_bad,
            "Leave out rows that are no bars or begin too early");
  spec.flag("--drop-unfinished", options->drop_unfinished,
            "Leave out a last bar that is not over");
  spec.flag("--force", options->force, "Replace a file that is there");
  spec.flag("--json", options->json, "Print one JSON object");
  spec.footer("Nothing is repaired unless an option says so; no bar is "
              "invented.\n"
              "Example: qalpha data import BTCUSDT-1h-*.zip "
              "--out BTCUSDT_1h.csv.gz");
  spec.action([options] { return import(*options); });
}

} // namespace qalpha
