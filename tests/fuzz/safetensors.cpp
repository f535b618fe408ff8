// Any bytes as a file of tensors: what is read is what is written again.

#include "models/checkpoints/safetensors.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace qalpha;
  std::string_view bytes{reinterpret_cast<const char*>(data), size};
  auto tensors = read_safetensors(bytes);
  if (!tensors)
    return 0;
  size_t numbers = 0;
  for (const auto& x : *tensors)
    numbers += x.values.size();
  // Two bytes are the smallest number.
  if (numbers * 2 > size)
    std::abort();
  auto written = write_safetensors(*tensors);
  if (!written)
    std::abort();
  auto again = read_safetensors(*written);
  if (!again || again->size() != tensors->size()
      || *write_safetensors(*again) != *written)
    std::abort();
  return 0;
}
