#include "models/checkpoints/checkpoint_files.hpp"

#include "models/checkpoints/manifest_text.hpp"
#include "models/checkpoints/safetensors.hpp"
#include "models/checkpoints/sha256.hpp"

namespace qalpha {

namespace {

fault in_file(std::string_view name, const fault& reason) {
  return {std::string{name} + ": " + reason.text};
}

} // namespace

fallible<checkpoint_files> pack_checkpoint(const checkpoint& x) {
  auto weights = write_safetensors(x.tensors);
  if (!weights)
    return in_file(weights_file, weights.error());
  auto manifest = write_manifest_text({x.about, sha256_of(*weights)});
  if (!manifest)
    return in_file(manifest_file, manifest.error());
  return checkpoint_files{std::move(*manifest), std::move(*weights)};
}

fallible<checkpoint> unpack_checkpoint(const checkpoint_files& files) {
  auto sealed = read_manifest_text(files.manifest);
  if (!sealed)
    return in_file(manifest_file, sealed.error());
  auto tensors = read_safetensors(files.weights);
  if (!tensors)
    return in_file(weights_file, tensors.error());
  // After the bounds, whose faults say more about a file that is none of ours.
  auto hash = sha256_of(files.weights);
  if (hash != sealed->weights_sha256)
    return fault{std::string{weights_file} + ": expected SHA-256 "
                 + sealed->weights_sha256 + ", found " + hash};
  return checkpoint{std::move(sealed->about), std::move(*tensors)};
}

} // namespace qalpha
