#include "runtime/cli/models_text.hpp"
#include "runtime/cli/models_verbs.hpp"
#include "runtime/data/wall_clock.hpp"

#include <iostream>
#include <memory>

namespace qalpha {

namespace {

struct show_options : models_options {
  std::string id;
  std::optional<uint64_t> version;
};

exit_code list(const models_options& options) {
  auto store = open_store(options);
  if (!store)
    return exit_code::not_found;
  auto models = store->list();
  if (!models)
    return refuse(options, exit_code::gate_failed, "damaged",
                  models.error().text);
  auto now = wall_clock_now();
  std::cout << (options.json ? models_json(*models, now) + "\n"
                             : models_text(*models, now));
  return exit_code::ok;
}

exit_code show(const show_options& options) {
  auto store = open_store(options);
  if (!store)
    return exit_code::not_found;
  auto version = wanted_version(*store, options.id, options.version);
  if (!version || !store->has(options.id, *version))
    return refuse_unknown(options, *store, options.id, options.version);
  auto model = store->load(options.id, *version);
  auto registry = store->registry();
  if (!model || !registry)
    return refuse(options, exit_code::gate_failed, "damaged",
                  model ? registry.error().text : model.error().text);
  auto now = wall_clock_now();
  std::cout << (options.json ? model_json(*model, *registry, now) + "\n"
                             : model_text(*model, *registry, now));
  return exit_code::ok;
}

} // namespace

void add_models_list(verb& models) {
  auto options = std::make_shared<models_options>();
  auto spec = models.add("list", "Lists all versions of all models");
  add_models_options(spec, *options);
  spec.footer("A candidate was never approved; one version is live in each "
              "role.\nExample: qalpha models list --dir checkpoints");
  spec.action([options] { return list(*options); });
}

void add_models_show(verb& models) {
  auto options = std::make_shared<show_options>();
  auto spec = models.add("show", "Reads and checks one version, and says what "
                                 "is known about it");
  spec.text("ID", options->id, "The model").required();
  spec.number("VERSION", options->version, "Its version (default: the newest)");
  add_models_options(spec, *options);
  spec.footer("Exit code 8 if the model is damaged or its features are not "
              "those of this program.\nExample: qalpha models show tft-btc 2");
  spec.action([options] { return show(*options); });
}

} // namespace qalpha
