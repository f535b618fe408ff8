#include "runtime/storage/spool_format.hpp"

#include <zlib.h>

namespace qalpha {

namespace {

constexpr std::string_view head_magic = "qaSPOOL1";
constexpr std::string_view mark_magic = "qaMARK01";

void put(std::string& out, uint64_t x, size_t size) {
  for (size_t i = 0; i < size; ++i)
    out.push_back(static_cast<char>(x >> (8 * i) & 0xFF));
}

uint64_t get(std::string_view bytes, size_t offset, size_t size) {
  uint64_t result = 0;
  for (size_t i = 0; i < size; ++i)
    result |= uint64_t{static_cast<unsigned char>(bytes[offset + i])}
              << (8 * i);
  return result;
}

uint32_t crc_of(std::string_view bytes, uint32_t seed = 0) {
  return static_cast<uint32_t>(crc32_z(
    seed, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

std::string sealed(std::string_view magic, uint64_t a, uint64_t b, uint64_t c) {
  std::string result{magic};
  for (auto x : {a, b, c})
    put(result, x, 8);
  put(result, crc_of(result), 4);
  return result;
}

bool is_sealed(std::string_view bytes, std::string_view magic) {
  constexpr size_t content = spool_head_size - 4;
  static_assert(spool_head_size == spool_mark_size);
  return bytes.size() >= spool_head_size && bytes.starts_with(magic)
         && get(bytes, content, 4) == crc_of(bytes.substr(0, content));
}

uint32_t record_crc(entry_id id, std::string_view payload) {
  std::string place;
  put(place, id.epoch, 8);
  put(place, id.position, 8);
  put(place, payload.size(), 4);
  return crc_of(payload, crc_of(place));
}

} // namespace

std::string encode(const spool_head& head) {
  return sealed(head_magic, head.epoch, head.first, head.gap);
}

std::string encode(const spool_mark& mark) {
  return sealed(mark_magic, mark.generation, mark.delivered.epoch,
                mark.delivered.position);
}

std::optional<spool_head> decode_spool_head(std::string_view bytes) {
  if (!is_sealed(bytes, head_magic))
    return std::nullopt;
  return spool_head{get(bytes, 8, 8), get(bytes, 16, 8), get(bytes, 24, 8)};
}

std::optional<spool_mark> decode_spool_mark(std::string_view bytes) {
  if (!is_sealed(bytes, mark_magic))
    return std::nullopt;
  return spool_mark{get(bytes, 8, 8), {get(bytes, 16, 8), get(bytes, 24, 8)}};
}

void append_spool_record(std::string& out, entry_id id,
                         std::string_view payload) {
  put(out, payload.size(), 4);
  put(out, record_crc(id, payload), 4);
  out += payload;
}

spool_step read_spool_record(std::string_view bytes, entry_id id) {
  using kind = spool_step::kind;
  if (bytes.size() < spool_frame_size)
    return {kind::incomplete, {}, spool_frame_size};
  auto length = get(bytes, 0, 4);
  if (length > longest_spool_record)
    return {};
  auto needed = spool_frame_size + length;
  if (bytes.size() < needed)
    return {kind::incomplete, {}, needed};
  auto payload = bytes.substr(spool_frame_size, length);
  if (get(bytes, 4, 4) != record_crc(id, payload))
    return {};
  return {kind::record, payload, needed};
}

} // namespace qalpha
