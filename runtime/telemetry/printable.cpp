#include "runtime/telemetry/printable.hpp"

#include <rapidjson/encodings.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/stringbuffer.h>

#include <algorithm>

namespace qalpha {

namespace {

// C0, DEL and C1: some terminals obey the one-byte forms of the last group.
bool steers_terminals(unsigned code_point) {
  return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
}

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

} // namespace

std::string printable(std::string_view raw) {
  rapidjson::MemoryStream in{raw.data(), raw.size()};
  rapidjson::StringBuffer out;
  while (in.Tell() < raw.size()) {
    unsigned code_point = 0;
    if (!rapidjson::UTF8<>::Decode(in, &code_point)
        || steers_terminals(code_point))
      code_point = '?';
    rapidjson::UTF8<>::Encode(out, code_point);
  }
  return {out.GetString(), out.GetSize()};
}

size_t columns_of(std::string_view text) {
  return static_cast<size_t>(
    std::count_if(text.begin(), text.end(), begins_character));
}

std::string shortened(std::string_view text, size_t columns) {
  if (columns_of(text) <= columns)
    return std::string{text};
  size_t end = 0;
  for (size_t seen = 0; end < text.size(); ++end)
    if (begins_character(text[end]) && seen++ == columns - 3)
      break;
  return std::string{text.substr(0, end)} + "...";
}

} // namespace qalpha
