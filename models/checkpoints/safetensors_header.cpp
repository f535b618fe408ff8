#include "models/checkpoints/safetensors_header.hpp"

#include "models/checkpoints/safetensors.hpp"
#include "models/machine/json_tree.hpp"
#include "models/machine/quoted_text.hpp"

#include <algorithm>
#include <charconv>

namespace qalpha {

namespace {

// The one member of a header that is no tensor.
constexpr std::string_view remarks = "__metadata__";

std::optional<uint64_t> whole_number(const json_value& json) {
  uint64_t result = 0;
  auto end = json.text.data() + json.text.size();
  auto [at, code] = std::from_chars(json.text.data(), end, result);
  if (json.kind != json_kind::number || code != std::errc{} || at != end)
    return std::nullopt;
  return result;
}

/// @returns the whole numbers of a list, or `nullopt` if it is none.
std::optional<std::vector<uint64_t>> whole_numbers(const json_value& json,
                                                   size_t most) {
  if (json.kind != json_kind::array || json.children.size() > most)
    return std::nullopt;
  std::vector<uint64_t> result;
  for (const auto& [ignored, value] : json.children) {
    auto number = whole_number(value);
    if (!number || *number > INT64_MAX)
      return std::nullopt;
    result.push_back(*number);
  }
  return result;
}

std::optional<fault> read_shape(const std::string& place,
                                const json_value& json, tensor_place& into) {
  auto shape = whole_numbers(json, most_tensor_dimensions);
  if (!shape)
    return fault{place + ".shape: expected at most "
                 + std::to_string(most_tensor_dimensions)
                 + " whole numbers, found " + describe(json)};
  into.shape.assign(shape->begin(), shape->end());
  return std::nullopt;
}

std::optional<fault> read_offsets(const std::string& place,
                                  const json_value& json, tensor_place& into) {
  auto offsets = whole_numbers(json, 2);
  if (!offsets || offsets->size() != 2)
    return fault{place + ".data_offsets: expected two whole numbers, found "
                 + describe(json)};
  into.begin = (*offsets)[0];
  into.end = (*offsets)[1];
  return std::nullopt;
}

std::optional<fault> read_type(const std::string& place, const json_value& json,
                               tensor_place& into) {
  auto type = json.kind == json_kind::text ? tensor_type_of(json.text)
                                           : std::nullopt;
  if (!type)
    return fault{place + ".dtype: expected F32, F16, BF16 or I64, found "
                 + describe(json)};
  into.type = *type;
  return std::nullopt;
}

/// @returns a fault if the bytes are not as many as the shape says.
std::optional<fault> check_size(const std::string& place,
                                const tensor_place& x) {
  auto count = count_of_shape(x.shape);
  if (!count)
    return fault{place + ".shape: more numbers than any memory holds"};
  auto expected = *count * size_of(x.type);
  if (x.begin > x.end || x.end - x.begin != expected)
    return fault{place + ".data_offsets: expected " + std::to_string(expected)
                 + " bytes for its shape, found " + std::to_string(x.begin)
                 + " to " + std::to_string(x.end)};
  return std::nullopt;
}

fallible<tensor_place> read_place(const json_member& member) {
  const auto& [name, json] = member;
  auto place = quoted_text(name);
  if (!is_tensor_name(name))
    return fault{place
                 + ": expected a name of letters, digits, and . _ - /, "
                   "at most "
                 + std::to_string(longest_tensor_name)};
  if (json.kind != json_kind::object)
    return fault{place + ": expected a group, found " + describe(json)};
  tensor_place result;
  result.name = name;
  for (auto key : {"dtype", "shape", "data_offsets"})
    if (json.find(key) == nullptr)
      return fault{place + "." + key + ": expected it, found none"};
  for (const auto& [key, value] : json.children) {
    std::optional<fault> problem;
    if (key == "dtype")
      problem = read_type(place, value, result);
    else if (key == "shape")
      problem = read_shape(place, value, result);
    else if (key == "data_offsets")
      problem = read_offsets(place, value, result);
    else
      problem = fault{place + ": unknown key " + quoted_text(key)};
    if (problem)
      return *problem;
  }
  if (auto problem = check_size(place, result))
    return *problem;
  return result;
}

/// Remarks of whoever wrote the file; they mean nothing to us.
std::optional<fault> check_remarks(const json_value& json) {
  if (json.kind != json_kind::object)
    return fault{"__metadata__: expected a group, found " + describe(json)};
  for (const auto& [key, value] : json.children)
    if (value.kind != json_kind::text)
      return fault{"__metadata__." + key + ": expected a text, found "
                   + describe(value)};
  return std::nullopt;
}

fallible<std::vector<tensor_place>> read_places(std::string_view text) {
  auto json = parse_json(text, {.bytes = largest_tensor_header,
                                .levels = 3,
                                .members = most_tensors + 1,
                                .values = most_tensors * 16,
                                .relaxed = false});
  if (!json)
    return fault{"header: " + json.error().text};
  if (json->kind != json_kind::object)
    return fault{"header: expected a group, found " + describe(*json)};
  std::vector<tensor_place> result;
  for (const auto& member : json->children) {
    if (member.key == remarks) {
      if (auto problem = check_remarks(member.value))
        return *problem;
      continue;
    }
    auto place = read_place(member);
    if (!place)
      return place.error();
    result.push_back(std::move(*place));
  }
  if (result.size() > most_tensors)
    return fault{"header: expected at most " + std::to_string(most_tensors)
                 + " tensors"};
  return result;
}

/// Sorts by the place in the data, which has to be full to the last byte.
std::optional<fault> check_places(std::vector<tensor_place>& places,
                                  uint64_t bytes) {
  std::stable_sort(
    places.begin(), places.end(), [](const auto& a, const auto& b) {
      return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
    });
  uint64_t reached = 0;
  for (const auto& x : places) {
    if (x.begin != reached)
      return fault{quoted_text(x.name)
                   + (x.begin < reached ? " overlaps the tensor before it"
                                        : " leaves a gap before it")};
    reached = x.end;
  }
  if (reached != bytes)
    return fault{"data: expected " + std::to_string(reached) + " bytes, found "
                 + std::to_string(bytes)};
  return std::nullopt;
}

} // namespace

bool is_tensor_name(std::string_view x) noexcept {
  return !x.empty() && x != remarks && x.size() <= longest_tensor_name
         && std::all_of(x.begin(), x.end(), [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || (c >= '0' && c <= '9') || c == '.' || c == '_'
                     || c == '-' || c == '/';
            });
}

std::optional<uint64_t>
count_of_shape(const std::vector<int64_t>& shape) noexcept {
  uint64_t result = 1;
  auto has_none = false;
  for (auto length : shape) {
    if (length < 0)
      return std::nullopt;
    has_none = has_none || length == 0;
    // Where another length is zero, this one may still be absurd.
    if (length > 0
        && __builtin_mul_overflow(result, static_cast<uint64_t>(length),
                                  &result))
      return std::nullopt;
  }
  if (result > UINT64_MAX / 8)
    return std::nullopt;
  return has_none ? 0 : result;
}

fallible<std::vector<tensor_place>> read_tensor_header(std::string_view text,
                                                       uint64_t bytes) {
  auto places = read_places(text);
  if (!places)
    return places;
  if (auto problem = check_places(*places, bytes))
    return *problem;
  return places;
}

} // namespace qalpha
