#include "models/market/decimal.hpp"
#include "runtime/cli/config_options.hpp"
#include "runtime/cli/neural_program.hpp"
#include "runtime/cli/verb.hpp"
#include "runtime/config/units.hpp"
#include "runtime/node/session.hpp"

#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <string>
#include <variant>

#include <unistd.h>

namespace qalpha {

namespace {

struct run_options : config_options {
  std::string duration;
  std::string replay;
  std::string predictions;
  bool record = false;
  bool fresh = false;
  bool json = false;
};

std::string summary_text(const session_result& x) {
  auto percent = 100.0 * (to_double(x.equity) / to_double(x.start) - 1.0);
  return fmt::format(
    "\nrun {} ended {}: equity {} USDT ({:+.2f} %), worst drawdown {:.2f} %\n"
    "fills {}  refused {}  alerts {}  restarts {}  fees {}  funding {}\n"
    "ledgers {}  frames {} ({} late)  run hash {}\n",
    x.run, x.clean ? "cleanly" : "WITH ORDERS OR ACTORS LEFT",
    format_fixed_e8(x.equity.e8, 2, ' '), percent, 100 * x.max_drawdown,
    x.fills, x.refused, x.alerts, x.restarts, format_fixed_e8(x.fees.e8, 2),
    format_fixed_e8(x.funding.e8, 2),
    x.equal ? "equal to the venue's" : "DIFFER FROM THE VENUE'S", x.frames,
    x.late_frames, x.run_hash);
}

exit_code report(const session_outcome& outcome, bool json) {
  if (auto* wrong = std::get_if<session_fault>(&outcome)) {
    std::cerr << "qalpha: " << wrong->text << '\n';
    switch (wrong->what) {
      case session_fault::kind::configuration:
        return exit_code::configuration;
      case session_fault::kind::journal:
        return exit_code::journal;
      case session_fault::kind::not_found:
        return exit_code::not_found;
      case session_fault::kind::unreachable:
        return exit_code::failure;
    }
  }
  auto& result = std::get<session_result>(outcome);
  if (json)
    std::cout << to_json(result) << '\n';
  else
    std::cout << summary_text(result);
  if (!result.equal)
    return exit_code::invariant;
  return result.clean ? exit_code::ok : exit_code::partial;
}

/// A real market does not wait for models, so they have to be fast there.
bool ready_for_models(const run_options& options, const node_config& config,
                      const neural_support* neural) {
  if (!asks_models(config.models))
    return true;
  auto least = config.models.blas_minimum_gflops;
  if (config.mode != run_mode::paper || !options.replay.empty()) {
    prepare_models_without_haste(neural, least);
    return true;
  }
  auto slow = prepare_models(neural, least);
  if (slow)
    std::cerr << "qalpha: " << slow->text << '\n';
  return !slow;
}

exit_code run(const run_options& options, const program_context& context) {
  auto config = load_config(options);
  if (!config)
    return exit_code::configuration;
  if (context.neural == nullptr && asks_models(config->values.models))
    return become_neural_program(context.arguments);
  if (!ready_for_models(options, config->values, context.neural))
    return exit_code::configuration;
  session_options session{.record = options.record,
                          .fresh = options.fresh,
                          .quiet = options.json || !config->values.log.console,
                          .terminal = isatty(STDOUT_FILENO) != 0,
                          .predictions = options.predictions,
                          .loaders = loaders_of(context.neural)};
  if (!options.duration.empty()) {
    auto length = parse_timespan(options.duration);
    if (!length) {
      std::cerr << "qalpha: --for: " << length.error().text << '\n';
      return exit_code::usage;
    }
    session.duration = *length;
  }
  if (options.replay.empty() && !options.predictions.empty()) {
    std::cerr << "qalpha: --predictions: expected --replay with it; other runs "
                 "write predictions.jsonl into their directory\n";
    return exit_code::usage;
  }
  if (!options.replay.empty())
    return report(
      run_replay(config->values, options.replay, session, std::cout),
      options.json);
  auto mode = config->values.mode;
  if (mode != run_mode::demo && mode != run_mode::paper) {
    std::cerr
      << "qalpha: mode: expected \"demo\" or \"paper\" for run, found \""
      << to_string(config->values.mode)
      << "\" (history runs with qalpha backtest)\n";
    return exit_code::configuration;
  }
  return report(run_node(config->values, session, std::cout), options.json);
}

} // namespace

void add_run(verb& program) {
  auto options = std::make_shared<run_options>();
  auto spec = program.add("run",
                          "Runs one node; without a configuration the demo");
  add_config_options(spec, *options);
  spec.text("--run", options->run_dir, "Run directory (default run/demo)");
  spec.number("--seed", options->seed, "Seed of the demo market");
  spec.text("--speed", options->speed,
            "Market seconds a real second, or max for virtual time");
  spec.text("--for", options->duration,
            "Market time after which the run ends, for example 30m");
  spec.flag("--record", options->record,
            "Record the market into the run directory");
  spec.text("--replay", options->replay,
            "Run the market of a recording again, on virtual time");
  spec.text("--predictions", options->predictions,
            "File that takes what models say in a replay");
  spec.flag("--fresh", options->fresh,
            "New run; an old one in the directory is renamed");
  spec.flag("--json", options->json, "Print one JSON object at the end");
  spec.footer("Example: qalpha run --seed 7 --speed max --for 2h");
  spec.action(
    [options, &context = spec.context()] { return run(*options, context); });
}

} // namespace qalpha
