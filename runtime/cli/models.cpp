// qalpha models: verbs about trained models and which of them are live.

#include "models/checkpoints/manifest_text.hpp"
#include "models/machine/parameter.hpp"
#include "models/machine/quoted_text.hpp"
#include "runtime/cli/models_verbs.hpp"
#include "runtime/node/control_answers.hpp"

#include <filesystem>
#include <iostream>

namespace qalpha {

void add_models(verb& program) {
  auto models = program.add("models",
                            "Lists trained models and decides which are live");
  add_models_list(models);
  add_models_show(models);
  add_models_picture(models);
  add_models_promote(models);
  add_models_rollback(models);
  models.footer("Example: qalpha models list\n"
                "Every verb has its own help: qalpha models promote --help");
}

void add_models_options(verb& spec, models_options& options) {
  spec.text("--dir", options.directory,
            "Where the models are (default checkpoints)");
  spec.flag("--json", options.json, "Print one JSON object");
}

exit_code refuse(const models_options& options, exit_code exit,
                 std::string_view word, const std::string& text) {
  if (options.json)
    std::cout << failure_reply(word, text) << '\n';
  else
    std::cerr << "qalpha: " << text << '\n';
  return exit;
}

std::optional<checkpoint_store> open_store(const models_options& options) {
  auto store = checkpoint_store::open(options.directory);
  if (store)
    return std::move(*store);
  (void)refuse(options, exit_code::not_found, "not_found",
               store.error().text + "; qalpha train makes models");
  return std::nullopt;
}

exit_code refuse_unknown(const models_options& options,
                         const checkpoint_store& store, const std::string& id,
                         std::optional<uint64_t> version) {
  auto say = [&](const std::string& text) {
    return refuse(options, exit_code::not_found, "not_found",
                  options.directory + ": " + text);
  };
  auto versions = store.versions_of(id);
  if (versions && !versions->empty() && version)
    return say(quoted_text(id) + " has no version " + std::to_string(*version)
               + ", its newest is " + std::to_string(versions->back()));
  auto list = store.list();
  if (!list)
    return refuse(options, exit_code::gate_failed, "damaged",
                  list.error().text);
  std::vector<std::string_view> known;
  for (const auto& x : *list)
    if (known.empty() || known.back() != x.version.id)
      known.push_back(x.version.id);
  return say(
    unknown_name("model", std::string_view{id}.substr(0, 64), known).text);
}

std::optional<uint32_t> version_number(uint64_t given) {
  if (given < 1 || given > model_registry::largest_version)
    return std::nullopt;
  return static_cast<uint32_t>(given);
}

std::optional<uint32_t> wanted_version(const checkpoint_store& store,
                                       const std::string& id,
                                       std::optional<uint64_t> version) {
  if (version)
    return version_number(*version);
  auto versions = store.versions_of(id);
  if (!versions || versions->empty())
    return std::nullopt;
  return versions->back();
}

} // namespace qalpha
