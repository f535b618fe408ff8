#include "runtime/backtest/prepare.hpp"
#include "runtime/cli/config_options.hpp"
#include "runtime/cli/neural_program.hpp"
#include "runtime/cli/verb.hpp"
#include "runtime/study/random_walk.hpp"
#include "runtime/study/study_config.hpp"
#include "runtime/study/study_text.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

namespace qalpha {

namespace {

/// Share of significant findings on random walks above which something is
/// wrong with the study itself.
constexpr double most_findings = 0.05;

struct study_options : config_options {
  std::string study;
  std::string out;
  std::optional<uint64_t> random_walks;
  bool json = false;
};

exit_code fail(const std::string& why, exit_code how) {
  std::cerr << "qalpha: " << why << '\n';
  return how;
}

/// What is known of the files, under their names only.
std::vector<data_summary> origins_of(const node_config& config,
                                     const prepared_backtest& prepared) {
  std::vector<data_summary> result;
  for (size_t i = 0; i < prepared.data.size(); ++i) {
    auto& symbol = prepared.input.instruments[i].name();
    auto& bars = prepared.input.bars[i];
    auto& file = prepared.data[i];
    std::filesystem::path path{config.data.files.at(symbol)};
    result.push_back({.symbol = symbol,
                      .file = path.filename().string(),
                      .sha256 = file.sha256,
                      .bars = file.rows,
                      .from = bars.front().open_time,
                      .to = bars.back().close_time,
                      .gaps = file.gaps,
                      .missing_bars = file.missing_bars,
                      .zero_volume_bars = file.zero_volume_bars,
                      .rounded_prices = file.rounded_prices});
  }
  return result;
}

exit_code write_study(const study_options& options, const study_result& study) {
  if (!options.out.empty()) {
    std::ofstream file{options.out, std::ios::binary | std::ios::trunc};
    file << study_markdown(study);
    file.close();
    if (!file)
      return fail(options.out + ": cannot write the report",
                  exit_code::failure);
  }
  if (options.json)
    std::cout << study_json(study) << '\n';
  else if (options.out.empty())
    std::cout << study_markdown(study);
  for (const auto& run : study.runs)
    if (run.report.ledger_difference != money{})
      return fail(run.name + ": our books differ from the venue's",
                  exit_code::invariant);
  return exit_code::ok;
}

exit_code study_history(study_options options, const study_config& config,
                        const neural_support* neural) {
  options.file = config.market;
  options.settings.insert(options.settings.begin(), "mode=backtest");
  auto market = load_config(options);
  if (!market)
    return exit_code::configuration;
  auto& values = market->values;
  for (const auto& [symbol, path] : values.data.files)
    if (!std::filesystem::exists(path))
      return fail(path + ": no such file", exit_code::not_found);
  auto prepared = prepare_backtest(values);
  if (!prepared)
    return fail(prepared.error().text, exit_code::gate_failed);
  auto maker = make_forecasts(
    config.model, {prepared->input.bar_interval, config.directory, neural});
  if (!maker)
    return fail(options.study + ": " + maker.error().text,
                exit_code::configuration);
  auto told = [](size_t fold, size_t folds) {
    std::cerr << fmt::format("fold {} of {}\n", fold, folds);
  };
  auto study = run_study(prepared->input, config.settings, **maker, told);
  if (!study)
    return fail(study.error().text, exit_code::gate_failed);
  study->data = origins_of(values, *prepared);
  return write_study(options, *study);
}

std::string figure_json(const figure& x) {
  return x ? fmt::format("{:.6g}", *x) : "null";
}

exit_code study_nothing(const study_options& options,
                        const study_config& config,
                        const neural_support* neural) {
  random_walk_settings shape;
  auto maker = make_forecasts(config.model,
                              {shape.bar_interval, config.directory, neural});
  if (!maker)
    return fail(options.study + ": " + maker.error().text,
                exit_code::configuration);
  auto told = [&](const random_walk_finding& x) {
    if (!options.json)
      std::cout << fmt::format(
        "seed {}: Sharpe {}, above zero with {}, deflated {}, {} trades, "
        "correlation {} ± {}{}\n",
        x.seed, figure_json(x.sharpe), figure_json(x.certainty),
        figure_json(x.deflated), x.trades, figure_json(x.correlation.value),
        figure_json(x.correlation.error), x.significant ? ", SIGNIFICANT" : "");
  };
  auto findings = study_random_walks(*options.random_walks, shape,
                                     config.settings, **maker, told);
  if (!findings)
    return fail(findings.error().text, exit_code::gate_failed);
  auto share = significant_share(*findings);
  if (options.json)
    std::cout << fmt::format(
      "{{\"random_walks\":{},\"significant_share\":{:.6g},\"most\":{}}}\n",
      findings->size(), share, most_findings);
  else
    std::cout << fmt::format(
      "{} of {} random walks look like a finding\n",
      static_cast<int>(share * static_cast<double>(findings->size()) + 0.5),
      findings->size());
  return share > most_findings ? exit_code::gate_failed : exit_code::ok;
}

exit_code run(const study_options& options, const program_context& context) {
  if (!std::filesystem::exists(options.study))
    return fail(options.study + ": no such file", exit_code::not_found);
  auto config = read_study_config(options.study);
  if (!config)
    return fail(config.error().text, exit_code::configuration);
  auto neural = context.neural;
  if (neural == nullptr && needs_neural_program(config->model))
    return become_neural_program(context.arguments);
  prepare_models_without_haste(neural, model_settings{}.blas_minimum_gflops);
  return options.random_walks ? study_nothing(options, *config, neural)
                              : study_history(options, *config, neural);
}

} // namespace

void add_study(verb& program) {
  auto options = std::make_shared<study_options>();
  auto spec = program.add(
    "study", "Trains models on the past again and again and tells their worth");
  spec.text("STUDY", options->study, "File that says what is studied")
    .required();
  spec.texts("--data", options->data,
             "Bars: FILE, or SYMBOL=FILE; may be repeated");
  spec.texts("--set", options->settings,
             "Any setting of the market, PATH=VALUE; may be repeated");
  spec.text("--out", options->out, "Write the report as Markdown");
  spec.number("--random-walks", options->random_walks,
              "Study so many markets without a pattern instead; exit 8 if more "
              "than 5 % look like a finding");
  spec.flag("--json", options->json, "Print one JSON object");
  spec.footer("Example: qalpha study configs/study-btc-eth-1h.json "
              "--data BTCUSDT=BTCUSDT_1h.csv.gz "
              "--data ETHUSDT=ETHUSDT_1h.csv.gz --out study.md");
  spec.action(
    [options, &context = program.context()] { return run(*options, context); });
}

} // namespace qalpha
