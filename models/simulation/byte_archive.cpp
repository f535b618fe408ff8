#include "models/simulation/byte_archive.hpp"

namespace qalpha {

namespace {

// FNV-1a: the bytes are ours, so the checksum is against torn files, not
// against people.
uint64_t checksum(std::string_view bytes) {
  uint64_t result = 14695981039346656037u;
  for (auto c : bytes) {
    result ^= static_cast<unsigned char>(c);
    result *= 1099511628211u;
  }
  return result;
}

} // namespace

std::string byte_writer::sealed() const {
  byte_writer header;
  header(checksum(bytes_));
  return header.bytes_ + bytes_;
}

byte_reader::byte_reader(std::string_view sealed) : bytes_(sealed) {
  uint64_t expected = 0;
  get(expected);
  if (expected != checksum(bytes_))
    intact_ = false;
}

} // namespace qalpha
