#include "runtime/data/kline_rest.hpp"

#include "runtime/config/units.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <charconv>
#include <chrono>
#include <optional>

namespace qalpha {

namespace {

constexpr int64_t ns_per_ms = 1'000'000;

/// Rows of one answer; what a page of this many rows costs leaves a venue's
/// limits alone.
size_t page_of(archive_market market) {
  return market == archive_market::spot ? 1000 : 1500;
}

std::string_view root_of(archive_market market) {
  return market == archive_market::spot ? "/api/v3" : "/fapi/v1";
}

std::string target_of(const archive_series& series, utc_time from,
                      utc_time to) {
  std::string_view what = "klines";
  std::string_view subject = "symbol";
  if (series.kind == archive_kind::mark_price) {
    what = "markPriceKlines";
  } else if (series.kind == archive_kind::index_price) {
    what = "indexPriceKlines";
    subject = "pair";
  }
  return fmt::format("{}/{}?{}={}&interval={}&startTime={}&endTime={}&limit={}",
                     root_of(series.market), what, subject, series.symbol,
                     series.interval, (from.ns + ns_per_ms - 1) / ns_per_ms,
                     (to.ns - 1) / ns_per_ms, page_of(series.market));
}

/// Appends one member of a row as a field of CSV.
bool append_field(std::string& line, const rapidjson::Value& x) {
  if (x.IsUint64()) {
    line += std::to_string(x.GetUint64());
    return true;
  }
  if (!x.IsString())
    return false;
  std::string_view text{x.GetString(), x.GetStringLength()};
  // A comma would move the columns.
  if (text.find_first_not_of("0123456789.eE+-") != std::string_view::npos)
    return false;
  line += text;
  return true;
}

std::optional<std::string> csv_of(const rapidjson::Value& row) {
  constexpr rapidjson::SizeType columns = 6;
  if (!row.IsArray() || row.Size() < columns)
    return std::nullopt;
  std::string line;
  for (rapidjson::SizeType i = 0; i < columns; ++i) {
    if (i > 0)
      line += ',';
    if (!append_field(line, row[i]))
      return std::nullopt;
  }
  return line;
}

/// Leaves room for whoever else asks from this address: the limit is 2400 a
/// minute, 6000 for spot.
void rest_if_busy(const web_access& web, const http_response& answer) {
  constexpr int busy = 1800;
  auto used = answer.header("X-MBX-USED-WEIGHT-1M");
  int weight = 0;
  if (used)
    std::from_chars(used->data(), used->data() + used->size(), weight);
  if (weight > busy)
    web.wait(std::chrono::seconds{10});
}

/// @returns the body of a successful answer.
fallible<http_response> ask(const web_access& web, const std::string& target) {
  auto answer = ask_patiently(web, target);
  if (answer && answer->status != 200)
    return refused(web, *answer);
  return answer;
}

} // namespace

fallible<std::vector<history_row>> parse_klines(std::string_view json) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
  if (document.HasParseError() || !document.IsArray())
    return fault{"klines: expected an array of bars, found "
                 + quoted_text(json)};
  std::vector<history_row> result;
  bar_row_parser parser{default_bar_columns(), history_steps};
  for (const auto& each : document.GetArray()) {
    auto line = csv_of(each);
    auto row = line ? exact_row(parser, *line) : std::nullopt;
    if (!row)
      return fault{fmt::format(
        "klines: bar {}, {}", result.size() + 1,
        line ? parser.error()
             : std::string{"expected a time and five decimal numbers"})};
    result.push_back(*row);
  }
  return result;
}

fallible<std::vector<history_row>> fetch_klines(const web_access& web,
                                                const archive_series& series,
                                                utc_time from, utc_time to) {
  std::vector<history_row> result;
  while (from < to) {
    auto answer = ask(web, target_of(series, from, to));
    if (!answer)
      return answer.error();
    auto page = parse_klines(answer->body);
    if (!page)
      return fault{web.name + ": " + page.error().text};
    for (const auto& row : *page) {
      if (row.open_time < from || row.open_time >= to)
        return fault{web.name + ": klines: found bars that were not asked for"};
      from = row.open_time + timespan{1};
      result.push_back(row);
    }
    if (page->size() < page_of(series.market))
      break;
    rest_if_busy(web, *answer);
  }
  return result;
}

fallible<utc_time> fetch_server_time(const web_access& web,
                                     archive_market market) {
  auto answer = ask(web, std::string{root_of(market)} + "/time");
  if (!answer)
    return answer.error();
  rapidjson::Document json;
  json.Parse<rapidjson::kParseIterativeFlag>(answer->body.data(),
                                             answer->body.size());
  auto member = json.HasParseError() || !json.IsObject()
                  ? rapidjson::Value::ConstMemberIterator{}
                  : json.FindMember("serverTime");
  constexpr int64_t latest_ms = INT64_MAX / ns_per_ms;
  if (json.HasParseError() || !json.IsObject() || member == json.MemberEnd()
      || !member->value.IsInt64() || member->value.GetInt64() < 0
      || member->value.GetInt64() > latest_ms)
    return fault{web.name + ": expected {\"serverTime\": ms}, found "
                 + quoted_text(answer->body)};
  return utc_time{member->value.GetInt64() * ns_per_ms};
}

} // namespace qalpha
