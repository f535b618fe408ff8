#include "runtime/checkpoints/checkpoint_store.hpp"

#include "models/checkpoints/checkpoint_files.hpp"
#include "models/checkpoints/manifest_text.hpp"
#include "models/checkpoints/sha256.hpp"
#include "models/machine/quoted_text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace qalpha {

namespace {

const std::string manifest_name{manifest_file};
const std::string weights_name{weights_file};
const std::string registry_name = "registry.json";
const std::string lock_name = ".lock";

// What a writer that died has left begins so; no version does.
const std::string fresh_name = ".new";

constexpr size_t most_models = 10'000;
constexpr size_t most_versions = 100'000;

/// @returns the version that a directory is called by, or 0.
uint32_t version_of(std::string_view name) noexcept {
  uint32_t result = 0;
  auto end = name.data() + name.size();
  auto [at, code] = std::from_chars(name.data(), end, result);
  auto is_number = code == std::errc{} && at == end && name.front() != '0';
  return is_number && result <= model_registry::largest_version ? result : 0;
}

fallible<std::vector<uint32_t>> versions_in(const folder& model) {
  auto names = model.names(most_versions);
  if (!names)
    return names.error();
  std::vector<uint32_t> result;
  for (const auto& name : *names)
    if (auto version = version_of(name))
      result.push_back(version);
  std::sort(result.begin(), result.end());
  return result;
}

fault no_id(const std::string& id) {
  return {"id: expected 1 to 64 lower case letters, digits and dashes, found "
          + quoted_text(id)};
}

/// Writes both files to a directory that gets its name when they are on disk.
fallible<bool> write_version(const folder& model, uint32_t version,
                             const checkpoint_files& files) {
  model.remove(fresh_name);
  auto fresh = model.create_below(fresh_name);
  if (!fresh)
    return fresh.error();
  auto done = fresh->write(weights_name, files.weights);
  if (done)
    done = fresh->write(manifest_name, files.manifest);
  if (done)
    done = fresh->sync();
  if (done)
    done = model.rename(fresh_name, std::to_string(version));
  if (!done)
    model.remove(fresh_name);
  return done;
}

fault in_manifest(const folder& place, const fault& reason) {
  return {place.path() + "/" + manifest_name + ": " + reason.text};
}

fault in_folder(const folder& place, const fault& reason) {
  return {place.path() + "/" + reason.text};
}

} // namespace

checkpoint_store::checkpoint_store(folder root) : root_(std::move(root)) {
  // nop
}

fallible<checkpoint_store> checkpoint_store::open(const std::string& path) {
  auto root = folder::open(path);
  if (!root)
    return root.error();
  return checkpoint_store{std::move(*root)};
}

fallible<checkpoint_store> checkpoint_store::create(const std::string& path) {
  auto root = folder::create(path);
  if (!root)
    return root.error();
  return checkpoint_store{std::move(*root)};
}

bool checkpoint_store::has(const std::string& id, uint32_t version) const {
  if (!is_model_id(id) || version == 0)
    return false;
  auto model = root_.open_below(id);
  return model && model->has(std::to_string(version));
}

fallible<std::vector<uint32_t>>
checkpoint_store::versions_of(const std::string& id) const {
  if (!is_model_id(id))
    return no_id(id);
  if (!root_.has(id))
    return std::vector<uint32_t>{};
  auto model = root_.open_below(id);
  if (!model)
    return model.error();
  return versions_in(*model);
}

fallible<model_version> checkpoint_store::save(const checkpoint& model) const {
  auto files = pack_checkpoint(model);
  if (!files)
    return files.error();
  auto alone = root_.lock(lock_name);
  if (!alone)
    return alone.error();
  auto place = root_.create_below(model.about.id);
  if (!place)
    return place.error();
  auto versions = versions_in(*place);
  if (!versions)
    return versions.error();
  auto version = versions->empty() ? 1 : versions->back() + 1;
  if (version > model_registry::largest_version)
    return fault{place->path() + ": there is no number left for a version"};
  if (auto done = write_version(*place, version, *files); !done)
    return done.error();
  return model_version{model.about.id, version, sha256_of(files->manifest)};
}

fallible<stored_checkpoint> checkpoint_store::load(const std::string& id,
                                                   uint32_t version) const {
  auto place = place_of(id, version);
  if (!place)
    return place.error();
  auto manifest = place->read(manifest_name, largest_manifest);
  if (!manifest)
    return manifest.error();
  auto weights = place->read(weights_name, largest_weights);
  if (!weights)
    return weights.error();
  checkpoint_files files{std::move(*manifest), std::move(*weights)};
  auto result = unpack_checkpoint(files);
  if (!result)
    return in_folder(*place, result.error());
  if (result->about.id != id)
    return in_manifest(*place, {"id: expected \"" + id + "\", found \""
                                + result->about.id + "\""});
  return stored_checkpoint{{id, version, sha256_of(files.manifest)},
                           std::move(*result)};
}

fallible<stored_checkpoint>
checkpoint_store::load_approved(const model_version& version,
                                model_role role) const {
  auto result = load(version.id, version.version);
  if (!result)
    return result;
  auto place = path() + "/" + version.id + "/"
               + std::to_string(version.version);
  if (result->version != version)
    return fault{place + ": is not what was approved: expected SHA-256 "
                 + version.sha256 + ", found " + result->version.sha256};
  const auto& architecture = result->model.about.architecture;
  if (find_role(architecture, model_architectures) != role)
    return fault{place + ": a " + architecture + " is no "
                 + std::string{to_string(role)}};
  return result;
}

fallible<std::optional<stored_checkpoint>>
checkpoint_store::load_live(model_role role) const {
  auto decided = registry();
  if (!decided)
    return decided.error();
  auto live = decided->live(role);
  if (!live)
    return std::optional<stored_checkpoint>{};
  auto result = load_approved(*live, role);
  if (!result)
    return result.error();
  return std::optional{std::move(*result)};
}

fallible<folder> checkpoint_store::place_of(const std::string& id,
                                            uint32_t version) const {
  if (!is_model_id(id))
    return no_id(id);
  auto model = root_.open_below(id);
  if (!model)
    return model;
  return model->open_below(std::to_string(version));
}

stored_model checkpoint_store::describe(const std::string& id, uint32_t version,
                                        const model_registry& decided) const {
  stored_model result;
  result.version = {id, version, {}};
  result.state = decided.state_of(id, version);
  auto place = place_of(id, version);
  if (!place) {
    result.problem = place.error().text;
    return result;
  }
  auto text = place->read(manifest_name, largest_manifest);
  if (!text) {
    result.problem = text.error().text;
    return result;
  }
  result.version.sha256 = sha256_of(*text);
  auto sealed = read_manifest_text(*text);
  if (sealed)
    result.about = std::move(sealed->about);
  else
    result.problem = in_manifest(*place, sealed.error()).text;
  return result;
}

fallible<std::vector<stored_model>> checkpoint_store::list() const {
  auto decided = registry();
  if (!decided)
    return decided.error();
  auto ids = root_.names(most_models);
  if (!ids)
    return ids.error();
  std::vector<stored_model> result;
  for (const auto& id : *ids) {
    if (!is_model_id(id))
      continue;
    auto versions = versions_of(id);
    if (!versions)
      return versions.error();
    for (auto version : *versions)
      result.push_back(describe(id, version, *decided));
  }
  return result;
}

fallible<model_registry> checkpoint_store::registry() const {
  if (!root_.has(registry_name))
    return model_registry{};
  auto text = root_.read(registry_name, largest_registry);
  if (!text)
    return text.error();
  auto result = model_registry::read(*text);
  if (!result)
    return fault{path() + "/" + registry_name + ": " + result.error().text};
  return result;
}

// -- decisions
// -----------------------------------------------------------------

fallible<registry_change>
checkpoint_store::promote(const std::string& id, uint32_t version,
                          const decision_note& note) const {
  auto stored = load(id, version);
  if (!stored)
    return stored.error();
  // `load` knows no other architectures.
  auto role = *find_role(stored->model.about.architecture, model_architectures);
  auto alone = root_.lock(lock_name);
  if (!alone)
    return alone.error();
  auto decided = registry();
  if (!decided)
    return decided.error();
  if (auto done = decided->promote(role, stored->version, note); !done)
    return done.error();
  if (auto done = root_.replace(registry_name, decided->text()); !done)
    return done.error();
  return decided->history().back();
}

fallible<registry_change>
checkpoint_store::roll_back(model_role role, const decision_note& note) const {
  auto alone = root_.lock(lock_name);
  if (!alone)
    return alone.error();
  auto decided = registry();
  if (!decided)
    return decided.error();
  auto target = decided->roll_back(role, note);
  if (!target)
    return target.error();
  if (auto sound = load_approved(*target, role); !sound)
    return sound.error();
  if (auto done = root_.replace(registry_name, decided->text()); !done)
    return done.error();
  return decided->history().back();
}

} // namespace qalpha
