// Any bytes as what a WebSocket brings: frames end at the same places whatever
// the pieces in which the bytes come.

#include "runtime/net/frame_head.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using ends = std::vector<std::pair<size_t, bool>>;

/// @returns where frames end, and whether messages do.
ends cut_in_pieces(std::string_view bytes, size_t piece) {
  ends result;
  qalpha::frame_cut cut;
  for (size_t at = 0; at < bytes.size();) {
    auto part = bytes.substr(at, piece);
    auto taken = cut.take(part);
    if (taken == 0 || taken > part.size())
      std::abort();
    at += taken;
    // Less than there was, or the last byte of a frame.
    if (taken < part.size() || cut.between_messages())
      result.emplace_back(at, cut.between_messages());
  }
  return result;
}

ends messages_of(const ends& all) {
  ends result;
  std::copy_if(all.begin(), all.end(), std::back_inserter(result),
               [](auto& x) { return x.second; });
  return result;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view bytes{reinterpret_cast<const char*>(data), size};
  auto whole = messages_of(cut_in_pieces(bytes, std::max<size_t>(size, 1)));
  for (size_t piece : {1, 2, 3, 7, 64})
    if (messages_of(cut_in_pieces(bytes, piece)) != whole)
      std::abort();
  return 0;
}
