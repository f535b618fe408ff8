// Any bytes as parts of a raw recording: what is read is what was written.

#include "runtime/storage/raw/raw_format.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace qalpha;
  std::string_view bytes{reinterpret_cast<const char*>(data), size};
  if (auto start = decode_segment_start(bytes); start && *start)
    if ((*start)->size > size)
      std::abort();
  if (auto head = decode_block_header(bytes)) {
    auto again = encode(*head);
    if (bytes.substr(0, again.size())
        != std::string_view{again.data(), again.size()})
      std::abort();
  }
  // The records of a block whose checksum was right by chance.
  auto rest = bytes;
  while (auto record = take_record(rest)) {
    if (!fits(*record))
      std::abort();
    std::string again;
    append_to(again, *record);
    if (again.size() != encoded_size(*record))
      std::abort();
    auto taken = bytes.substr(0, bytes.size() - rest.size());
    if (!taken.ends_with(again))
      std::abort();
  }
  return 0;
}
