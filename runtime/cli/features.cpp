#include "runtime/cli/features_table.hpp"
#include "runtime/cli/verb.hpp"
#include "runtime/config/units.hpp"
#include "runtime/storage/bar_history.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

namespace qalpha {

namespace {

struct features_options {
  std::string file;
  std::vector<std::string> specs;
  std::string out;
  bool list = false;
  bool json = false;
};

exit_code fail(const std::string& why, exit_code how) {
  std::cerr << "qalpha: " << why << '\n';
  return how;
}

/// Holds every price of a CSV exactly; volumes lose their fractions, but no
/// feature looks at them.
instrument exact_instrument() {
  auto made = instrument::make({}, {.name = "CSV",
                                    .tick_e8 = 1,
                                    .lot_e8 = money::scale,
                                    .min_notional = {},
                                    .max_order = {}});
  return *made;
}

exit_code list_features(bool json) {
  std::string text;
  for (const auto& entry : bar_features())
    text += json ? fmt::format(R"({}{{"name": {}, "help": {}}})",
                               text.empty() ? "" : ", ", json_text(entry.name),
                               json_text(entry.help))
                 : fmt::format("{:<10} {}\n", std::string{entry.name} + ":N",
                               entry.help);
  std::cout << (json ? "{\"features\": [" + text + "]}\n" : text);
  return exit_code::ok;
}

void write_table(std::ostream& out, std::span<const bar> bars,
                 std::span<const feature_choice> choices) {
  std::string line = "timestamp";
  std::vector<std::vector<std::optional<double>>> columns;
  for (const auto& choice : choices) {
    line += "," + choice.column();
    columns.push_back(choice.feature->compute(bars, choice.length));
  }
  for (size_t i = 0; i < bars.size() && out; ++i) {
    out << line << '\n';
    line = std::to_string(bars[i].open_time.ns / 1'000'000);
    for (const auto& values : columns)
      line += values[i] ? fmt::format(",{}", *values[i]) : ",";
  }
  out << line << '\n';
}

std::string summary_json(const features_options& options,
                         std::span<const feature_choice> choices,
                         const data_report& data) {
  std::string names;
  for (const auto& choice : choices)
    names += (names.empty() ? "" : ", ") + json_text(choice.column());
  return fmt::format(R"({{"file": {}, "sha256": "{}", "rows": {}, "gaps": {}, )"
                     R"("missing_bars": {}, "features": [{}], "out": {}}})",
                     json_text(options.file), data.sha256, data.rows, data.gaps,
                     data.missing_bars, names, json_text(options.out));
}

exit_code write_features(const features_options& options, const bar_file& file,
                         std::span<const feature_choice> choices) {
  if (options.out.empty()) {
    write_table(std::cout, file.bars, choices);
    std::cout.flush();
    return std::cout ? exit_code::ok
                     : fail("cannot write the table", exit_code::failure);
  }
  std::error_code code;
  if (std::filesystem::equivalent(options.file, options.out, code))
    return fail("--out: expected a file other than the input",
                exit_code::usage);
  std::ofstream out{options.out, std::ios::binary | std::ios::trunc};
  write_table(out, file.bars, choices);
  out.close();
  if (!out)
    return fail(options.out + ": cannot be written", exit_code::failure);
  if (options.json)
    std::cout << summary_json(options, choices, file.report) << '\n';
  else
    std::cout << options.file << ": " << to_string(file.report) << '\n'
              << options.out << ": " << file.bars.size() << " rows\n";
  return exit_code::ok;
}

exit_code run(const features_options& options) {
  if (options.list)
    return list_features(options.json);
  if (options.file.empty() || options.specs.empty())
    return fail("features: expected CSV and --spec; see qalpha features --help",
                exit_code::usage);
  if (options.json && options.out.empty())
    return fail("--json: expected --out, since the table goes to the standard "
                "output",
                exit_code::usage);
  std::vector<feature_choice> choices;
  for (const auto& spec : options.specs) {
    auto parsed = parse_features(spec);
    if (!parsed)
      return fail(parsed.error().text, exit_code::usage);
    choices.insert(choices.end(), parsed->begin(), parsed->end());
  }
  std::error_code code;
  if (!std::filesystem::exists(options.file, code))
    return fail(options.file + ": no such file", exit_code::not_found);
  auto file = read_bars(options.file, exact_instrument());
  if (!file)
    return fail(file.error().text, exit_code::gate_failed);
  return write_features(options, *file, choices);
}

} // namespace

void add_features(verb& program) {
  auto options = std::make_shared<features_options>();
  auto spec = program.add("features",
                          "Computes figures from the bars of a CSV file");
  spec.text("CSV", options->file, "Bars, plain or gzip");
  spec.texts("--spec", options->specs,
             "Features NAME:N, separated by commas; may be repeated");
  spec.text("--out", options->out,
            "CSV to write (default: the standard output)");
  spec.flag("--list", options->list, "List the features");
  spec.flag("--json", options->json, "Print one JSON object");
  spec.footer("Each value uses its own bar and earlier ones only; it is empty "
              "while there are too few.\n"
              "Example: qalpha features BTCUSDT_1h.csv.gz "
              "--spec sma:20,returns:1 --out features.csv");
  spec.action([options] { return run(*options); });
}

} // namespace qalpha
