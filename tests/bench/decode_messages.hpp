// Messages to decode: generated ones in the proportions of the recorded
// sessions, and the recorded ones where they are present.

#pragma once

#include <zlib.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha::bench {

inline std::string fixed(int64_t value, int places) {
  auto digits = std::to_string(value);
  while (digits.size() <= static_cast<size_t>(places))
    digits.insert(0, 1, '0');
  digits.insert(digits.size() - static_cast<size_t>(places), 1, '.');
  return digits;
}

inline std::string levels(std::mt19937& dice, int count) {
  std::string result = "[";
  for (auto i = 0; i < count; ++i) {
    auto price = 600'000 + static_cast<int64_t>(dice() % 2'000);
    // As recorded: a third removes a level, and few sizes have two digits.
    auto size = dice() % 3 == 0 ? 0 : static_cast<int64_t>(dice() % 2'000);
    size = dice() % 12 == 0 ? size * 10 : size;
    result += (i ? "," : "") + ("[\"" + fixed(price * 10, 2)) + "\",\""
              + fixed(size, 3) + "\"]";
  }
  return result + "]";
}

/// About 33 levels, as the recorded sessions have on average.
inline std::vector<std::string> depth_messages() {
  std::mt19937 dice{1};
  std::vector<std::string> result;
  uint64_t id = 5'123'107'832'006;
  for (auto i = 0; i < 256; ++i) {
    auto last = id + 5'000;
    result.push_back(
      "{\"stream\":\"btcusdt@depth@100ms\",\"data\":{\"e\":\"depthUpdate\","
      "\"E\":1723161256299,\"T\":1723161256298,\"s\":\"BTCUSDT\",\"U\":"
      + std::to_string(id) + ",\"u\":" + std::to_string(last)
      + ",\"pu\":" + std::to_string(id - 1)
      + ",\"b\":" + levels(dice, 10 + static_cast<int>(dice() % 14))
      + ",\"a\":" + levels(dice, 10 + static_cast<int>(dice() % 14)) + "}}");
    id = last + 1;
  }
  return result;
}

inline std::vector<std::string> trade_messages() {
  std::mt19937 dice{2};
  std::vector<std::string> result;
  for (auto i = 0; i < 256; ++i)
    result.push_back(
      "{\"stream\":\"btcusdt@aggTrade\",\"data\":{\"e\":\"aggTrade\",\"E\":"
      "1723161256322,\"a\":"
      + std::to_string(2'266'583'935 + i) + ",\"s\":\"BTCUSDT\",\"p\":\""
      + fixed(6'180'000 + static_cast<int64_t>(dice() % 200) * 10, 2)
      + "\",\"q\":\"" + fixed(1 + static_cast<int64_t>(dice() % 3'000), 3)
      + "\",\"f\":5266583935,\"l\":5266583936,\"T\":1723161256320,\"m\":"
      + (dice() % 2 ? "true" : "false") + "}}");
  return result;
}

/// The first recorded depth messages, if there are any here.
inline std::vector<std::string> recorded_depth() {
  std::vector<std::string> result;
  auto data = std::getenv("QALPHA_DATA");
  auto path = std::string{data ? data : "../shared/data"}
              + "/recorded/binance_usdm/btcusdt_20240808.gz";
  auto file = gzopen(path.c_str(), "rb");
  if (!file)
    return result;
  std::vector<char> line(1 << 20);
  while (result.size() < 2'048
         && gzgets(file, line.data(), static_cast<int>(line.size()))) {
    std::string_view text{line.data()};
    auto start = text.find(' ');
    if (text.find("depthUpdate") == text.npos)
      continue;
    text = text.substr(start + 1);
    result.emplace_back(text.substr(0, text.find_last_of('}') + 1));
  }
  gzclose(file);
  return result;
}

} // namespace qalpha::bench
