#include "runtime/data/archive_plan.hpp"

#include "runtime/config/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

namespace qalpha {

namespace {

using namespace std::chrono;

utc_time time_of(sys_days day) {
  return {nanoseconds{day.time_since_epoch()}.count()};
}

sys_days day_of(utc_time time) {
  return sys_days{floor<days>(nanoseconds{time.ns})};
}

std::string name_of(year_month_day day, bool monthly) {
  auto month = fmt::format("{:04}-{:02}", static_cast<int>(day.year()),
                           static_cast<unsigned>(day.month()));
  return monthly
           ? month
           : fmt::format("{}-{:02}", month, static_cast<unsigned>(day.day()));
}

calendar_span month_at(year_month month) {
  auto first = sys_days{month / 1};
  return {time_of(first), time_of(sys_days{(month + months{1}) / 1}),
          name_of(first, true)};
}

calendar_span day_at(sys_days day) {
  return {time_of(day), time_of(day + days{1}), name_of(day, false)};
}

/// Reads exactly as many digits as `text` has.
std::optional<int> number(std::string_view text) {
  int result = 0;
  auto read = std::from_chars(text.data(), text.data() + text.size(), result);
  if (text.empty() || read.ec != std::errc{}
      || read.ptr != text.data() + text.size() || text.front() == '-')
    return std::nullopt;
  return result;
}

std::string_view folder_of(archive_kind kind) {
  switch (kind) {
    case archive_kind::trades:
      return "klines";
    case archive_kind::mark_price:
      return "markPriceKlines";
    case archive_kind::index_price:
      return "indexPriceKlines";
  }
  return "klines";
}

bool is_hex(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

} // namespace

std::optional<timespan> archive_interval(std::string_view text) noexcept {
  constexpr std::array<std::pair<std::string_view, seconds>, 15> known{{
    {"1s", seconds{1}},
    {"1m", minutes{1}},
    {"3m", minutes{3}},
    {"5m", minutes{5}},
    {"15m", minutes{15}},
    {"30m", minutes{30}},
    {"1h", hours{1}},
    {"2h", hours{2}},
    {"4h", hours{4}},
    {"6h", hours{6}},
    {"8h", hours{8}},
    {"12h", hours{12}},
    {"1d", days{1}},
    {"3d", days{3}},
    {"1w", weeks{1}},
  }};
  for (const auto& [name, length] : known)
    if (name == text)
      return length;
  return std::nullopt;
}

fallible<std::string> archive_symbol(std::string_view text) {
  std::string result;
  for (auto c : text)
    result += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  auto fine = std::all_of(result.begin(), result.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (!fine || result.empty() || result.size() > 40)
    return fault{"expected a symbol such as BTCUSDT, found "
                 + quoted_text(text)};
  return result;
}

std::vector<calendar_span> months_of(utc_time from, utc_time to) {
  std::vector<calendar_span> result;
  year_month_day first{day_of(from)};
  for (auto month = first.year() / first.month();; month += months{1}) {
    auto span = month_at(month);
    if (span.begin >= to)
      return result;
    result.push_back(std::move(span));
  }
}

std::vector<calendar_span> days_of(utc_time from, utc_time to) {
  std::vector<calendar_span> result;
  for (auto day = day_of(from); time_of(day) < to; day += days{1})
    result.push_back(day_at(day));
  return result;
}

std::string archive_path(const archive_series& series, std::string_view span,
                         bool monthly) {
  return fmt::format("/data/{0}/{1}/{2}/{3}/{4}/{3}-{4}-{5}.zip",
                     series.market == archive_market::spot ? "spot"
                                                           : "futures/um",
                     monthly ? "monthly" : "daily", folder_of(series.kind),
                     series.symbol, series.interval, span);
}

fallible<calendar_span> parse_calendar(std::string_view text) {
  auto wrong = fault{"expected a month such as 2024-01 or a day such as "
                     "2024-01-15, found "
                     + quoted_text(text)};
  if ((text.size() != 7 && text.size() != 10) || text[4] != '-')
    return wrong;
  auto y = number(text.substr(0, 4));
  auto m = number(text.substr(5, 2));
  if (!y || !m || *y < 2009)
    return wrong;
  auto which = year{*y} / month{static_cast<unsigned>(*m)};
  if (text.size() == 7)
    return which.ok() ? fallible<calendar_span>{month_at(which)} : wrong;
  auto d = number(text.substr(8, 2));
  if (!d || text[7] != '-')
    return wrong;
  auto date = which / day{static_cast<unsigned>(*d)};
  return date.ok() ? fallible<calendar_span>{day_at(sys_days{date})} : wrong;
}

fallible<std::string> parse_checksum(std::string_view text,
                                     std::string_view name) {
  constexpr size_t digits = 64;
  std::string sum{text.substr(0, digits)};
  for (auto& c : sum)
    c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  auto rest = text.substr(sum.size());
  auto begin = rest.find_first_not_of(" \t*");
  auto end = rest.find_last_not_of(" \t\r\n");
  auto fine = sum.size() == digits
              && std::all_of(sum.begin(), sum.end(), is_hex)
              && begin != std::string_view::npos && begin > 0
              && rest.substr(begin, end - begin + 1) == name;
  if (!fine)
    return fault{"expected a line \"SHA256  " + std::string{name} + "\", found "
                 + quoted_text(text)};
  return sum;
}

} // namespace qalpha
