#include "runtime/cli/spoken_time.hpp"

#include <charconv>
#include <chrono>
#include <optional>

namespace qalpha {

namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds day = std::chrono::hours{24};

// Market time goes on while nothing is decided.
constexpr nanoseconds ahead = std::chrono::hours{1};

/// Reads from the front of a text.
class scanner {
public:
  explicit scanner(std::string_view text) : text_(text) {
    // nop
  }

  bool done() const noexcept {
    return text_.empty();
  }

  bool take(char c) {
    if (done() || text_.front() != c)
      return false;
    text_.remove_prefix(1);
    return true;
  }

  /// Reads exactly `digits` digits of a number up to `most`.
  std::optional<int> number(size_t digits, int most) {
    int result = 0;
    auto end = text_.data() + std::min(digits, text_.size());
    auto [stop, error] = std::from_chars(text_.data(), end, result);
    if (error != std::errc{} || stop != text_.data() + digits || result < 0
        || result > most)
      return std::nullopt;
    text_.remove_prefix(digits);
    return result;
  }

  /// Reads what follows a decimal point: up to nine digits.
  /// @returns nanoseconds, and the length of the last digit in nanoseconds.
  std::optional<std::pair<int64_t, int64_t>> fraction() {
    int64_t value = 0;
    int64_t unit = 1'000'000'000;
    while (!done() && text_.front() >= '0' && text_.front() <= '9'
           && unit > 1) {
      unit /= 10;
      value += (text_.front() - '0') * unit;
      text_.remove_prefix(1);
    }
    if (unit == 1'000'000'000)
      return std::nullopt;
    return std::pair{value, unit};
  }

private:
  std::string_view text_;
};

std::optional<nanoseconds> scan_date(scanner& from) {
  using namespace std::chrono;
  auto y = from.number(4, 2261);
  if (!y || !from.take('-'))
    return std::nullopt;
  auto m = from.number(2, 12);
  if (!m || !from.take('-'))
    return std::nullopt;
  auto d = from.number(2, 31);
  if (!d)
    return std::nullopt;
  year_month_day date{year{*y}, month{static_cast<unsigned>(*m)},
                      std::chrono::day{static_cast<unsigned>(*d)}};
  // 1970 at the earliest: no market event is older.
  if (!date.ok() || *y < 1970)
    return std::nullopt;
  return sys_days{date}.time_since_epoch();
}

/// @returns the last nanosecond of what was said.
std::optional<nanoseconds> scan_clock(scanner& from) {
  using namespace std::chrono;
  auto hour = from.number(2, 23);
  if (!hour || !from.take(':'))
    return std::nullopt;
  auto minute = from.number(2, 59);
  if (!minute)
    return std::nullopt;
  nanoseconds begin = hours{*hour} + minutes{*minute};
  if (!from.take(':'))
    return begin + minutes{1} - nanoseconds{1};
  auto second = from.number(2, 59);
  if (!second)
    return std::nullopt;
  begin += seconds{*second};
  if (!from.take('.'))
    return begin + seconds{1} - nanoseconds{1};
  auto fraction = from.fraction();
  if (!fraction)
    return std::nullopt;
  return begin + nanoseconds{fraction->first + fraction->second - 1};
}

std::optional<utc_time> scan(std::string_view text, utc_time newest) {
  scanner from{text};
  auto has_date = text.find('-') != text.npos;
  nanoseconds date{0};
  nanoseconds clock = day - nanoseconds{1};
  if (has_date) {
    auto scanned = scan_date(from);
    if (!scanned)
      return std::nullopt;
    date = *scanned;
    if (from.done())
      return utc_time{(date + clock).count()};
    if (!from.take('T') && !from.take(' '))
      return std::nullopt;
  }
  auto scanned = scan_clock(from);
  if (!scanned)
    return std::nullopt;
  from.take('Z');
  if (!from.done())
    return std::nullopt;
  if (!has_date) {
    auto last = nanoseconds{newest.ns} + ahead;
    date = (last - *scanned) / day * day;
  }
  return utc_time{(date + *scanned).count()};
}

} // namespace

fallible<utc_time> parse_spoken_time(std::string_view text, utc_time newest) {
  if (auto time = scan(text, newest))
    return *time;
  return fault{"time: expected for example 12:00:41 or 2026-01-05T12:00:41, "
               "found \""
               + std::string{text} + "\""};
}

} // namespace qalpha
