#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

namespace qalpha {

namespace {

struct calendar {
  int year;
  unsigned month;
  unsigned day;
  int64_t hour;
  int64_t minute;
  int64_t second;
  int64_t ns;
};

calendar to_calendar(utc_time time) {
  using namespace std::chrono;
  auto since = nanoseconds{time.ns};
  auto days = floor<std::chrono::days>(since);
  year_month_day date{sys_days{days}};
  auto rest = (since - days).count();
  constexpr int64_t second = 1'000'000'000;
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          rest / (3600 * second),
          rest / (60 * second) % 60,
          rest / second % 60,
          rest % second};
}

} // namespace

std::string format_utc(utc_time time) {
  auto c = to_calendar(time);
  auto text = fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", c.year, c.month,
                          c.day, c.hour, c.minute);
  if (c.second != 0 || c.ns != 0)
    text += fmt::format(":{:02}", c.second);
  if (c.ns % 1'000'000 != 0)
    text += fmt::format(".{:09}", c.ns);
  else if (c.ns != 0)
    text += fmt::format(".{:03}", c.ns / 1'000'000);
  return text + " UTC";
}

std::string format_iso(utc_time time) {
  auto c = to_calendar(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", c.year,
                     c.month, c.day, c.hour, c.minute, c.second, c.ns);
}

std::string format_clock(utc_time time) {
  auto c = to_calendar(time);
  return fmt::format("{:02}:{:02}:{:02}", c.hour, c.minute, c.second);
}

std::string format_timespan(timespan duration) {
  constexpr std::array<std::pair<int64_t, std::string_view>, 6> units{{
    {86'400'000'000'000, "d"},
    {3'600'000'000'000, "h"},
    {60'000'000'000, "m"},
    {1'000'000'000, "s"},
    {1'000'000, "ms"},
    {1'000, "us"},
  }};
  auto ns = duration.count();
  if (ns == 0)
    return "0s";
  for (const auto& [size, name] : units)
    if (ns % size == 0)
      return fmt::format("{}{}", ns / size, name);
  return fmt::format("{}ns", ns);
}

} // namespace qalpha
