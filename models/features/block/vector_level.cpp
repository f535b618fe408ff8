#include "models/features/block/vector_level.hpp"

#include <atomic>

namespace qalpha {

namespace {

std::vector<vector_level> find_supported() {
  std::vector<vector_level> result{vector_level::plain};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2"))
    result.push_back(vector_level::avx2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
      && __builtin_cpu_supports("avx512vl"))
    result.push_back(vector_level::avx512);
#endif
  return result;
}

std::atomic<vector_level>& current() noexcept {
  static std::atomic<vector_level> level{supported_vector_levels().back()};
  return level;
}

} // namespace

std::string_view to_string(vector_level level) noexcept {
  switch (level) {
    case vector_level::avx2:
      return "AVX2";
    case vector_level::avx512:
      return "AVX-512";
    default:
      return "plain";
  }
}

const std::vector<vector_level>& supported_vector_levels() {
  static const auto result = find_supported();
  return result;
}

vector_level current_vector_level() noexcept {
  return current().load();
}

scoped_vector_level::scoped_vector_level(vector_level level) noexcept
  : before_(current().exchange(level)) {
  // nop
}

scoped_vector_level::~scoped_vector_level() {
  current() = before_;
}

} // namespace qalpha
