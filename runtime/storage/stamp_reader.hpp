// Times in a file.

#pragma once

#include "models/market/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// Reads times as whole numbers in s, ms, us or ns, told by their size; one
/// unit for the whole file.
class stamp_reader {
public:
  /// Reads up to a comma or the end of `rest`, which is then left there.
  /// @returns `nullopt` if there is no such time; `expected` then says why.
  std::optional<utc_time> read(std::string_view& rest);

  const std::string& expected() const noexcept {
    return expected_;
  }

private:
  // Nanoseconds in one unit; zero before the first time.
  int64_t unit_ns_ = 0;
  std::string expected_;
};

} // namespace qalpha
