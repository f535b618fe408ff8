#define CAF_SUITE checkpoint_files

#include "models/checkpoints/checkpoint_files.hpp"

#include "models/checkpoints/sha256.hpp"
#include "tests/models/checkpoints/small_model.hpp"

#include <caf/test/unit_test.hpp>

#include <limits>

using namespace qalpha;
using namespace qalpha::test;

namespace {

std::string fault_of(const checkpoint_files& files) {
  auto result = unpack_checkpoint(files);
  return result ? "none" : result.error().text;
}

} // namespace

CAF_TEST(hashes_are_those_of_the_standard) {
  CAF_CHECK_EQUAL(
    sha256_of("abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CAF_CHECK_EQUAL(
    sha256_of(""),
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CAF_CHECK(is_sha256(sha256_of("")));
  CAF_CHECK(!is_sha256(std::string(63, 'a')));
  CAF_CHECK(!is_sha256(std::string(64, 'A')));
}

CAF_TEST(a_checkpoint_reads_back_and_has_one_form) {
  auto files = pack_checkpoint(small_model());
  CAF_REQUIRE(files);
  auto again = unpack_checkpoint(*files);
  CAF_REQUIRE(again);
  CAF_CHECK(*again == small_model());
  CAF_CHECK(*pack_checkpoint(*again) == *files);
}

CAF_TEST(weights_of_another_model_are_refused) {
  auto files = *pack_checkpoint(small_model());
  auto other = *pack_checkpoint(small_model("tft-btc", 2));
  auto mixed = checkpoint_files{files.manifest, other.weights};
  CAF_CHECK_EQUAL(fault_of(mixed), "model.safetensors: expected SHA-256 "
                                     + sha256_of(files.weights) + ", found "
                                     + sha256_of(other.weights));
  CAF_MESSAGE("one bit of one weight is enough");
  auto bent = files;
  bent.weights.back() ^= 1;
  CAF_CHECK(fault_of(bent).find("expected SHA-256") != std::string::npos);
}

CAF_TEST(faults_name_the_file) {
  auto files = *pack_checkpoint(small_model());
  CAF_CHECK_EQUAL(fault_of({"{}", files.weights}),
                  "manifest.json: format: expected it, found none");
  CAF_CHECK_EQUAL(fault_of({files.manifest, "PK\x03\x04 0123456789"}),
                  "model.safetensors: is a zip archive, as torch.save writes "
                  "it, and could hold code; models are read from safetensors "
                  "files only");
  auto broken = small_model();
  broken.tensors[0].values[0] = std::numeric_limits<float>::infinity();
  auto packed = pack_checkpoint(broken);
  CAF_REQUIRE(!packed);
  CAF_CHECK_EQUAL(packed.error().text, "model.safetensors: \"decoder.bias\": "
                                       "value 0 is not finite");
}
