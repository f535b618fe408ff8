// Trained models on disk:
//
//   DIR/ID/VERSION/manifest.json       never changed once they are there
//   DIR/ID/VERSION/model.safetensors
//   DIR/registry.json                  which versions are live, and why

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/checkpoints/model_registry.hpp"
#include "runtime/checkpoints/folder.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace qalpha {

/// Largest file of weights that is read.
inline constexpr size_t largest_weights = 512 * 1024 * 1024;

/// A checkpoint with the version it has in the store.
struct stored_checkpoint {
  model_version version;
  checkpoint model;
};

/// One version as a list shows it, without its weights.
struct stored_model {
  model_version version;
  model_state state = model_state::candidate;
  /// Empty if it cannot be read; `problem` then says why.
  std::optional<manifest> about;
  std::string problem;
};

/// A directory of models. Every reader sees whole versions only; writers
/// exclude each other by a lock, across processes. What a version holds is read
/// once, and what was hashed is what is used.
class checkpoint_store final {
public:
  /// @returns a fault if there is no such directory.
  static fallible<checkpoint_store> open(const std::string& path);

  /// As above, but makes it if it is missing.
  static fallible<checkpoint_store> create(const std::string& path);

  const std::string& path() const noexcept {
    return root_.path();
  }

  /// @returns whether there is such a version; of a name that is no id:
  /// `false`.
  bool has(const std::string& id, uint32_t version) const;

  /// @returns the versions of a model, rising; none of an unknown one.
  fallible<std::vector<uint32_t>> versions_of(const std::string& id) const;

  /// Stores a new version.
  /// @returns its number and hash, or a fault; then nothing has changed.
  fallible<model_version> save(const checkpoint& model) const;

  /// @returns a fault that names the file if anything about it is wrong.
  fallible<stored_checkpoint> load(const std::string& id,
                                   uint32_t version) const;

  /// Loads the version that was made live in a role, provided that it is to the
  /// byte what was approved, and that its architecture fits the role.
  /// @returns `nullopt` if no version is live.
  fallible<std::optional<stored_checkpoint>> load_live(model_role role) const;

  /// @returns all versions by id and number, damaged ones too.
  fallible<std::vector<stored_model>> list() const;

  fallible<model_registry> registry() const;

  // -- decisions
  // ---------------------------------------------------------------

  /// Makes a version live in the role of its architecture, once all of it has
  /// been read and found right.
  fallible<registry_change> promote(const std::string& id, uint32_t version,
                                    const decision_note& note) const;

  /// Makes the version live that was so before, under the same condition.
  fallible<registry_change> roll_back(model_role role,
                                      const decision_note& note) const;

private:
  explicit checkpoint_store(folder root);

  fallible<folder> place_of(const std::string& id, uint32_t version) const;

  stored_model describe(const std::string& id, uint32_t version,
                        const model_registry& registry) const;

  fallible<stored_checkpoint> load_approved(const model_version& version,
                                            model_role role) const;

  folder root_;
};

} // namespace qalpha
