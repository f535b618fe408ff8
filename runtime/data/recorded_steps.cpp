#include "runtime/data/recorded_steps.hpp"

#include <algorithm>

namespace qalpha {

namespace {

constexpr int most_places = 8;

/// Reads a number and its quote from the front of `text`.
/// @returns its decimals, or -1 if there is no such number.
int take_places(std::string_view& text) {
  auto end = text.find_first_not_of("0123456789.");
  if (end == text.npos || text[end] != '"')
    return -1;
  auto number = text.substr(0, end);
  text.remove_prefix(end + 1);
  auto point = number.find('.');
  if (point == number.npos)
    return 0;
  auto last = number.find_last_not_of('0');
  return std::min(static_cast<int>(last - point), most_places);
}

} // namespace

void widen(level_places& places, std::string_view text) {
  for (auto at = text.find("[\""); at != text.npos; at = text.find("[\"")) {
    text.remove_prefix(at + 2);
    auto price = take_places(text);
    if (price < 0 || !text.starts_with(",\""))
      continue;
    text.remove_prefix(2);
    auto size = take_places(text);
    if (size < 0 || !text.starts_with("]"))
      continue;
    places.price = std::max(places.price, price);
    places.size = std::max(places.size, size);
  }
}

std::string_view depth_symbol(std::string_view address) {
  constexpr std::string_view key = "symbol=";
  auto start = address.find(key);
  if (address.find("/depth?") == address.npos || start == address.npos)
    return {};
  auto rest = address.substr(start + key.size());
  return rest.substr(0, rest.find('&'));
}

std::map<std::string, level_places, std::less<>>
survey_steps(recorded_session& session) {
  constexpr std::string_view symbol_key = "\"s\":\"";
  std::map<std::string, level_places, std::less<>> result;
  std::map<std::string, level_places, std::less<>> of_snapshots;
  while (auto line = session.next()) {
    auto text = line->text;
    if (text.find("\"depthUpdate\"") != text.npos) {
      auto start = text.find(symbol_key);
      if (start == text.npos)
        continue;
      auto name = text.substr(start + symbol_key.size());
      widen(result[std::string{name.substr(0, name.find('"'))}], text);
    } else if (text.starts_with("{\"lastUpdateId\"")) {
      widen(of_snapshots[std::string{depth_symbol(line->address)}], text);
    }
  }
  auto merge = [](level_places& into, level_places from) {
    into.price = std::max(into.price, from.price);
    into.size = std::max(into.size, from.size);
  };
  for (auto& [symbol, places] : result) {
    merge(places, of_snapshots[symbol]);
    // Layouts without addresses do not say whose snapshot it is.
    merge(places, of_snapshots[""]);
  }
  return result;
}

} // namespace qalpha
