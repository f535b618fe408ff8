#include "runtime/training/json_section.hpp"

#include "models/machine/parameter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace qalpha {

namespace {

template <class Number>
std::optional<Number> number_of(const json_value& json) {
  Number result{};
  auto end = json.text.data() + json.text.size();
  auto [at, code] = std::from_chars(json.text.data(), end, result);
  if (json.kind != json_kind::number || code != std::errc{} || at != end)
    return std::nullopt;
  return result;
}

} // namespace

json_section::json_section(std::string place, const json_value* json,
                           std::optional<fault>& problem)
  : place_(std::move(place)), json_(json), problem_(problem) {
  if (json_ != nullptr && json_->kind != json_kind::object) {
    if (!problem_)
      problem_ = fault{place_ + ": expected a group, found " + describe(*json)};
    json_ = nullptr;
  }
}

bool json_section::has(std::string_view key) const {
  return json_ != nullptr && json_->find(key) != nullptr;
}

const json_value* json_section::raw(std::string_view key) {
  known_.emplace_back(key);
  return json_ == nullptr ? nullptr : json_->find(key);
}

std::string json_section::place_of(std::string_view key) const {
  return place_ + "." + std::string{key};
}

void json_section::fail(std::string_view key, const std::string& what) {
  if (!problem_)
    problem_ = fault{place_of(key) + ": " + what};
}

void json_section::expected(std::string_view key, const std::string& what,
                            const json_value& found) {
  fail(key, "expected " + what + ", found " + describe(found));
}

void json_section::real(std::string_view key, double& into, double low,
                        double high) {
  auto json = raw(key);
  if (json == nullptr)
    return;
  auto number = number_of<double>(*json);
  if (!number || !(*number >= low && *number <= high))
    return expected(key, fmt::format("a number from {} to {}", low, high),
                    *json);
  into = *number;
}

void json_section::whole(std::string_view key, int64_t& into, int64_t low,
                         int64_t high) {
  auto json = raw(key);
  if (json == nullptr)
    return;
  auto number = number_of<int64_t>(*json);
  if (!number || *number < low || *number > high)
    return expected(key, fmt::format("a whole number from {} to {}", low, high),
                    *json);
  into = *number;
}

void json_section::whole(std::string_view key, size_t& into, size_t low,
                         size_t high) {
  auto number = static_cast<int64_t>(into);
  whole(key, number, static_cast<int64_t>(low), static_cast<int64_t>(high));
  into = static_cast<size_t>(number);
}

void json_section::flag(std::string_view key, bool& into) {
  auto json = raw(key);
  if (json == nullptr)
    return;
  if (json->kind != json_kind::boolean)
    return expected(key, "true or false", *json);
  into = json->text == "true";
}

void json_section::text(std::string_view key, std::string& into) {
  auto json = raw(key);
  if (json == nullptr)
    return;
  if (json->kind != json_kind::text)
    return expected(key, "a text", *json);
  into = json->text;
}

void json_section::reals(std::string_view key, std::vector<double>& into) {
  auto json = raw(key);
  if (json == nullptr)
    return;
  into.clear();
  for (const auto& entry : json->children) {
    auto number = number_of<double>(entry.value);
    if (json->kind != json_kind::array || !number)
      return expected(key, "a list of numbers", *json);
    into.push_back(*number);
  }
}

void json_section::wholes(std::string_view key, std::vector<int64_t>& into) {
  if (!has(key))
    return void(raw(key));
  std::vector<double> numbers;
  reals(key, numbers);
  into.clear();
  for (auto number : numbers) {
    if (number != std::floor(number) || std::abs(number) > 1e9)
      return expected(key, "a list of whole numbers", *raw(key));
    into.push_back(static_cast<int64_t>(number));
  }
}

json_section json_section::group(std::string_view key) {
  return {place_of(key), raw(key), problem_};
}

std::vector<std::string> json_section::keys() const {
  std::vector<std::string> result;
  if (json_ != nullptr)
    for (const auto& member : json_->children)
      result.push_back(member.key);
  return result;
}

void json_section::finish() {
  std::vector<std::string_view> known{known_.begin(), known_.end()};
  for (const auto& key : keys())
    if (!problem_ && std::count(known_.begin(), known_.end(), key) == 0)
      problem_ = unknown_name(place_ + ":", key, known);
}

} // namespace qalpha
