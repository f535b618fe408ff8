#include "models/features/catalogue.hpp"
#include "runtime/cli/features_fit.hpp"
#include "runtime/cli/features_input.hpp"
#include "runtime/cli/features_text.hpp"
#include "runtime/cli/verb.hpp"
#include "runtime/config/units.hpp"
#include "runtime/features/feature_table.hpp"
#include "runtime/features/wanted_features.hpp"

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
  std::string interval;
  std::string strategy;
  std::string symbol;
  std::string fit;
  bool list = false;
  bool check_lookahead = false;
  bool json = false;
};

exit_code fail(const std::string& why, exit_code how) {
  std::cerr << "qalpha: " << why << '\n';
  return how;
}

/// Joins what stands behind --strategy and all --spec.
fallible<wanted_features> read_specs(const features_options& options) {
  wanted_features result;
  if (!options.strategy.empty()) {
    auto wanted = features_of_strategy(options.strategy);
    if (!wanted)
      return wanted.error();
    result = std::move(*wanted);
  }
  for (const auto& spec : options.specs) {
    auto part = read_wanted_features(spec);
    if (!part)
      return part.error();
    if (part->interval)
      result.interval = part->interval;
    result.requests.insert(result.requests.end(), part->requests.begin(),
                           part->requests.end());
  }
  if (options.interval.empty())
    return result;
  auto interval = parse_timespan(options.interval);
  if (!interval || interval->count() <= 0)
    return fault{"--interval: expected a duration such as 1h, found "
                 + quoted_text(options.interval)};
  result.interval = *interval;
  return result;
}

exit_code write_features(const features_options& options,
                         const feature_plan& plan, const market_table& table) {
  if (options.out.empty()) {
    write_feature_table(std::cout, plan, table);
    std::cout.flush();
    return std::cout ? exit_code::ok
                     : fail("cannot write the table", exit_code::failure);
  }
  std::error_code code;
  if (std::filesystem::equivalent(options.file, options.out, code))
    return fail("--out: expected a file other than the input",
                exit_code::usage);
  std::ofstream out{options.out, std::ios::binary | std::ios::trunc};
  write_feature_table(out, plan, table);
  out.close();
  if (!out)
    return fail(options.out + ": cannot be written", exit_code::failure);
  std::cout << (options.json
                  ? features_json(options.file, options.out, plan, table)
                  : features_text(options.file, options.out, plan, table));
  return exit_code::ok;
}

exit_code check_lookahead(const features_options& options,
                          const feature_plan& plan, const market_table& table) {
  plan_sources sources{plan, table};
  auto findings = find_lookahead(plan, sources.data(), table.rows());
  std::cout << (options.json ? lookahead_json(plan, table, findings)
                             : lookahead_text(plan, table, findings));
  return findings.empty() ? exit_code::ok : exit_code::gate_failed;
}

exit_code compute(const features_options& options) {
  auto wanted = read_specs(options);
  if (!wanted)
    return fail(wanted.error().text, exit_code::usage);
  // Checked before a large file is read; the interval comes from the file.
  feature_spec spec{.features = std::move(wanted->requests)};
  if (auto plan = feature_plan::make(spec); !plan)
    return fail(plan.error().text, exit_code::usage);
  auto outcome = read_features_input(options.file, options.symbol,
                                     wanted->interval);
  if (auto no = std::get_if<features_refusal>(&outcome))
    return fail(no->text, no->how);
  auto table = std::get_if<market_table>(&outcome);
  spec.interval
    = std::chrono::duration_cast<std::chrono::milliseconds>(table->interval);
  auto plan = feature_plan::make(spec);
  if (!plan)
    return fail(plan.error().text, exit_code::gate_failed);
  if (auto missing = plan_sources{*plan, *table}.missing(); !missing.empty()) {
    std::string names;
    for (const auto& name : missing)
      names += (names.empty() ? "" : ", ") + name;
    return fail(options.file + ": expected the columns " + names
                  + " for these features, found none",
                exit_code::gate_failed);
  }
  if (options.check_lookahead)
    return check_lookahead(options, *plan, *table);
  return write_features(options, *plan, *table);
}

exit_code fit(const features_options& options) {
  std::optional<timespan> interval;
  if (!options.interval.empty()) {
    auto given = parse_timespan(options.interval);
    if (!given || given->count() <= 0)
      return fail("--interval: expected a duration such as 1s, found "
                    + quoted_text(options.interval),
                  exit_code::usage);
    interval = *given;
  }
  auto outcome = fit_features(options.fit, options.file, options.symbol,
                              interval);
  if (auto no = std::get_if<features_refusal>(&outcome))
    return fail(no->text, no->how);
  auto& fitted = std::get<fitted_list>(outcome);
  for (const auto& line : fitted.qualities)
    std::cerr << line << '\n';
  if (options.out.empty()) {
    std::cout << fitted.json << '\n';
    return exit_code::ok;
  }
  std::ofstream out{options.out, std::ios::binary | std::ios::trunc};
  out << fitted.json << '\n';
  out.close();
  return out ? exit_code::ok
             : fail(options.out + ": cannot be written", exit_code::failure);
}

exit_code run(const features_options& options) {
  if (options.list) {
    std::cout << (options.json ? catalogue_json() : catalogue_text());
    return exit_code::ok;
  }
  if (options.file.empty()
      || (options.specs.empty() && options.strategy.empty()
          && options.fit.empty()))
    return fail("features: expected FILE and --spec, --strategy or --fit; see "
                "qalpha features --help",
                exit_code::usage);
  if (!options.fit.empty())
    return fit(options);
  if (options.json && options.out.empty() && !options.check_lookahead)
    return fail("--json: expected --out, since the table goes to the standard "
                "output",
                exit_code::usage);
  return compute(options);
}

} // namespace

void add_features(verb& program) {
  auto options = std::make_shared<features_options>();
  auto spec = program.add("features",
                          "Computes features from a CSV file or a recording");
  spec.text("FILE", options->file,
            "Bars with their time of opening as CSV, plain, gzip or zip; or a "
            "recording\nas qalpha data bars reads it");
  spec.texts(
    "--spec", options->specs,
    "JSON file, JSON text, or NAME:VALUE:..., separated by commas; may "
    "be repeated");
  spec.text("--strategy", options->strategy,
            "What a strategy reads, as NAME:VALUE:...; for --features of "
            "backtest");
  spec.text("--out", options->out,
            "CSV to write (default: the standard output)");
  spec.text("--interval", options->interval,
            "Length of a bar (default: the most common step of the file; 1m of "
            "a recording)");
  spec.text("--symbol", options->symbol,
            "Which one, if a recording has several");
  spec.text("--fit", options->fit,
            "Print features with the parameters that the data give them, for a "
            "--spec:\nmicro_price (recordings), order_flow_integrated");
  spec.flag("--list", options->list, "Print the catalogue of features");
  spec.flag("--check-lookahead", options->check_lookahead,
            "Name each feature whose value depends on later rows; exit 8 if "
            "there is one");
  spec.flag("--json", options->json, "Print one JSON object");
  spec.footer("Each value uses its own bar and earlier ones only. It is empty "
              "while there are too few, where it is not defined, and while a "
              "missing or wrong bar is remembered.\n"
              "Example: qalpha features BTCUSDT_1h.csv.gz "
              "--spec sma:20,ema:50 --out features.csv\n"
              "Example: qalpha features recordings/binance --symbol BTCUSDT "
              "--interval 1s\n--fit micro_price,order_flow_integrated --out "
              "fitted.json");
  spec.action([options] { return run(*options); });
}

} // namespace qalpha
