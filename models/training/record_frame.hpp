// Records in a file so that a reader knows where one ends and whether it is
// whole:
//
//   8 bytes   length of the data, little-endian
//   4 bytes   masked CRC-32C of the length
//   data
//   4 bytes   masked CRC-32C of the data

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace qalpha {

/// @returns the checksum of Castagnoli.
uint32_t crc32c_of(std::string_view bytes) noexcept;

/// @returns a checksum such that data which hold checksums have a good one,
/// too.
constexpr uint32_t masked(uint32_t crc) noexcept {
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

/// @returns the data in their frame.
std::string framed(std::string_view data);

} // namespace qalpha
