// Both ways to decode a frame give the same, whatever the frame.

#define CAF_SUITE decoder_agreement

#include "runtime/venues/binance/binance_decoder.hpp"
#include "runtime/venues/bybit/bybit_decoder.hpp"
#include "tests/models/random.hpp"
#include "tests/runtime/venues/venue_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

// Characters that mean something to a scanner.
constexpr std::string_view telling = "\"{}[]:,.0123456789-+eE \\tfnu\n\0\x7f";

char random_byte(dice& roll) {
  if (roll.chance(70))
    return telling[static_cast<size_t>(
      roll(0, static_cast<int64_t>(telling.size()) - 1))];
  return static_cast<char>(roll(0, 255));
}

void mutate(std::string& frame, dice& roll) {
  auto last = static_cast<int64_t>(frame.size()) - 1;
  if (last < 0)
    return;
  auto at = static_cast<size_t>(roll(0, last));
  switch (roll(0, 5)) {
    case 0:
      frame[at] = random_byte(roll);
      break;
    case 1:
      frame.insert(at, 1, random_byte(roll));
      break;
    case 2:
      frame.erase(at, static_cast<size_t>(roll(1, 3)));
      break;
    case 3:
      frame.resize(at);
      break;
    case 4: // a piece twice
      frame.insert(at, frame.substr(at, static_cast<size_t>(roll(1, 40))));
      break;
    default: // a digit for a digit keeps most layouts
      while (at < frame.size() && (frame[at] < '0' || frame[at] > '9'))
        ++at;
      if (at < frame.size())
        frame[at] = static_cast<char>('0' + roll(0, 9));
  }
}

template <class Decoder>
void check_mutations(const std::string& samples) {
  dice roll;
  Decoder decoder{two_symbols()};
  auto originals = sample_lines(samples);
  for (const auto& original : originals)
    for (auto round = 0; round < 2'000; ++round) {
      auto frame = original;
      for (auto count = roll(1, 3); count > 0; --count)
        mutate(frame, roll);
      if (!agree(decoder, frame)) {
        CAF_ERROR("the two ways differ on: " << frame);
        return;
      }
    }
}

} // namespace

CAF_TEST(samples_are_decoded_alike) {
  binance_decoder binance{two_symbols()};
  for (const auto& frame : sample_lines("binance_streams.jsonl")) {
    CAF_CHECK(agree(binance, frame));
    CAF_CHECK(!decode(binance, frame).fault);
  }
  bybit_decoder bybit{two_symbols()};
  for (const auto& frame : sample_lines("bybit_streams.jsonl")) {
    CAF_CHECK(agree(bybit, frame));
    CAF_CHECK(!decode(bybit, frame).fault);
  }
}

CAF_TEST(the_layouts_of_the_venues_need_no_general_parser) {
  // Answers, notices, arrays, and trades that were none of the market.
  binance_decoder binance{two_symbols()};
  message_list out;
  for (const auto& frame : sample_lines("binance_streams.jsonl"))
    binance.decode(frame, out);
  CAF_CHECK_EQUAL(binance.fallbacks(), 7u);
  // Answers, tickers, bars and liquidations.
  bybit_decoder bybit{two_symbols()};
  for (const auto& frame : sample_lines("bybit_streams.jsonl"))
    bybit.decode(frame, out);
  CAF_CHECK_EQUAL(bybit.fallbacks(), 10u);
}

CAF_TEST(mutated_binance_frames_are_decoded_alike) {
  check_mutations<binance_decoder>("binance_streams.jsonl");
}

CAF_TEST(mutated_bybit_frames_are_decoded_alike) {
  check_mutations<bybit_decoder>("bybit_streams.jsonl");
}

CAF_TEST(every_truncation_is_decoded_alike) {
  binance_decoder decoder{two_symbols()};
  for (const auto& frame : sample_lines("binance_streams.jsonl"))
    for (size_t size = 0; size < frame.size(); ++size) {
      auto result = decode(decoder, std::string_view{frame}.substr(0, size));
      CAF_REQUIRE(result.fault == decode_fault::malformed);
    }
}
