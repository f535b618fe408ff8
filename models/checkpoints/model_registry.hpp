// Which version of which model is live, and who decided so.

#pragma once

#include "models/checkpoints/model_role.hpp"
#include "models/machine/fallible.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// One version of one model.
struct model_version {
  std::string id;
  /// From 1.
  uint32_t version = 0;
  /// Of its manifest, and so of all of it.
  std::string sha256;

  friend bool operator==(const model_version&, const model_version&) = default;
};

/// Who decided when and why.
struct decision_note {
  int64_t at_ms = 0;
  std::string who;
  /// May be empty.
  std::string why;

  friend bool operator==(const decision_note&, const decision_note&) = default;
};

/// One decision about a role.
struct registry_change {
  decision_note note;
  /// Else it is a promotion.
  bool is_rollback = false;
  model_role role = model_role::forecaster;
  /// Live from then on.
  model_version model;

  friend bool operator==(const registry_change&, const registry_change&)
    = default;
};

/// Largest text of a registry.
inline constexpr size_t largest_registry = 4 * 1024 * 1024;

/// The decisions and what follows from them. Every state is one of the history,
/// so nothing can contradict it.
class model_registry final {
public:
  /// Promotions; beyond them only rollbacks are taken, as many as half of it.
  static constexpr size_t most_changes = 4000;

  static constexpr uint32_t largest_version = 1'000'000;

  /// Reads strictly what `text` returned.
  static fallible<model_registry> read(std::string_view text);

  std::string text() const;

  const std::vector<registry_change>& history() const noexcept {
    return history_;
  }

  /// @returns the version that trades, if there is one.
  std::optional<model_version> live(model_role role) const;

  /// @returns the version that traded before it, to which a rollback leads.
  std::optional<model_version> before(model_role role) const;

  model_state state_of(const std::string& id, uint32_t version) const;

  /// Makes a version live in its role.
  /// @returns a fault if it is live already, or the note is no clean text.
  fallible<bool> promote(model_role role, const model_version& model,
                         const decision_note& note);

  /// Makes the version live that was so before the present one.
  /// @returns it, or a fault if there is none.
  fallible<model_version> roll_back(model_role role, const decision_note& note);

private:
  std::optional<fault> apply(registry_change change);

  std::vector<registry_change> history_;
  // By role: the live version last, below it those that a rollback leads to.
  std::array<std::vector<model_version>, model_role_count> stacks_;
};

} // namespace qalpha
