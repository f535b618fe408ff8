// Depth messages of recorded sessions, read with RapidJSON alone, so that what
// they prove does not depend on the decoders of the venues.

#pragma once

#include "models/market/decimal.hpp"
#include "models/market/depth.hpp"
#include "tests/models/recorded_market.hpp"

#include <rapidjson/document.h>

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace qalpha::test {

/// Size of a tick and of a lot in units of 1e-8.
struct step_sizes {
  int64_t tick_e8 = 0;
  int64_t lot_e8 = 0;
};

inline int64_t steps(const rapidjson::Value& text, int64_t step) {
  auto value = parse_decimal_e8(text.GetString());
  if (!value || *value % step != 0)
    throw std::runtime_error{std::string{"not in steps: "} + text.GetString()};
  return *value / step;
}

inline std::vector<level_change> levels_of(const rapidjson::Value& list,
                                           step_sizes sizes) {
  std::vector<level_change> result;
  for (auto& level : list.GetArray())
    result.push_back(
      {{steps(level[0], sizes.tick_e8)}, {steps(level[1], sizes.lot_e8)}});
  return result;
}

/// The part of a line from its first brace on.
inline rapidjson::Document json_of(const std::string& line) {
  rapidjson::Document result;
  result.Parse(line.c_str() + line.find('{'));
  if (result.HasParseError())
    throw std::runtime_error{"no JSON: " + line.substr(0, 80)};
  return result;
}

inline utc_time time_of(const rapidjson::Value& x, const char* field) {
  return {x.HasMember(field) ? x[field].GetInt64() * 1'000'000 : 0};
}

inline depth_update update_of(const rapidjson::Value& x, step_sizes sizes) {
  return {time_of(x, x.HasMember("T") ? "T" : "E"),
          x["U"].GetUint64(),
          x["u"].GetUint64(),
          x.HasMember("pu") ? x["pu"].GetUint64() : 0,
          levels_of(x["b"], sizes),
          levels_of(x["a"], sizes)};
}

inline depth_snapshot snapshot_of(const rapidjson::Value& x, step_sizes sizes) {
  return {time_of(x, "T"), x["lastUpdateId"].GetUint64(),
          levels_of(x["bids"], sizes), levels_of(x["asks"], sizes)};
}

using recorded_message = std::variant<depth_update, depth_snapshot>;

/// @returns depth messages and snapshots of a session with one symbol.
inline std::vector<recorded_message> recorded_session(const std::string& path,
                                                      step_sizes sizes) {
  std::vector<recorded_message> result;
  for (auto& line : unpacked_lines(path)) {
    if (line.find("\"lastUpdateId\"") != std::string::npos)
      result.emplace_back(snapshot_of(json_of(line), sizes));
    else if (line.find("\"depthUpdate\"") != std::string::npos)
      result.emplace_back(update_of(json_of(line)["data"], sizes));
  }
  return result;
}

} // namespace qalpha::test
