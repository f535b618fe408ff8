// Any bytes as a frame of Bybit: the scanner and the general parser agree.

#include "runtime/venues/bybit/bybit_decoder.hpp"
#include "tests/runtime/venues/venue_fixture.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static qalpha::bybit_decoder decoder{qalpha::test::two_symbols()};
  std::string_view frame{reinterpret_cast<const char*>(data), size};
  if (!qalpha::test::agree(decoder, frame))
    std::abort();
  return 0;
}
