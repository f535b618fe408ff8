// Tensors as bytes: the safetensors format, which holds numbers and nothing
// that could be executed.
//
//   8 bytes   length of the header, little-endian
//   header    {"NAME": {"dtype": "F32", "shape": [2, 3],
//              "data_offsets": [0, 24]}, ...}, filled up with blanks
//   data      all tensors without gaps; offsets count from here

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/machine/fallible.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

inline constexpr size_t largest_tensor_header = 1024 * 1024;
inline constexpr size_t most_tensors = 8192;
inline constexpr size_t most_tensor_dimensions = 8;

/// Letters, digits, dots, dashes, slashes and underscores.
inline constexpr size_t longest_tensor_name = 200;

/// Reads F32, and F16, BF16 and I64 where each value is a finite number of
/// single precision as well. Nothing is allocated for a tensor before its place
/// in the data is known to be right.
/// @returns the tensors in the order of their data, or a fault naming what is
///          wrong: the header, a shape, gaps and overlaps, a value that is not
///          finite.
fallible<std::vector<tensor_values>> read_safetensors(std::string_view bytes);

/// Writes F32 in the order of the names: equal tensors give equal bytes.
/// @returns a fault for what could not be read again.
fallible<std::string>
write_safetensors(const std::vector<tensor_values>& tensors);

} // namespace qalpha
