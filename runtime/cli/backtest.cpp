#include "models/strategies/symbol_strategy.hpp"
#include "runtime/backtest/engines.hpp"
#include "runtime/backtest/prepare.hpp"
#include "runtime/backtest/results.hpp"
#include "runtime/cli/config_options.hpp"
#include "runtime/cli/neural_program.hpp"
#include "runtime/cli/verb.hpp"
#include "runtime/config/config_hash.hpp"
#include "runtime/config/data_paths.hpp"
#include "runtime/features/feature_table.hpp"
#include "runtime/outlook/model_loading.hpp"
#include "runtime/reports/backtest_report.hpp"
#include "runtime/reports/facts_csv.hpp"
#include "runtime/reports/summary_json.hpp"
#include "runtime/reports/summary_table.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

namespace qalpha {

namespace {

struct backtest_options : config_options {
  std::string engine = "fused";
  std::string out;
  std::string csv;
  std::vector<std::string> features;
  bool json = false;
};

exit_code fail(const fault& why, exit_code how) {
  std::cerr << "qalpha: " << why.text << '\n';
  return how;
}

/// @returns `false` if the file could not be written completely.
bool write_file(const std::string& path, const std::string& text) {
  std::ofstream file{path, std::ios::binary | std::ios::trunc};
  file << text << '\n';
  file.close();
  return file.good();
}

std::vector<data_origin> origins(const node_config& config,
                                 prepared_backtest& prepared) {
  std::vector<data_origin> result;
  for (size_t i = 0; i < prepared.data.size(); ++i)
    result.push_back(
      {config.data.files.at(prepared.input.instruments[i].name()),
       std::move(prepared.data[i])});
  return result;
}

/// Reads what the strategy is to see instead of computing it.
/// @returns nothing if it was not asked for, else one table an instrument.
fallible<std::vector<feature_table>>
read_features(const backtest_options& options, const node_config& config,
              const backtest_input& input) {
  std::vector<feature_table> result;
  if (options.features.empty())
    return result;
  auto plan = plan_of(input.strategy, input.bar_interval);
  if (!plan)
    return plan.error();
  result.resize(input.instruments.size());
  std::vector<bool> found(result.size());
  for (const auto& text : options.features) {
    auto file = parse_data_argument(text, config.symbols);
    if (!file)
      return fault{"--features " + file.error().text};
    auto table = read_feature_table(file->path, *plan);
    if (!table)
      return table.error();
    for (size_t i = 0; i < result.size(); ++i)
      if (input.instruments[i].name() == file->symbol) {
        result[i] = std::move(*table);
        found[i] = true;
        break;
      }
  }
  for (size_t i = 0; i < found.size(); ++i)
    if (!found[i])
      return fault{"--features: expected a file for "
                   + input.instruments[i].name()};
  return result;
}

exit_code
write_outputs(const backtest_options& options, const backtest_input& input,
              const backtest_result& result, const backtest_report& report) {
  if (!options.csv.empty())
    if (auto rows = write_facts_csv(options.csv, input.instruments,
                                    result.facts);
        !rows)
      return fail(rows.error(), exit_code::failure);
  if (!options.out.empty() && !write_file(options.out, summary_json(report)))
    return fail({options.out + ": cannot write the report"},
                exit_code::failure);
  if (options.json)
    std::cout << summary_json(report) << '\n';
  else
    std::cout << summary_table(report);
  if (report.ledger_difference != money{})
    return fail({"our books differ from the venue's: one of them is wrong"},
                exit_code::invariant);
  return exit_code::ok;
}

/// Who reads columns of the history; not a strategy whose features were
/// computed before.
std::vector<feature_reader> readers_of(const backtest_input& input,
                                       const chosen_models& chosen) {
  std::vector<feature_reader> result;
  if (input.features.empty())
    if (auto plan = plan_of(input.strategy, input.bar_interval))
      result.push_back({"the strategy " + input.strategy.name, *plan});
  for (auto& model : chosen)
    if (model)
      if (auto plan = feature_plan::make(model->model.about.features))
        result.push_back({"the model " + model->version.id, *plan});
  return result;
}

/// @param input outlives the models
fallible<model_set>
load_models(const chosen_models& chosen, const model_loaders& loaders,
            const node_config& config, const backtest_input& input) {
  return load_model_set(
    chosen, loaders,
    {.instruments = input.instruments,
     .sources =
       [&input](const feature_plan& plan, const instrument& rules) {
         auto index = rules.id().index;
         return stream_features(plan, rules,
                                {input.bars[index], columns_of(input, index)});
       },
     .answer_within = config.models.answer_within,
     .max_age = std::nullopt});
}

exit_code run(backtest_options options, const program_context& context) {
  // Before what the person set: a file that says otherwise is for another verb,
  // its settings are checked as those of a backtest.
  options.settings.insert(options.settings.begin(), "mode=backtest");
  auto config = load_config(options);
  if (!config)
    return exit_code::configuration;
  auto& values = config->values;
  if (context.neural == nullptr && asks_models(values.models))
    return become_neural_program(context.arguments);
  for (const auto& [symbol, path] : values.data.files)
    if (!std::filesystem::exists(path))
      return fail({path + ": no such file"}, exit_code::not_found);
  auto prepared = prepare_backtest(values);
  if (!prepared)
    return fail(prepared.error(), exit_code::gate_failed);
  auto& input = prepared->input;
  input.keep_facts = !options.csv.empty();
  auto features = read_features(options, values, input);
  if (!features)
    return fail(features.error(), exit_code::gate_failed);
  input.features = std::move(*features);
  auto chosen = choose_models(values.models, input.bar_interval);
  if (!chosen)
    return fail(chosen.error(), exit_code::configuration);
  auto columns = read_columns(values, input, readers_of(input, *chosen));
  if (!columns)
    return fail(columns.error(), exit_code::gate_failed);
  input.columns = std::move(*columns);
  if (context.neural != nullptr) {
    prepare_models_without_haste(context.neural,
                                 values.models.blas_minimum_gflops);
    auto models = load_models(*chosen, context.neural->load, values, input);
    if (!models)
      return fail(models.error(), exit_code::configuration);
    input.models = std::move(*models);
  }
  auto result = options.engine == "actors" ? run_actors(input)
                                           : run_fused(input);
  if (!result)
    return fail(result.error(), exit_code::configuration);
  auto report = make_report({.input = input,
                             .result = *result,
                             .data = origins(values, *prepared),
                             .engine = options.engine,
                             .config_file = options.file,
                             .config_hash = config_hash(values)});
  return write_outputs(options, input, *result, report);
}

} // namespace

void add_backtest(verb& program) {
  auto options = std::make_shared<backtest_options>();
  auto spec = program.add("backtest",
                          "Runs the same system over history, on virtual time");
  add_config_options(spec, *options);
  spec.texts("--data", options->data,
             "Bars: FILE, or SYMBOL=FILE; may be repeated");
  spec.texts("--features", options->features,
             "Features of the strategy as qalpha features wrote them: FILE, or "
             "SYMBOL=FILE (default: computed on the way)");
  spec
    .text("--engine", options->engine,
          "fused (direct calls, fast) or actors (the live actors)")
    .one_of({"fused", "actors"});
  spec.text("--out", options->out, "Write the report as JSON");
  spec.text("--csv", options->csv, "Write all orders and fills as CSV");
  spec.flag("--json", options->json,
            "Print one JSON object instead of the table");
  spec.footer("Example: qalpha backtest configs/backtest-btc-1h.json "
              "--data BTCUSDT_1h.csv.gz --param fast=10");
  spec.action(
    [options, &context = spec.context()] { return run(*options, context); });
}

} // namespace qalpha
