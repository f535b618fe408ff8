#include "runtime/training/train_json.hpp"

#include "models/machine/quoted_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace qalpha {

namespace {

std::string number(double x) {
  return std::isfinite(x) ? fmt::format("{}", x) : "null";
}

} // namespace

std::string train_json(const std::map<std::string, std::string>& texts,
                       const training_result& result) {
  std::string json = "{";
  auto add = [&](const std::string& name, const std::string& value) {
    json += json.size() > 1 ? ", " : "";
    json += json_text(name) + ": " + value;
  };
  for (const auto& [name, value] : texts)
    add(name, json_text(value));
  for (const auto& [name, value] : result.figures)
    add(name, number(value));
  for (const auto& [name, values] : result.lists) {
    std::string list = "[";
    for (auto value : values)
      list += (list.size() > 1 ? ", " : "") + number(value);
    add(name, list + "]");
  }
  return json + "}";
}

} // namespace qalpha
