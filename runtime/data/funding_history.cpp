#include "runtime/data/funding_history.hpp"

#include "models/market/decimal.hpp"
#include "runtime/config/units.hpp"
#include "runtime/data/safe_file.hpp"
#include "runtime/storage/bar_history_input.hpp"
#include "runtime/storage/bar_history_number.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <optional>

namespace qalpha {

namespace {

constexpr int64_t ns_per_ms = 1'000'000;
constexpr int64_t minute_ms = 60'000;
constexpr int64_t hour_ms = 60 * minute_ms;

// Eight a day since 2019 are twenty thousand; nothing comes near this.
constexpr size_t most_rows = 10'000'000;

// A rate beyond this is no rate: venues cap it at a few percent.
constexpr int64_t largest_rate_e8 = 100'000'000;

std::optional<utc_time> time_of(uint64_t ms) {
  // Between 1973 and 5138, see the units of bars.
  if (ms < 100'000'000'000 || ms > INT64_MAX / ns_per_ms)
    return std::nullopt;
  auto stamp = static_cast<int64_t>(ms);
  auto hour = (stamp + hour_ms / 2) / hour_ms * hour_ms;
  if (std::abs(stamp - hour) < minute_ms)
    stamp = hour;
  return utc_time{stamp * ns_per_ms};
}

/// Small rates are written as 8.4E-7.
std::optional<int64_t> rate_of(std::string_view text) {
  auto number = scan_decimal(text);
  if (!number || !text.empty())
    return std::nullopt;
  auto steps = nearest_steps(*number, 1);
  if (!steps || steps->count > largest_rate_e8)
    return std::nullopt;
  return number->negative ? -steps->count : steps->count;
}

/// @returns the row, if the first field is a time and the third a rate.
std::optional<funding_row> row_of(std::string_view line) {
  auto stamp = scan_whole(line);
  if (!stamp || line.empty())
    return std::nullopt;
  line.remove_prefix(1);
  auto comma = line.find(',');
  if (comma == std::string_view::npos)
    return std::nullopt;
  line.remove_prefix(comma + 1);
  auto time = time_of(*stamp);
  auto rate = rate_of(line.substr(0, line.find(',')));
  if (!time || !rate)
    return std::nullopt;
  return funding_row{*time, *rate};
}

bool is_header(std::string_view line) {
  return line.starts_with("calc_time,funding_interval_hours,last_funding_rate")
         || line.starts_with("timestamp,symbol,funding_rate");
}

std::optional<funding_row> row_of(const rapidjson::Value& json) {
  if (!json.IsObject())
    return std::nullopt;
  auto time = json.FindMember("fundingTime");
  auto rate = json.FindMember("fundingRate");
  if (time == json.MemberEnd() || rate == json.MemberEnd()
      || !time->value.IsUint64() || !rate->value.IsString())
    return std::nullopt;
  auto when = time_of(time->value.GetUint64());
  auto much = rate_of({rate->value.GetString(), rate->value.GetStringLength()});
  if (!when || !much)
    return std::nullopt;
  return funding_row{*when, *much};
}

} // namespace

fallible<std::vector<funding_row>> read_funding(const std::string& path) {
  line_input input{path};
  std::vector<funding_row> result;
  while (auto line = input.next()) {
    if (line->empty() || (input.line() == 1 && is_header(*line)))
      continue;
    auto row = row_of(*line);
    if (!row || result.size() == most_rows)
      return fault{fmt::format("{}: row {}: expected a time, an interval or a "
                               "symbol, and a rate of at most 1, found {}",
                               path, input.line(), quoted_text(*line))};
    result.push_back(*row);
  }
  if (input.error())
    return fault{path + ": " + *input.error()};
  return result;
}

fallible<std::vector<funding_row>> parse_funding(std::string_view json) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
  if (document.HasParseError() || !document.IsArray())
    return fault{"funding: expected an array, found " + quoted_text(json)};
  std::vector<funding_row> result;
  for (const auto& each : document.GetArray()) {
    auto row = row_of(each);
    if (!row)
      return fault{fmt::format("funding: entry {}: expected fundingTime and "
                               "fundingRate",
                               result.size() + 1)};
    result.push_back(*row);
  }
  return result;
}

void settle_funding(std::vector<funding_row>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.time < b.time;
  });
  size_t kept = 0;
  for (size_t i = 1; i < rows.size(); ++i) {
    kept += rows[i].time != rows[kept].time ? 1U : 0U;
    rows[kept] = rows[i];
  }
  rows.resize(rows.empty() ? 0 : kept + 1);
}

fallible<bool> write_funding(const std::string& path, std::string_view symbol,
                             const std::vector<funding_row>& rows) {
  safe_file file{path};
  file.write("timestamp,symbol,funding_rate\n");
  for (const auto& row : rows)
    file.write(fmt::format("{},{},{}\n", row.time.ns / ns_per_ms, symbol,
                           format_decimal_e8(row.rate_e8)));
  return file.commit();
}

} // namespace qalpha
