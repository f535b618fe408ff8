#include "runtime/storage/raw/raw_format.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <system_error>

#include <zlib.h>

namespace qalpha {

namespace {

// A byte that is no text and line ends that a careless copy would translate.
constexpr std::string_view segment_magic{"\x89QRAW\r\n\x1a", 8};

// Magic, version and size, and the checksum of these.
constexpr size_t counted = 16;
constexpr size_t preamble = counted + sizeof(uint32_t);

// Thousands of instruments fit.
constexpr uint32_t largest_header = 4u << 20;

constexpr std::string_view segment_suffix = ".qraw";

template <class T>
char* put(char* out, T value) noexcept {
  auto bits = static_cast<uint64_t>(value);
  for (size_t i = 0; i < sizeof(T); ++i)
    *out++ = static_cast<char>(bits >> (8 * i) & 0xFF);
  return out;
}

template <class T>
const char* get(const char* in, T& value) noexcept {
  uint64_t bits = 0;
  for (size_t i = 0; i < sizeof(T); ++i)
    bits |= uint64_t{static_cast<unsigned char>(*in++)} << (8 * i);
  value = static_cast<T>(bits);
  return in;
}

} // namespace

uint32_t raw_checksum(std::string_view bytes) noexcept {
  return static_cast<uint32_t>(
    crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

// -- segments -----------------------------------------------------------------

std::string encode(const raw_segment_header& header) {
  byte_writer out;
  out(header);
  auto body = out.sealed();
  std::array<char, preamble> front{};
  auto at = std::copy(segment_magic.begin(), segment_magic.end(),
                      front.begin());
  at = put(put(at, raw_version), static_cast<uint32_t>(body.size()));
  put(at, raw_checksum({front.data(), counted}));
  return std::string{front.data(), front.size()} + body;
}

std::optional<fallible<raw_segment_start>>
decode_segment_start(std::string_view bytes) {
  auto known = std::min(bytes.size(), segment_magic.size());
  if (bytes.substr(0, known) != segment_magic.substr(0, known))
    return fault{"expected a segment of a raw recording, found other bytes"};
  if (bytes.size() < preamble)
    return std::nullopt;
  uint32_t version = 0;
  uint32_t size = 0;
  uint32_t checksum = 0;
  get(get(get(bytes.data() + segment_magic.size(), version), size), checksum);
  if (version != raw_version)
    return fault{"expected version " + std::to_string(raw_version)
                 + " of the layout, found " + std::to_string(version)};
  if (checksum != raw_checksum(bytes.substr(0, counted))
      || size > largest_header)
    return fault{"the header is damaged"};
  if (bytes.size() < preamble + size)
    return std::nullopt;
  raw_segment_start result;
  byte_reader in{bytes.substr(preamble, size)};
  in(result.header);
  if (!in.complete())
    return fault{"the header is damaged"};
  result.size = preamble + size;
  return result;
}

std::string segment_name(uint32_t number) {
  std::array<char, 16> digits{};
  std::snprintf(digits.data(), digits.size(), "%06u", number);
  return digits.data() + std::string{segment_suffix};
}

std::vector<uint32_t> list_segments(const std::filesystem::path& directory) {
  std::vector<uint32_t> result;
  std::error_code error;
  std::filesystem::directory_iterator at{directory, error};
  for (; !error && at != std::filesystem::directory_iterator{};
       at.increment(error)) {
    auto name = at->path().filename().string();
    uint32_t number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    if (number > 0 && name == segment_name(number))
      result.push_back(number);
  }
  std::sort(result.begin(), result.end());
  return result;
}

// -- blocks -------------------------------------------------------------------

std::array<char, raw_block_header::size>
encode(const raw_block_header& header) {
  std::array<char, raw_block_header::size> result{};
  auto at = std::copy(raw_block_magic.begin(), raw_block_magic.end(),
                      result.begin());
  at = put(at, header.stored_size);
  at = put(at, header.plain_size);
  at = put(at, header.records);
  at = put(at, header.first_sequence);
  at = put(at, header.run_bytes);
  at = put(at, header.first.ns);
  at = put(at, header.last.ns);
  at = put(at, header.body_checksum);
  put(at, raw_checksum({result.data(), result.size() - sizeof(uint32_t)}));
  return result;
}

std::optional<raw_block_header> decode_block_header(std::string_view bytes) {
  constexpr auto covered = raw_block_header::size - sizeof(uint32_t);
  if (bytes.size() < raw_block_header::size
      || !bytes.starts_with(raw_block_magic))
    return std::nullopt;
  raw_block_header result;
  uint32_t checksum = 0;
  auto at = bytes.data() + raw_block_magic.size();
  at = get(at, result.stored_size);
  at = get(at, result.plain_size);
  at = get(at, result.records);
  at = get(at, result.first_sequence);
  at = get(at, result.run_bytes);
  at = get(at, result.first.ns);
  at = get(at, result.last.ns);
  at = get(at, result.body_checksum);
  get(at, checksum);
  if (checksum != raw_checksum(bytes.substr(0, covered))
      || result.plain_size > largest_raw_block || result.records == 0)
    return std::nullopt;
  return result;
}

// -- records ------------------------------------------------------------------

bool fits(const raw_record& record) noexcept {
  return record.connection.size() <= 0xFF && record.target.size() <= 0xFFFF
         && record.bytes.size() <= largest_raw_record;
}

void append_to(std::string& block, const raw_record& record) {
  std::array<char, raw_record_overhead> front{};
  auto at = put(front.data(), static_cast<uint8_t>(record.kind));
  at = put(at, static_cast<uint8_t>(record.connection.size()));
  at = put(at, static_cast<uint16_t>(record.target.size()));
  at = put(at, static_cast<uint32_t>(record.bytes.size()));
  put(at, record.received.ns);
  block.append(front.data(), front.size());
  block.append(record.connection);
  block.append(record.target);
  block.append(record.bytes);
}

std::optional<raw_record> take_record(std::string_view& block) noexcept {
  if (block.size() < raw_record_overhead)
    return std::nullopt;
  uint8_t kind = 0;
  uint8_t connection = 0;
  uint16_t target = 0;
  uint32_t bytes = 0;
  raw_record result;
  auto at = get(block.data(), kind);
  at = get(at, connection);
  at = get(at, target);
  at = get(at, bytes);
  at = get(at, result.received.ns);
  auto size = raw_record_overhead + connection + target + size_t{bytes};
  if (block.size() < size)
    return std::nullopt;
  result.kind = static_cast<raw_kind>(kind);
  result.connection = {at, connection};
  result.target = {at + connection, target};
  result.bytes = {at + connection + target, bytes};
  block.remove_prefix(size);
  return result;
}

} // namespace qalpha
