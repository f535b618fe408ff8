// The verbs below qalpha models, and what they share.

#pragma once

#include "models/market/time.hpp"
#include "runtime/checkpoints/checkpoint_store.hpp"
#include "runtime/cli/verb.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

void add_models_list(verb& models);
void add_models_show(verb& models);
void add_models_picture(verb& models);
void add_models_promote(verb& models);
void add_models_rollback(verb& models);

/// Options of all of them.
struct models_options {
  std::string directory = "checkpoints";
  bool json = false;
};

/// Adds --dir and --json.
void add_models_options(verb& spec, models_options& options);

/// Says what went wrong.
/// @param word names the kind of failure for programs
/// @returns `exit`
exit_code refuse(const models_options& options, exit_code exit,
                 std::string_view word, const std::string& text);

/// @returns `nullopt` after having said that there is no such directory.
std::optional<checkpoint_store> open_store(const models_options& options);

/// Says that there is no such version, and what there is instead.
exit_code refuse_unknown(const models_options& options,
                         const checkpoint_store& store, const std::string& id,
                         std::optional<uint64_t> version);

/// @returns the number as one of a version, or `nullopt`.
std::optional<uint32_t> version_number(uint64_t given);

/// @returns the version that was asked for, by default the newest; `nullopt` if
///          there can be none.
std::optional<uint32_t> wanted_version(const checkpoint_store& store,
                                       const std::string& id,
                                       std::optional<uint64_t> version);

} // namespace qalpha
