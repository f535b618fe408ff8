#include "models/checkpoints/tensor_type.hpp"

#include <bit>
#include <cmath>
#include <cstring>

namespace qalpha {

namespace {

static_assert(std::endian::native == std::endian::little,
              "tensors are copied as they lie in the file");

float float_of_half(uint16_t x) noexcept {
  auto sign = static_cast<uint32_t>(x & 0x8000) << 16;
  auto exponent = static_cast<uint32_t>(x >> 10) & 0x1f;
  auto fraction = static_cast<uint32_t>(x) & 0x3ff;
  if (exponent == 0) {
    // Below the smallest normal number: units of 2^-24.
    auto size = std::ldexp(static_cast<float>(fraction), -24);
    return sign != 0 ? -size : size;
  }
  // Infinity and NaN stay what they are.
  auto wide = exponent == 31 ? 255 : exponent + 127 - 15;
  return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

/// @returns NaN where single precision does not have the number.
float float_of_whole(int64_t x) noexcept {
  // All whole numbers up to here.
  constexpr int64_t most = 1 << 24;
  return x >= -most && x <= most ? static_cast<float>(x) : NAN;
}

template <class Stored, class Convert>
std::optional<size_t> decode_each(std::string_view bytes, std::span<float> into,
                                  Convert convert) noexcept {
  for (size_t i = 0; i < into.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    into[i] = convert(stored);
    if (!std::isfinite(into[i]))
      return i;
  }
  return std::nullopt;
}

} // namespace

std::optional<tensor_type> tensor_type_of(std::string_view name) noexcept {
  if (name == "F32")
    return tensor_type::f32;
  if (name == "F16")
    return tensor_type::f16;
  if (name == "BF16")
    return tensor_type::bf16;
  if (name == "I64")
    return tensor_type::i64;
  return std::nullopt;
}

std::optional<size_t> decode_tensor(tensor_type type, std::string_view bytes,
                                    std::span<float> into) noexcept {
  switch (type) {
    case tensor_type::f32:
      return decode_each<float>(bytes, into, [](float x) { return x; });
    case tensor_type::f16:
      return decode_each<uint16_t>(bytes, into, float_of_half);
    case tensor_type::bf16:
      return decode_each<uint16_t>(bytes, into, [](uint16_t x) {
        return std::bit_cast<float>(static_cast<uint32_t>(x) << 16);
      });
    case tensor_type::i64:
      return decode_each<int64_t>(bytes, into, float_of_whole);
  }
  return 0;
}

} // namespace qalpha
