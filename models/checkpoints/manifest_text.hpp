// The manifest of a model as JSON.

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/machine/fallible.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// Largest text of a manifest.
inline constexpr size_t largest_manifest = 1024 * 1024;

/// A manifest with what binds it to its weights.
struct sealed_manifest {
  manifest about;
  /// SHA-256 of the file of weights.
  std::string weights_sha256;

  friend bool operator==(const sealed_manifest&, const sealed_manifest&)
    = default;
};

/// @returns whether a model may be called so: lower case letters, digits and
///          dashes, 1 to 64.
bool is_model_id(std::string_view x) noexcept;

/// @returns what no program should believe: an unknown architecture, features
///          whose columns have another schema hash today, a scale that does not
///          scale, figures that are not finite.
std::optional<fault> check_manifest(const manifest& x);

/// Equal manifests give equal bytes.
/// @returns a fault for what could not be read again.
fallible<std::string> write_manifest_text(const sealed_manifest& x);

/// @returns a fault "KEY: expected ..., found ..." for a key that is unknown or
///          missing, and for a value that is not of its type or range.
fallible<sealed_manifest> read_manifest_text(std::string_view text);

} // namespace qalpha
