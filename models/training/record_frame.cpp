#include "models/training/record_frame.hpp"

#include <boost/crc.hpp>

#include <type_traits>

namespace qalpha {

namespace {

template <class Number>
void append_little_endian(std::string& to, Number x) {
  static_assert(std::is_unsigned_v<Number>);
  for (size_t i = 0; i < sizeof(Number); ++i)
    to += static_cast<char>(static_cast<uint8_t>(x >> (8 * i)));
}

} // namespace

uint32_t crc32c_of(std::string_view bytes) noexcept {
  boost::crc_optimal<32, 0x1edc6f41, 0xffffffff, 0xffffffff, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

std::string framed(std::string_view data) {
  std::string result;
  append_little_endian(result, uint64_t{data.size()});
  append_little_endian(result, masked(crc32c_of(result)));
  result += data;
  append_little_endian(result, masked(crc32c_of(data)));
  return result;
}

} // namespace qalpha
