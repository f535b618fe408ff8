// Recorded messages of both venues are decoded by both ways alike.

#define CAF_SUITE recorded_messages

#include "runtime/venues/binance/binance_answers.hpp"
#include "runtime/venues/binance/binance_decoder.hpp"
#include "runtime/venues/bybit/bybit_decoder.hpp"
#include "tests/runtime/venues/venue_fixture.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <caf/test/unit_test.hpp>

#include <zlib.h>

#include <array>
#include <fstream>
#include <functional>
#include <map>

using namespace qalpha;
using namespace qalpha::test;

namespace fs = std::filesystem;

namespace {

/// Calls `use` with each line of a compressed file, without its prefix, which
/// is a time and perhaps an address.
void for_each_line(const fs::path& path,
                   const std::function<void(std::string_view)>& use) {
  auto file = gzopen(path.c_str(), "rb");
  CAF_REQUIRE(file != nullptr);
  std::vector<char> buffer(1 << 20);
  while (gzgets(file, buffer.data(), static_cast<int>(buffer.size()))) {
    std::string_view line{buffer.data()};
    auto start = line.find('{');
    if (start != line.npos)
      use(line.substr(start, line.rfind('}') + 1 - start));
  }
  gzclose(file);
}

/// How many messages of each type there were, and how many faults.
struct tally {
  std::map<size_t, size_t> messages;
  std::map<decode_fault, size_t> faults;
  size_t frames = 0;

  template <class Decoder>
  void add(Decoder& decoder, std::string_view frame) {
    ++frames;
    CAF_REQUIRE(agree(decoder, frame));
    auto result = decode(decoder, frame);
    if (result.fault)
      ++faults[*result.fault];
    for (const auto& x : result.messages)
      ++messages[x.index()];
  }

  template <class T>
  size_t count() {
    return messages[venue_message{T{}}.index()];
  }
};

std::string read_file(const fs::path& path) {
  std::ifstream in{path};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string minified(const rapidjson::Value& x) {
  rapidjson::StringBuffer out;
  rapidjson::Writer<rapidjson::StringBuffer> writer{out};
  x.Accept(writer);
  return {out.GetString(), out.GetSize()};
}

universe fixture_symbols() {
  return {make_instrument(0, "BTCUSDT", 1'000'000, 100'000),
          make_instrument(1, "BNBUSDT", 10'000, 1'000'000),
          make_instrument(2, "XRPUSDT", 10'000, 100'000'000),
          make_instrument(3, "ROSEUSDT", 1'000, 100'000'000)};
}

/// Adds every message of the fixtures below `folder`, as it is and on one line.
template <class Decoder>
void add_fixtures(const fs::path& folder, Decoder& decoder, tally& all) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    auto extension = entry.path().extension();
    if (extension == ".json") {
      auto text = read_file(entry.path());
      all.add(decoder, text);
      rapidjson::Document document;
      if (!document.Parse(text.c_str()).HasParseError())
        all.add(decoder, minified(document));
    } else if (extension == ".jsonl") {
      std::istringstream lines{read_file(entry.path())};
      for (std::string line; std::getline(lines, line);) {
        rapidjson::Document document;
        if (!document.Parse(line.c_str()).HasParseError()
            && document.HasMember("msg"))
          all.add(decoder, minified(document["msg"]));
      }
    }
  }
}

} // namespace

CAF_TEST(the_session_of_2024_needs_no_general_parser) {
  auto root = recorded_folder();
  if (!root) {
    CAF_MESSAGE("no market data here, nothing to do");
    return;
  }
  binance_decoder decoder{two_symbols()};
  tally all;
  auto snapshots = 0;
  auto path = *root / "binance_usdm/btcusdt_20240808.gz";
  for_each_line(path, [&](std::string_view frame) {
    if (frame.starts_with("{\"lastUpdateId\"")) {
      auto snapshot = read_binance_depth(frame, two_symbols()[0]);
      CAF_REQUIRE(snapshot);
      CAF_CHECK_EQUAL(snapshot->last, 5'123'107'852'948u);
      CAF_CHECK_EQUAL(snapshot->bids.size(), 1'000u);
      CAF_CHECK_EQUAL(snapshot->asks.size(), 1'000u);
      ++snapshots;
      return;
    }
    all.add(decoder, frame);
  });
  CAF_CHECK_EQUAL(snapshots, 1);
  CAF_CHECK(all.faults.empty());
  CAF_CHECK_EQUAL(all.count<best_prices>(), 66'089u);
  CAF_CHECK_EQUAL(all.count<public_trade>(), 21'313u);
  CAF_CHECK_EQUAL(all.count<symbol_depth>(), 6'551u);
  CAF_CHECK_EQUAL(decoder.fallbacks(), 0u);
}

CAF_TEST(the_session_of_2021_needs_no_general_parser) {
  auto root = recorded_folder();
  if (!root) {
    CAF_MESSAGE("no market data here, nothing to do");
    return;
  }
  auto folder = *root / "binance_usdm/cryptofeed_2021";
  universe symbols;
  for_each_line(folder / "BINANCE_FUTURES.0.gz", [&](std::string_view answer) {
    auto rules = read_binance_rules(
      answer, {"SUSHIUSDT", "AKROUSDT", "KEEPUSDT", "CTKUSDT"});
    if (!rules) // the other answer in the file
      return;
    for (const auto& x : *rules)
      symbols.push_back(
        *instrument::make(symbol_id{static_cast<uint16_t>(symbols.size())}, x));
  });
  CAF_REQUIRE_EQUAL(symbols.size(), 4u);
  CAF_CHECK_EQUAL(symbols[1].rules().tick_e8, 1'000);
  CAF_CHECK_EQUAL(symbols[1].rules().min_notional.e8, 500'000'000);
  binance_decoder decoder{symbols};
  tally all;
  for_each_line(folder / "BINANCE_FUTURES.ws.1.0.gz",
                [&](std::string_view frame) { all.add(decoder, frame); });
  CAF_CHECK(all.faults.empty());
  CAF_CHECK_EQUAL(all.count<symbol_depth>(), 764u);
  CAF_CHECK_EQUAL(all.count<public_trade>(), 91u);
  CAF_CHECK_EQUAL(all.count<best_prices>(), 613u);
  CAF_CHECK_EQUAL(all.count<venue_bar>(), 67u);
  CAF_CHECK_EQUAL(decoder.fallbacks(), 0u);
}

CAF_TEST(a_session_of_spot_is_refused_as_a_whole) {
  auto root = recorded_folder();
  if (!root) {
    CAF_MESSAGE("no market data here, nothing to do");
    return;
  }
  auto spot = make_instrument(0, "ETHUSDT", 1'000'000, 10'000);
  binance_decoder decoder{universe{spot}};
  tally all;
  size_t snapshots = 0;
  auto path = *root / "binance_usdm/negative_spot_ethusdt_20240808.gz";
  for_each_line(path, [&](std::string_view frame) {
    if (frame.starts_with("{\"lastUpdateId\"")) {
      ++snapshots;
      CAF_CHECK(!read_binance_depth(frame, spot));
      return;
    }
    all.add(decoder, frame);
  });
  CAF_CHECK_GREATER(snapshots, 0u);
  CAF_CHECK_EQUAL(all.frames, 33'617u);
  CAF_CHECK_EQUAL(all.faults[decode_fault::wrong_product], all.frames);
}

CAF_TEST(single_messages_of_every_kind_are_decoded_alike) {
  auto root = recorded_folder();
  if (!root) {
    CAF_MESSAGE("no market data here, nothing to do");
    return;
  }
  binance_decoder binance{fixture_symbols()};
  bybit_decoder bybit{fixture_symbols()};
  tally of_binance;
  tally of_bybit;
  for (auto folder :
       {"binance_usdm/fixtures", "bybit_v5", "source_comment_samples"}) {
    add_fixtures(*root / folder, binance, of_binance);
    add_fixtures(*root / folder, bybit, of_bybit);
  }
  CAF_CHECK_GREATER(of_binance.frames, 400u);
  CAF_CHECK_GREATER(of_binance.count<mark_state>(), 0u);
  CAF_CHECK_GREATER(of_binance.count<liquidation>(), 0u);
  CAF_CHECK_GREATER(of_binance.count<best_prices>(), 0u);
  CAF_CHECK_GREATER(of_bybit.count<symbol_snapshot>(), 0u);
  CAF_CHECK_GREATER(of_bybit.count<symbol_depth>(), 0u);
  CAF_CHECK_GREATER(of_bybit.count<public_trade>(), 0u);
  CAF_CHECK_GREATER(of_bybit.count<mark_state>(), 0u);
  CAF_CHECK_GREATER(of_bybit.count<venue_bar>(), 0u);
  CAF_CHECK_GREATER(of_bybit.count<liquidation>(), 0u);
  CAF_CHECK_GREATER(of_bybit.count<venue_reply>(), 0u);
}
