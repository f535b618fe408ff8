#include "models/machine/json_object.hpp"

#include "models/machine/number_text.hpp"
#include "models/machine/parameter.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace qalpha {

namespace {

std::string_view name_of(json_kind kind) {
  switch (kind) {
    case json_kind::null:
      return "null";
    case json_kind::boolean:
      return "true or false";
    case json_kind::number:
      return "a number";
    case json_kind::text:
      return "a text";
    case json_kind::array:
      return "a list";
    case json_kind::object:
      return "a group";
  }
  return "?";
}

template <class Whole>
std::optional<Whole> whole_of(const json_value& json) {
  Whole result = 0;
  auto end = json.text.data() + json.text.size();
  auto [at, code] = std::from_chars(json.text.data(), end, result);
  if (json.kind != json_kind::number || code != std::errc{} || at != end)
    return std::nullopt;
  return result;
}

} // namespace

json_object::json_object(std::string place, const json_value& json)
  : place_(std::move(place)), json_(&json) {
  if (json.kind != json_kind::object)
    error_ = fault{(place_.empty() ? "" : place_ + ": ")
                   + "expected a group, found " + describe(json)};
}

std::string json_object::place_of(std::string_view key) const {
  return (place_.empty() ? "" : place_ + ".") + std::string{key};
}

const json_value* json_object::member(std::string_view key) {
  known_.push_back(key);
  auto result = json_->find(key);
  if (result == nullptr && !missing_)
    missing_ = fault{place_of(key) + ": expected it, found none"};
  return result;
}

const json_value* json_object::member(std::string_view key, json_kind kind) {
  auto result = member(key);
  if (result == nullptr || result->kind == kind)
    return result;
  fail(key, std::string{name_of(kind)}, *result);
  return nullptr;
}

std::string json_object::text(std::string_view key, size_t longest) {
  auto found = member(key, json_kind::text);
  if (found == nullptr)
    return {};
  if (found->text.size() > longest)
    fail(key, "at most " + std::to_string(longest) + " bytes", *found);
  return found->text;
}

double json_object::number(std::string_view key) {
  auto found = member(key);
  if (found == nullptr)
    return 0;
  auto result = finite_number(place_of(key), *found);
  if (result)
    return *result;
  fail(result.error());
  return 0;
}

int64_t json_object::whole(std::string_view key, int64_t least, int64_t most) {
  auto found = member(key);
  if (found == nullptr)
    return 0;
  auto result = whole_of<int64_t>(*found);
  if (result && *result >= least && *result <= most)
    return *result;
  fail(key,
       "a whole number from " + std::to_string(least) + " to "
         + std::to_string(most),
       *found);
  return 0;
}

uint64_t json_object::count(std::string_view key) {
  auto found = member(key);
  if (found == nullptr)
    return 0;
  auto result = whole_of<uint64_t>(*found);
  if (result)
    return *result;
  fail(key, "a whole number of at most 64 bits", *found);
  return 0;
}

void json_object::fail(fault reason) {
  if (!error_)
    error_ = std::move(reason);
}

void json_object::fail(std::string_view key, const std::string& expected,
                       const json_value& found) {
  fail(
    {place_of(key) + ": expected " + expected + ", found " + describe(found)});
}

std::optional<fault> json_object::finish() {
  if (error_)
    return error_;
  for (const auto& [key, ignored] : json_->children)
    if (std::find(known_.begin(), known_.end(), key) == known_.end())
      return unknown_name(place_.empty() ? "key" : place_ + ": key",
                          std::string_view{key}.substr(0, 60), known_);
  return missing_;
}

fallible<double> finite_number(const std::string& place,
                               const json_value& json) {
  auto result = json.kind == json_kind::number ? number_of(json.text)
                                               : std::nullopt;
  if (!result || !std::isfinite(*result))
    return fault{place + ": expected a number, found " + describe(json)};
  return *result;
}

} // namespace qalpha
