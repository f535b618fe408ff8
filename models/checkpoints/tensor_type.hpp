// How the numbers of a tensor are stored.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace qalpha {

/// Kinds of numbers that are read.
enum class tensor_type : uint8_t { f32, f16, bf16, i64 };

/// @returns bytes of one number.
/// @relates tensor_type
constexpr size_t size_of(tensor_type x) noexcept {
  switch (x) {
    case tensor_type::f32:
      return 4;
    case tensor_type::f16:
    case tensor_type::bf16:
      return 2;
    case tensor_type::i64:
      return 8;
  }
  return 0;
}

/// @returns the kind by its name in a file, such as "BF16".
std::optional<tensor_type> tensor_type_of(std::string_view name) noexcept;

/// Makes numbers of single precision.
/// @returns the index of the first one that is not finite, or whose value
///          single precision does not have; `nullopt` if all are right.
/// @pre `bytes` has `into.size()` numbers of that kind
std::optional<size_t> decode_tensor(tensor_type type, std::string_view bytes,
                                    std::span<float> into) noexcept;

} // namespace qalpha
