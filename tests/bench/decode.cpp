// Decoding of depth and trade messages, against RapidJSON and simdjson on the
// same bytes in the same run.
//
// Every contender ends with checked integers in ticks and lots inside the same
// message types; only the way there differs. Contenders take turns, a few
// milliseconds each, and the best turn counts: on a shared machine anything
// else measures the neighbours.
//
//   build/release/tests/bench/bench_decode
//
// With QALPHA_DATA set, recorded depth messages are measured as well.

#include "runtime/venues/binance/binance_decoder.hpp"

#include <rapidjson/reader.h>
#include <simdjson.h>
#include <zlib.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace qalpha;

namespace {

using clock_type = std::chrono::steady_clock;

universe one_symbol() {
  return {*instrument::make(
    symbol_id{0},
    {.name = "BTCUSDT", .tick_e8 = 10'000'000, .lot_e8 = 100'000})};
}

// -- messages
// ------------------------------------------------------------------

std::string fixed(int64_t value, int places) {
  auto digits = std::to_string(value);
  while (digits.size() <= static_cast<size_t>(places))
    digits.insert(0, 1, '0');
  digits.insert(digits.size() - static_cast<size_t>(places), 1, '.');
  return digits;
}

std::string levels(std::mt19937& dice, int count) {
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
std::vector<std::string> depth_messages() {
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

std::vector<std::string> trade_messages() {
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
std::vector<std::string> recorded_depth() {
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

// -- contenders
// ------------------------------------------------------------------

/// A plain loop over the digits: what peers are given, since theirs end in
/// doubles, which are not exact.
std::optional<int64_t> digits_in_steps(std::string_view text, int64_t step_e8) {
  int64_t digits = 0;
  int64_t unit = 100'000'000;
  auto has_point = false;
  if (text.empty() || text.size() > 18)
    return std::nullopt;
  for (auto c : text) {
    if (c == '.' && !has_point) {
      has_point = true;
      continue;
    }
    if (c < '0' || c > '9')
      return std::nullopt;
    digits = digits * 10 + (c - '0');
    unit /= has_point ? 10 : 1;
  }
  int64_t value = 0;
  if (unit == 0 || __builtin_mul_overflow(digits, unit, &value)
      || value % step_e8 != 0)
    return std::nullopt;
  return value / step_e8;
}

/// What a program would write around a SAX reader: a handler that remembers the
/// key and checks every value.
class sax_handler
  : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, sax_handler> {
public:
  sax_handler(const instrument& traded, symbol_depth& depth,
              public_trade& trade)
    : traded_(traded), depth_(depth), trade_(trade) {
    // nop
  }

  bool Default() {
    return true;
  }

  bool Bool(bool x) {
    trade_.aggressor = x ? side::sell : side::buy;
    return true;
  }

  bool Uint(unsigned x) {
    return Uint64(x);
  }

  bool Uint64(uint64_t x) {
    if (key_ == "E")
      depth_.sent.ns = static_cast<int64_t>(x) * 1'000'000;
    else if (key_ == "T")
      depth_.update.time.ns = static_cast<int64_t>(x) * 1'000'000;
    else if (key_ == "U")
      depth_.update.first = x;
    else if (key_ == "u")
      depth_.update.last = x;
    else if (key_ == "pu")
      depth_.update.previous = x;
    else if (key_ == "a")
      trade_.id = x;
    return true;
  }

  bool String(const char* text, rapidjson::SizeType size, bool) {
    std::string_view value{text, size};
    if (nesting_ == 2)
      return level(value);
    if (key_ == "s")
      return value == traded_.name();
    if (key_ == "p")
      return steps(value, traded_.rules().tick_e8, trade_.px.ticks);
    if (key_ == "q")
      return steps(value, traded_.rules().lot_e8, trade_.qty.lots);
    return true;
  }

  bool Key(const char* text, rapidjson::SizeType size, bool) {
    key_ = {text, size};
    return true;
  }

  bool StartArray() {
    ++nesting_;
    is_price_ = true;
    return true;
  }

  bool EndArray(rapidjson::SizeType) {
    --nesting_;
    return true;
  }

private:
  static bool steps(std::string_view text, int64_t step, int64_t& out) {
    auto result = digits_in_steps(text, step);
    out = result.value_or(0);
    return result.has_value();
  }

  bool level(std::string_view value) {
    auto& side = key_ == "b" ? depth_.update.bids : depth_.update.asks;
    if (is_price_) {
      is_price_ = false;
      return steps(value, traded_.rules().tick_e8,
                   side.emplace_back().px.ticks);
    }
    return steps(value, traded_.rules().lot_e8, side.back().qty.lots);
  }

  const instrument& traded_;
  symbol_depth& depth_;
  public_trade& trade_;
  std::string_view key_;
  int nesting_ = 0;
  bool is_price_ = false;
};

/// Sums that show that all contenders read the same.
struct checksum {
  uint64_t value = 0;

  void add(const symbol_depth& x) {
    value += x.update.last + static_cast<uint64_t>(x.sent.ns);
    for (auto side : {&x.update.bids, &x.update.asks})
      for (const auto& level : *side)
        value += static_cast<uint64_t>(level.px.ticks * 3 + level.qty.lots);
  }

  void add(const public_trade& x) {
    value += x.id + static_cast<uint64_t>(x.px.ticks * 3 + x.qty.lots)
             + (x.aggressor == side::buy ? 1 : 0);
  }
};

using contender = std::function<uint64_t(const std::vector<std::string>&)>;

contender own_decoder(bool scanned) {
  auto decoder = std::make_shared<binance_decoder>(one_symbol());
  auto out = std::make_shared<message_list>();
  return [=](const std::vector<std::string>& messages) {
    checksum sum;
    for (const auto& message : messages) {
      auto fault = scanned ? decoder->decode(message, *out)
                           : decoder->decode_json(message, *out);
      if (fault)
        std::abort();
      if (auto depth = std::get_if<symbol_depth>(&(*out)[0]))
        sum.add(*depth);
      else
        sum.add(std::get<public_trade>((*out)[0]));
    }
    return sum.value;
  };
}

contender rapidjson_sax(bool is_depth) {
  return [is_depth](const std::vector<std::string>& messages) {
    static const auto traded = one_symbol();
    static std::vector<char> buffer(1 << 20);
    static symbol_depth depth;
    static public_trade trade;
    checksum sum;
    for (const auto& message : messages) {
      std::memcpy(buffer.data(), message.c_str(), message.size() + 1);
      depth.update.bids.clear();
      depth.update.asks.clear();
      sax_handler handler{traded[0], depth, trade};
      rapidjson::InsituStringStream in{buffer.data()};
      rapidjson::Reader reader;
      if (reader.Parse<rapidjson::kParseInsituFlag>(in, handler).IsError())
        std::abort();
      is_depth ? sum.add(depth) : sum.add(trade);
    }
    return sum.value;
  };
}

int64_t need_steps(std::string_view text, int64_t step) {
  auto result = digits_in_steps(text, step);
  if (!result)
    std::abort();
  return *result;
}

void read_levels(simdjson::ondemand::array list, const instrument& traded,
                 std::vector<level_change>& out) {
  for (simdjson::ondemand::array level : list) {
    auto i = level.begin().value();
    auto px = need_steps((*i).get_string().value(), traded.rules().tick_e8);
    ++i;
    auto qty = need_steps((*i).get_string().value(), traded.rules().lot_e8);
    out.push_back({price{px}, quantity{qty}});
  }
}

contender simdjson_on_demand(bool is_depth) {
  auto parser = std::make_shared<simdjson::ondemand::parser>();
  return [=](const std::vector<std::string>& messages) {
    static const auto traded = one_symbol();
    static std::vector<char> buffer((1 << 20) + simdjson::SIMDJSON_PADDING);
    static symbol_depth depth;
    static public_trade trade;
    const auto& rules = traded[0].rules();
    checksum sum;
    for (const auto& message : messages) {
      std::memcpy(buffer.data(), message.data(), message.size());
      auto document = parser->iterate(buffer.data(), message.size(),
                                      buffer.size());
      auto data = document["data"].get_object().value();
      std::string_view kind = data["e"].get_string().value();
      auto ms = [&](const char* key) {
        return static_cast<int64_t>(data[key].get_uint64().value()) * 1'000'000;
      };
      if (is_depth) {
        auto& update = depth.update;
        update.bids.clear();
        update.asks.clear();
        depth.sent.ns = ms("E");
        update.time.ns = ms("T");
        std::string_view symbol = data["s"].get_string().value();
        update.first = data["U"].get_uint64().value();
        update.last = data["u"].get_uint64().value();
        update.previous = data["pu"].get_uint64().value();
        read_levels(data["b"].get_array().value(), traded[0], update.bids);
        read_levels(data["a"].get_array().value(), traded[0], update.asks);
        if (kind != "depthUpdate" || symbol != traded[0].name())
          std::abort();
        sum.add(depth);
      } else {
        trade.sent.ns = ms("E");
        trade.id = data["a"].get_uint64().value();
        std::string_view symbol = data["s"].get_string().value();
        trade.px.ticks = need_steps(data["p"].get_string().value(),
                                    rules.tick_e8);
        trade.qty.lots = need_steps(data["q"].get_string().value(),
                                    rules.lot_e8);
        trade.time.ns = ms("T");
        trade.aggressor = data["m"].get_bool().value() ? side::sell : side::buy;
        if (kind != "aggTrade" || symbol != traded[0].name())
          std::abort();
        sum.add(trade);
      }
    }
    return sum.value;
  };
}

// -- the contest
// -----------------------------------------------------------------

void compare(const char* title, const std::vector<std::string>& messages,
             bool is_depth) {
  if (messages.empty())
    return;
  size_t bytes = 0;
  for (const auto& message : messages)
    bytes += message.size();
  std::vector<std::pair<const char*, contender>> all{
    {"scanner with fallback", own_decoder(true)},
    {"RapidJSON DOM, reference", own_decoder(false)},
    {"RapidJSON SAX in situ", rapidjson_sax(is_depth)},
    {"simdjson on-demand", simdjson_on_demand(is_depth)}};
  std::vector<double> best(all.size(), 1e18);
  std::vector<uint64_t> sums(all.size());
  for (auto turn = 0; turn < 60; ++turn)
    for (size_t i = 0; i < all.size(); ++i) {
      auto start = clock_type::now();
      sums[i] = all[i].second(messages);
      auto spent
        = std::chrono::duration<double, std::nano>(clock_type::now() - start);
      best[i] = std::min(best[i],
                         spent.count() / static_cast<double>(messages.size()));
    }
  std::printf("%s: %zu messages of %zu bytes\n", title, messages.size(),
              bytes / messages.size());
  for (size_t i = 0; i < all.size(); ++i)
    std::printf("  %-26s %8.0f ns  %6.2f x the scanner  %s\n", all[i].first,
                best[i], best[i] / best[0],
                sums[i] == sums[0] ? "same sum" : "OTHER SUM");
}

} // namespace

int main() {
  compare("depth", depth_messages(), true);
  compare("depth, recorded", recorded_depth(), true);
  compare("aggTrade", trade_messages(), false);
  return 0;
}
