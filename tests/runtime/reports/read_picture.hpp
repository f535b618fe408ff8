// Pictures as tests read them.

#pragma once

#include <caf/test/unit_test.hpp>

#include <zlib.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace qalpha::test {

inline size_t count(const std::string& text, std::string_view part) {
  size_t result = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at)
    ++result;
  return result;
}

struct decoded_png {
  uint32_t width = 0;
  uint32_t height = 0;
  std::string rows;

  std::array<uint8_t, 3> pixel(size_t x, size_t y) const {
    auto at = y * (3 * width + 1) + 1 + 3 * x;
    return {static_cast<uint8_t>(rows[at]), static_cast<uint8_t>(rows[at + 1]),
            static_cast<uint8_t>(rows[at + 2])};
  }

  size_t pixels_of(const std::array<uint8_t, 3>& color) const {
    size_t result = 0;
    for (size_t y = 0; y < height; ++y)
      for (size_t x = 0; x < width; ++x)
        if (pixel(x, y) == color)
          ++result;
    return result;
  }
};

inline uint32_t number(const std::string& bytes, size_t at) {
  uint32_t result = 0;
  for (size_t i = 0; i < 4; ++i)
    result = result << 8 | static_cast<uint8_t>(bytes[at + i]);
  return result;
}

// Reads what png_canvas writes; every checksum has to be right.
inline decoded_png decode(const std::string& file) {
  decoded_png result;
  CAF_REQUIRE(file.starts_with("\x89PNG\r\n\x1A\n"));
  std::string last;
  for (size_t at = 8; at < file.size();) {
    auto size = number(file, at);
    last = file.substr(at + 4, 4);
    auto content = file.substr(at + 8, size);
    auto sum = crc32(0, reinterpret_cast<const Bytef*>(&file[at + 4]),
                     size + 4);
    CAF_REQUIRE_EQUAL(number(file, at + 8 + size), sum);
    if (last == "IHDR") {
      result.width = number(content, 0);
      result.height = number(content, 4);
    } else if (last == "IDAT") {
      uLongf length = (3 * result.width + 1) * result.height;
      result.rows.resize(length);
      CAF_REQUIRE_EQUAL(
        uncompress(reinterpret_cast<Bytef*>(result.rows.data()), &length,
                   reinterpret_cast<const Bytef*>(content.data()), size),
        Z_OK);
      CAF_REQUIRE_EQUAL(length, result.rows.size());
    }
    at += 12 + size;
  }
  CAF_CHECK_EQUAL(last, "IEND");
  return result;
}

} // namespace qalpha::test
