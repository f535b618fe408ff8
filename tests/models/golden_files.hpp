// Reads golden vectors.

#pragma once

#include <rapidjson/document.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha::test {

/// @returns the path of a file below the folder of golden vectors.
inline std::string golden_path(const std::string& name) {
  if (name.starts_with('/'))
    return name; // Not ours to keep, see `real_market_path`.
  auto root = std::getenv("QALPHA_GOLDEN");
  return std::string{root ? root : "tests/golden"} + "/" + name;
}

/// @returns the real market that some golden values were computed from. It may
///          not be redistributed, so it lies beside the market data, if at all.
inline std::optional<std::string> real_market_path() {
  auto data = std::getenv("QALPHA_DATA");
  if (data == nullptr || *data == '\0')
    return std::nullopt;
  auto path = std::filesystem::absolute(data) / "../golden/inputs/real.csv";
  if (!std::filesystem::exists(path))
    return std::nullopt;
  return path.string();
}

inline std::string golden_text(const std::string& name) {
  std::ifstream in{golden_path(name)};
  if (!in)
    throw std::runtime_error{"no golden file " + golden_path(name)};
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

inline rapidjson::Document golden_json(const std::string& name) {
  rapidjson::Document result;
  // The default parser is one unit in the last place off now and then.
  result.Parse<rapidjson::kParseFullPrecisionFlag>(golden_text(name).c_str());
  if (result.HasParseError())
    throw std::runtime_error{"no JSON in " + golden_path(name)};
  return result;
}

/// @returns the columns called `name`, an empty cell ending it.
inline std::vector<std::string> golden_column(const std::string& file,
                                              std::string_view name) {
  std::istringstream in{golden_text(file)};
  auto split = [](const std::string& line) {
    std::vector<std::string> result(1);
    for (auto c : line) {
      if (c == ',')
        result.emplace_back();
      else if (c != '\r')
        result.back() += c;
    }
    return result;
  };
  std::string line;
  std::getline(in, line);
  auto header = split(line);
  size_t column = 0;
  while (column < header.size() && header[column] != name)
    ++column;
  std::vector<std::string> result;
  while (std::getline(in, line)) {
    auto cells = split(line);
    if (column >= cells.size() || cells[column].empty())
      break;
    result.push_back(cells[column]);
  }
  return result;
}

inline std::vector<double> golden_numbers(const std::string& file,
                                          std::string_view name) {
  std::vector<double> result;
  for (const auto& cell : golden_column(file, name))
    result.push_back(std::stod(cell));
  return result;
}

/// @returns NaN for what JSON writes as null or "inf".
inline double number_of(const rapidjson::Value& x) {
  return x.IsNumber() ? x.GetDouble()
                      : std::numeric_limits<double>::quiet_NaN();
}

/// The tolerance of golden comparisons.
inline bool close_to(double a, double b, double tolerance = 1e-9) {
  return std::abs(a - b) <= tolerance * (1 + std::abs(b));
}

} // namespace qalpha::test
