// What the tests of decoders share: instruments, samples, and both ways to
// decode a frame.

#pragma once

#include "models/market/instrument.hpp"
#include "runtime/venues/message_list.hpp"
#include "tests/models/golden_files.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha::test {

inline instrument make_instrument(uint16_t index, std::string name,
                                  int64_t tick_e8, int64_t lot_e8) {
  auto result = instrument::make(
    symbol_id{index},
    {.name = std::move(name), .tick_e8 = tick_e8, .lot_e8 = lot_e8});
  if (!result)
    throw std::runtime_error{result.error().text};
  return *result;
}

/// BTCUSDT with a tick of 0.1 and a lot of 0.001; XRPUSDT with a tick of 0.0001
/// and a lot of 1.
inline universe two_symbols() {
  return {make_instrument(0, "BTCUSDT", 10'000'000, 100'000),
          make_instrument(1, "XRPUSDT", 10'000, 100'000'000)};
}

/// @returns the lines of a golden file.
inline std::vector<std::string> sample_lines(const std::string& name) {
  std::istringstream in{golden_text("venues/" + name)};
  std::vector<std::string> result;
  for (std::string line; std::getline(in, line);)
    result.push_back(line);
  return result;
}

/// A frame after decoding.
struct outcome {
  std::optional<decode_fault> fault;
  message_list messages;

  friend bool operator==(const outcome&, const outcome&) = default;
};

template <class Decoder>
outcome decode(Decoder& decoder, std::string_view frame) {
  outcome result;
  result.fault = decoder.decode(frame, result.messages);
  return result;
}

template <class Decoder>
outcome decode_json(Decoder& decoder, std::string_view frame) {
  outcome result;
  result.fault = decoder.decode_json(frame, result.messages);
  return result;
}

/// @returns whether both ways give the same messages or the same fault, and no
///          messages with a fault.
template <class Decoder>
bool agree(Decoder& decoder, std::string_view frame) {
  auto fast = decode(decoder, frame);
  return fast == decode_json(decoder, frame)
         && (!fast.fault || fast.messages.empty());
}

/// @returns the folder of recorded messages, if there is one.
inline std::optional<std::filesystem::path> recorded_folder() {
  auto data = std::getenv("QALPHA_DATA");
  auto root = std::filesystem::path{data ? data : "../shared/data"};
  if (!std::filesystem::exists(root / "recorded"))
    return std::nullopt;
  return root / "recorded";
}

} // namespace qalpha::test
