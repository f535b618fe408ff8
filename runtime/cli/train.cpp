#include "runtime/checkpoints/checkpoint_store.hpp"
#include "runtime/cli/neural_program.hpp"
#include "runtime/cli/verb.hpp"
#include "runtime/data/wall_clock.hpp"
#include "runtime/node/frame_clock.hpp"
#include "runtime/reports/latent_files.hpp"
#include "runtime/training/neural_support.hpp"
#include "runtime/training/train_config.hpp"
#include "runtime/training/train_data.hpp"
#include "runtime/training/train_json.hpp"
#include "runtime/training/train_progress.hpp"
#include "runtime/training/train_run.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <memory>

#include <unistd.h>

namespace qalpha {

namespace {

struct train_options {
  model_kind kind = model_kind::forecast;
  std::string config;
  std::optional<uint64_t> seed;
  std::string out;
  std::string models;
  bool resume = false;
  bool json = false;
  std::optional<uint64_t> threads;
  std::optional<uint64_t> rank;
  std::optional<uint64_t> world;
  std::string meeting;
  std::string address = "127.0.0.1";
  double save_every = 30;
};

exit_code fail(const std::string& why, exit_code how) {
  std::cerr << "qalpha: " << why << '\n';
  return how;
}

fallible<std::shared_ptr<all_reduce>>
find_others(const train_options& options, const neural_support& neural) {
  auto world = options.world.value_or(1);
  auto rank = options.rank.value_or(0);
  if (world == 1)
    return std::shared_ptr<all_reduce>{};
  if (world == 0 || world > 1'024 || rank >= world || options.meeting.empty())
    return fault{
      "--world: expected --rank below it and --meet with the file or "
      "the address where the processes meet"};
  return neural.join({rank, world, options.meeting, options.address});
}

fallible<std::unique_ptr<training_job>>
make_job(const train_config& config, const train_data& data,
         const neural_support& neural, std::shared_ptr<all_reduce> together) {
  switch (config.kind) {
    case model_kind::forecast:
      return neural.train_forecast(config.forecast, data.history,
                                   std::move(together));
    case model_kind::regime:
      return neural.train_regimes(config.regimes, data.history, data.truth,
                                  std::move(together));
    case model_kind::policy:
      return neural.train_policy(config.policy, data.history,
                                 std::move(together));
  }
  return fault{"unknown kind of model"};
}

/// Adds what only the generator of a market knows.
void add_truth(const train_config& config, training_result& result) {
  if (config.kind != model_kind::forecast || !config.data.signal)
    return;
  std::vector<double> attainable;
  double sum = 0;
  for (size_t h = 1; h <= config.forecast.windows.horizon; ++h) {
    attainable.push_back(attainable_correlation(*config.data.signal, h));
    sum += attainable.back();
  }
  result.figures["attainable_correlation"]
    = sum / static_cast<double>(attainable.size());
  result.lists["attainable_by_distance"] = std::move(attainable);
}

void print_figures(const training_result& result) {
  for (const auto& [name, value] : result.figures)
    std::cout << fmt::format("  {:<28} {:.6g}\n", name, value);
  for (const auto& [name, values] : result.lists) {
    std::cout << fmt::format("  {:<28}", name);
    for (auto value : values)
      std::cout << fmt::format(" {:.4f}", value);
    std::cout << '\n';
  }
}

class training {
public:
  training(const train_options& options, const neural_support& neural)
    : options_(options), neural_(neural) {
    // nop
  }

  exit_code run() {
    auto config = read_train_config(options_.config, options_.kind,
                                    options_.seed);
    if (!config)
      return fail(config.error().text, exit_code::configuration);
    auto data = load_train_data(config->data, config->interval);
    if (!data)
      return fail(data.error().text, exit_code::gate_failed);
    if (!prepare_directory())
      return exit_code::usage;
    neural_.keep_memory();
    neural_.use_threads(static_cast<int>(options_.threads.value_or(1)));
    auto together = find_others(options_, neural_);
    if (!together)
      return fail(together.error().text, exit_code::usage);
    auto job = make_job(*config, *data, neural_, *together);
    if (!job)
      return fail(options_.config + ": " + job.error().text,
                  exit_code::gate_failed);
    return train(*config, **job);
  }

private:
  bool is_first() const {
    return options_.rank.value_or(0) == 0;
  }

  /// @returns `false` after saying what is wrong.
  bool prepare_directory() {
    std::error_code code;
    std::filesystem::create_directories(options_.out, code);
    if (code) {
      fail(options_.out + ": cannot be made: " + code.message(),
           exit_code::usage);
      return false;
    }
    state_ = options_.out + "/training.state";
    if (options_.resume || !is_first()
        || !std::filesystem::exists(state_, code))
      return true;
    fail(state_
           + ": a training has not ended there; add --resume to go on with it, "
             "or choose another --out",
         exit_code::usage);
    return false;
  }

  exit_code train(const train_config& config, training_job& job) {
    train_run_settings settings;
    settings.state_file = state_;
    settings.writes_state = is_first();
    settings.fingerprint = config.fingerprint;
    settings.resume = options_.resume;
    settings.save_every = std::chrono::milliseconds{
      static_cast<int64_t>(options_.save_every * 1'000)};
    block_stop_signals();
    frame_clock signals{0};
    settings.wants_to_stop = [&] { return signals.wait(timespan{0}); };
    auto begin = std::chrono::steady_clock::now();
    auto outcome = watched_run(job, settings);
    if (!outcome)
      return fail(outcome.error().text, exit_code::failure);
    if (!is_first())
      return exit_code::ok;
    if (!outcome->result)
      return say_how_to_go_on(outcome->steps);
    auto time = std::chrono::steady_clock::now() - begin;
    outcome->result->figures["seconds"]
      = std::chrono::duration<double>(time).count();
    outcome->result->figures["steps"] = static_cast<double>(outcome->steps);
    return finish(config, *outcome->result);
  }

  /// Only the first of several processes says anything.
  fallible<train_outcome> watched_run(training_job& job,
                                      const train_run_settings& settings) {
    if (!is_first())
      return run_training(job, settings, {});
    auto events = neural_.watch(options_.out + "/events");
    if (!events)
      return events.error();
    train_progress progress{std::cerr, isatty(STDERR_FILENO) != 0};
    train_observer* observers[] = {&progress, events->get()};
    return run_training(job, settings, observers);
  }

  exit_code say_how_to_go_on(uint64_t steps) {
    std::cerr << fmt::format(
      "qalpha: stopped after step {}; to go on: qalpha "
      "train {} {} --resume --out {}{}\n",
      steps, to_string(options_.kind), options_.config, options_.out,
      options_.seed ? fmt::format(" --seed {}", *options_.seed) : "");
    return exit_code::partial;
  }

  exit_code finish(const train_config& config, training_result& result) {
    add_truth(config, result);
    auto& about = result.model.about;
    about.id = config.id;
    about.commit = QALPHA_COMMIT;
    about.trained_at_ms = wall_clock_now().ns / 1'000'000;
    about.metrics = result.figures;
    auto store = checkpoint_store::create(options_.models);
    if (!store)
      return fail(store.error().text, exit_code::failure);
    auto version = store->save(result.model);
    if (!version)
      return fail(version.error().text, exit_code::failure);
    std::map<std::string, std::string> texts{
      {"model", std::string{to_string(config.kind)}},
      {"id", version->id},
      {"sha256", version->sha256},
      {"models", options_.models}};
    auto problem = draw_latents(config.id, result, texts);
    if (options_.json)
      std::cout << train_json(texts, result) << std::endl;
    else
      print_figures(result);
    std::cerr << fmt::format("qalpha: kept as {} version {} in {}\n",
                             version->id, version->version, options_.models);
    if (problem)
      return fail(problem->text, exit_code::failure);
    return exit_code::ok;
  }

  /// Writes where rows lie in the latent space, if the model has one.
  /// @param texts learn where it is
  std::optional<fault> draw_latents(const std::string& id,
                                    const training_result& result,
                                    std::map<std::string, std::string>& texts) {
    if (!result.view.latents)
      return std::nullopt;
    auto files = write_latent_files(*result.view.latents, id, options_.out);
    if (!files)
      return files.error();
    texts["latent_svg"] = files->svg;
    texts["latent_png"] = files->png;
    texts["latent_csv"] = files->csv;
    std::cerr << fmt::format("qalpha: latent space in {} and {}, its points in "
                             "{}\n",
                             files->svg, files->png, files->csv);
    return std::nullopt;
  }

  const train_options& options_;
  const neural_support& neural_;
  std::string state_;
};

exit_code run(train_options options, const program_context& context) {
  if (context.neural == nullptr)
    return become_neural_program(context.arguments);
  if (options.out.empty())
    options.out = "run/train-" + std::string{to_string(options.kind)};
  if (options.models.empty())
    options.models = options.out + "/models";
  return training{options, *context.neural}.run();
}

void add_kind(verb& train, model_kind kind, const std::string& help) {
  auto options = std::make_shared<train_options>();
  options->kind = kind;
  std::string name{to_string(kind)};
  auto spec = train.add(name, help);
  spec.text("CONFIG", options->config, "JSON file with the data and the model")
    .required();
  spec.number("--seed", options->seed,
              "Seed of weights, order and planted markets");
  spec.text("--out", options->out,
            "Directory of the state and the result (default: run/train-" + name
              + ")");
  spec.text("--models", options->models,
            "Directory where models are kept (default: models in --out)");
  spec.flag("--resume", options->resume, "Go on with a training that stopped");
  spec.flag("--json", options->json, "End with one JSON object");
  spec.number("--threads", options->threads,
              "Threads of the calculations (default: 1)");
  spec.number("--save-every", options->save_every,
              "Seconds between two states (default: 30)");
  spec.number("--world", options->world, "Processes that train together");
  spec.number("--rank", options->rank, "Number of this one, from 0");
  spec.text("--meet", options->meeting,
            "Where they meet: a new file, or tcp://HOST:PORT of the first");
  spec.text("--address", options->address,
            "Address of this machine for the others");
  spec.footer(
    "Exit 9: stopped by a signal, the state is kept.\nExample: qalpha "
    "train "
    + name + " configs/train-planted.json --seed 1 --json");
  spec.action(
    [options, &context = train.context()] { return run(*options, context); });
}

} // namespace

void add_train(verb& program) {
  auto train = program.add("train", "Trains a model on a history");
  add_kind(train, model_kind::forecast,
           "Temporal fusion transformer: quantiles of what comes");
  add_kind(train, model_kind::regime,
           "Contrastive autoencoder: kinds of market");
  add_kind(train, model_kind::policy,
           "Decision transformer: positions for a wanted return");
}

} // namespace qalpha
