// A checkpoint as the two files that are kept of it.

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/machine/fallible.hpp"

#include <string>
#include <string_view>

namespace qalpha {

inline constexpr std::string_view manifest_file = "manifest.json";
inline constexpr std::string_view weights_file = "model.safetensors";

/// The bytes of both. SHA-256 of `manifest` names the checkpoint: it covers the
/// weights by their hash, and the metrics, on which a person decided.
struct checkpoint_files {
  std::string manifest;
  std::string weights;

  friend bool operator==(const checkpoint_files&, const checkpoint_files&)
    = default;
};

/// Equal checkpoints give equal bytes.
/// @returns a fault for what could not be read again.
fallible<checkpoint_files> pack_checkpoint(const checkpoint& x);

/// @returns the checkpoint, its tensors sorted by name, or a fault beginning
///          with the name of the file: also when the weights are not those of
///          the manifest, or the features are not those it was trained on.
fallible<checkpoint> unpack_checkpoint(const checkpoint_files& files);

} // namespace qalpha
