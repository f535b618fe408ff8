#include "models/machine/parameter.hpp"
#include "runtime/cli/models_text.hpp"
#include "runtime/cli/models_verbs.hpp"
#include "runtime/data/wall_clock.hpp"

#include <iostream>
#include <memory>

#include <pwd.h>
#include <unistd.h>

namespace qalpha {

namespace {

struct promote_options : models_options {
  std::string id;
  std::optional<uint64_t> version;
  std::string why;
};

struct rollback_options : models_options {
  std::string role;
  std::string why;
};

/// @returns the name of whoever runs this, as the system knows it.
std::string user_name() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
  auto entry = ::getpwuid(::getuid());
  return entry != nullptr ? entry->pw_name
                          : "user " + std::to_string(::getuid());
}

decision_note note_of(const std::string& why) {
  return {wall_clock_now().ns / 1'000'000, user_name(), why};
}

exit_code say(const models_options& options,
              const fallible<registry_change>& change,
              const std::optional<model_version>& before) {
  if (!change)
    return refuse(options, exit_code::failure, "failed", change.error().text);
  std::cout << (options.json ? change_json(*change) + "\n"
                             : change_text(*change, before));
  return exit_code::ok;
}

exit_code promote(const promote_options& options) {
  auto store = open_store(options);
  if (!store)
    return exit_code::not_found;
  auto version = version_number(*options.version);
  if (!version || !store->has(options.id, *version))
    return refuse_unknown(options, *store, options.id, options.version);
  auto model = store->load(options.id, *version);
  auto registry = store->registry();
  if (!model || !registry)
    return refuse(options, exit_code::gate_failed, "damaged",
                  model ? registry.error().text : model.error().text);
  auto role = find_role(model->model.about.architecture, model_architectures);
  auto before = role ? registry->live(*role) : std::nullopt;
  return say(options,
             store->promote(options.id, *version, note_of(options.why)),
             before);
}

exit_code roll_back(const rollback_options& options) {
  auto role = find_role(options.role);
  if (!role)
    return refuse(options, exit_code::usage, "usage",
                  unknown_name("role", options.role, model_role_names).text);
  auto store = open_store(options);
  if (!store)
    return exit_code::not_found;
  auto registry = store->registry();
  if (!registry)
    return refuse(options, exit_code::gate_failed, "damaged",
                  registry.error().text);
  auto target = registry->before(*role);
  if (!target)
    return refuse(options, exit_code::not_found, "not_found",
                  "no " + options.role + " was live before the present one");
  auto model = store->load(target->id, target->version);
  if (!model)
    return refuse(options, exit_code::gate_failed, "damaged",
                  model.error().text);
  return say(options, store->roll_back(*role, note_of(options.why)),
             registry->live(*role));
}

} // namespace

void add_models_promote(verb& models) {
  auto options = std::make_shared<promote_options>();
  auto spec = models.add("promote", "Makes one version live in its role");
  spec.text("ID", options->id, "The model").required();
  spec.number("VERSION", options->version, "Its version").required();
  spec.text("--why", options->why, "Reason, kept in the history");
  add_models_options(spec, *options);
  spec.footer("All of it is read and checked first; what is live later has to "
              "be the same to the byte.\n"
              "Example: qalpha models promote tft-btc 2 --why \"better "
              "coverage\"");
  spec.action([options] { return promote(*options); });
}

void add_models_rollback(verb& models) {
  auto options = std::make_shared<rollback_options>();
  auto spec = models.add("rollback",
                         "Makes the version live again that was so before");
  spec.text("ROLE", options->role, "forecaster, regimes or policy").required();
  spec.text("--why", options->why, "Reason, kept in the history");
  add_models_options(spec, *options);
  spec.footer("Example: qalpha models rollback forecaster --why \"drift\"");
  spec.action([options] { return roll_back(*options); });
}

} // namespace qalpha
