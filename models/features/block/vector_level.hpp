// Which instructions of the processor the loops over many rows use.

#pragma once

#include <string_view>
#include <vector>

namespace qalpha {

/// All give the same bits.
enum class vector_level {
  plain,
  avx2,
  avx512,
};

std::string_view to_string(vector_level level) noexcept;

/// @returns what this processor can do, lowest first.
const std::vector<vector_level>& supported_vector_levels();

/// @returns the level that features made from now on use: the highest unless
///          somebody asked for another.
vector_level current_vector_level() noexcept;

/// Asks for a level for as long as it lives, to compare levels. For one thread.
class scoped_vector_level {
public:
  /// @pre `level` is supported
  explicit scoped_vector_level(vector_level level) noexcept;

  scoped_vector_level(const scoped_vector_level&) = delete;
  scoped_vector_level& operator=(const scoped_vector_level&) = delete;

  ~scoped_vector_level();

private:
  vector_level before_;
};

} // namespace qalpha
