// Why a recording was not played.

#pragma once

#include <cstdint>
#include <string>

namespace qalpha {

struct recording_refusal {
  enum class kind : uint8_t {
    /// There is no such recording, or no such symbol in it.
    not_found,
    /// It holds more than one symbol, and none was chosen.
    ambiguous,
    /// It is damaged, or of another product.
    data,
  };

  kind what = kind::data;
  std::string text;
};

} // namespace qalpha
