#include "models/checkpoints/safetensors.hpp"

#include "models/checkpoints/safetensors_header.hpp"
#include "models/machine/quoted_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

namespace qalpha {

namespace {

constexpr size_t length_bytes = 8;

// So that the numbers lie where a processor likes them.
constexpr size_t alignment = 8;

// -- reading
// ---------------------------------------------------------------------

/// @returns what a file is that has no possible header.
fault not_safetensors(std::string_view bytes) {
  constexpr std::string_view expected
    = "; models are read from safetensors files only";
  if (bytes.starts_with("PK\x03\x04"))
    return {"is a zip archive, as torch.save writes it, and could hold code"
            + std::string{expected}};
  if (bytes.size() > 1 && bytes[0] == '\x80' && bytes[1] >= 1 && bytes[1] <= 5)
    return {"is a pickle and could hold code" + std::string{expected}};
  return {"expected a safetensors header of at most 1 MiB inside the file"};
}

fallible<std::string_view> take_header(std::string_view bytes) {
  uint64_t length = 0;
  if (bytes.size() < length_bytes)
    return fault{"expected a safetensors file, found only "
                 + std::to_string(bytes.size()) + " bytes"};
  std::memcpy(&length, bytes.data(), length_bytes);
  if (length > largest_tensor_header || length > bytes.size() - length_bytes)
    return not_safetensors(bytes);
  auto header = bytes.substr(length_bytes, length);
  if (!header.starts_with('{'))
    return fault{"header: expected {, found "
                 + quoted_text(header.substr(0, 1))};
  return header;
}

fallible<tensor_values> read_values(const tensor_place& place,
                                    std::string_view data) {
  auto bytes = data.substr(place.begin, place.end - place.begin);
  tensor_values result;
  result.name = place.name;
  result.shape = place.shape;
  result.values.resize(bytes.size() / size_of(place.type));
  if (auto wrong = decode_tensor(place.type, bytes, result.values))
    return fault{quoted_text(place.name) + ": value " + std::to_string(*wrong)
                 + (place.type == tensor_type::i64
                      ? " is beyond the whole numbers of single precision"
                      : " is not finite")};
  return result;
}

// -- writing
// ---------------------------------------------------------------------

std::optional<fault> check_tensor(const tensor_values& x) {
  auto place = quoted_text(x.name);
  if (!is_tensor_name(x.name))
    return fault{place + ": expected a name of letters, digits, and . _ - /"};
  if (x.shape.size() > most_tensor_dimensions
      || count_of_shape(x.shape) != x.values.size())
    return fault{place + ": has " + std::to_string(x.values.size())
                 + " values, which is not its shape"};
  for (size_t i = 0; i < x.values.size(); ++i)
    if (!std::isfinite(x.values[i]))
      return fault{place + ": value " + std::to_string(i) + " is not finite"};
  return std::nullopt;
}

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string result;
  for (auto length : shape)
    result += (result.empty() ? "" : ",") + std::to_string(length);
  return "[" + result + "]";
}

std::string header_text(const std::vector<const tensor_values*>& sorted) {
  std::string result = "{";
  uint64_t offset = 0;
  for (auto x : sorted) {
    auto end = offset + x->values.size() * sizeof(float);
    result += (result.size() > 1 ? "," : "") + json_text(x->name)
              + R"(:{"dtype":"F32","shape":)" + shape_text(x->shape)
              + R"(,"data_offsets":[)" + std::to_string(offset) + ","
              + std::to_string(end) + "]}";
    offset = end;
  }
  result += "}";
  while (result.size() % alignment != 0)
    result += ' ';
  return result;
}

void append_bytes(std::string& to, const void* from, size_t size) {
  if (size > 0)
    to.append(static_cast<const char*>(from), size);
}

} // namespace

fallible<std::vector<tensor_values>> read_safetensors(std::string_view bytes) {
  auto header = take_header(bytes);
  if (!header)
    return header.error();
  auto data = bytes.substr(length_bytes + header->size());
  auto places = read_tensor_header(*header, data.size());
  if (!places)
    return places.error();
  std::vector<tensor_values> result;
  for (const auto& place : *places) {
    auto tensor = read_values(place, data);
    if (!tensor)
      return tensor.error();
    result.push_back(std::move(*tensor));
  }
  return result;
}

fallible<std::string>
write_safetensors(const std::vector<tensor_values>& tensors) {
  if (tensors.size() > most_tensors)
    return fault{"expected at most " + std::to_string(most_tensors)
                 + " tensors, found " + std::to_string(tensors.size())};
  std::vector<const tensor_values*> sorted;
  for (const auto& x : tensors) {
    if (auto problem = check_tensor(x))
      return *problem;
    sorted.push_back(&x);
  }
  std::sort(sorted.begin(), sorted.end(),
            [](auto a, auto b) { return a->name < b->name; });
  for (size_t i = 1; i < sorted.size(); ++i)
    if (sorted[i]->name == sorted[i - 1]->name)
      return fault{quoted_text(sorted[i]->name) + ": two tensors of one name"};
  auto header = header_text(sorted);
  if (header.size() > largest_tensor_header)
    return fault{"the names of the tensors take more than 1 MiB"};
  uint64_t length = header.size();
  std::string result;
  append_bytes(result, &length, length_bytes);
  result += header;
  for (auto x : sorted)
    append_bytes(result, x->values.data(), x->values.size() * sizeof(float));
  return result;
}

} // namespace qalpha
