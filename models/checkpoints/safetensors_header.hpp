// The header of a safetensors file: which tensor lies where.

#pragma once

#include "models/checkpoints/tensor_type.hpp"
#include "models/machine/fallible.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// One line of the header.
struct tensor_place {
  std::string name;
  tensor_type type = tensor_type::f32;
  std::vector<int64_t> shape;
  uint64_t begin = 0;
  uint64_t end = 0;
};

/// @returns whether a tensor may be called so.
bool is_tensor_name(std::string_view x) noexcept;

/// @returns how many numbers have that shape, or `nullopt` if 64 bits do not
///          hold their bytes.
std::optional<uint64_t>
count_of_shape(const std::vector<int64_t>& shape) noexcept;

/// Reads the JSON text and checks every bound.
/// @param bytes of the data behind the header
/// @returns the tensors in the order of their places, which cover the data
///          without gaps and overlaps.
fallible<std::vector<tensor_place>> read_tensor_header(std::string_view text,
                                                       uint64_t bytes);

} // namespace qalpha
