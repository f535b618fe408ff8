// Random numbers that are the same on every machine and compiler.

#pragma once

#include <caf/meta/type_name.hpp>

#include <array>
#include <bit>
#include <cstdint>

namespace qalpha {

/// xoshiro256++ (Blackman and Vigna), seeded with splitmix64. The state is
/// plain data. All results are integers: libraries differ in the last bit of
/// `exp` and `log`, and compilers fuse multiplications, so a path computed in
/// floating point would not be the same everywhere.
class random_stream {
public:
  random_stream() = default;

  /// @param stream tells streams of one seed apart
  random_stream(uint64_t seed, uint64_t stream) {
    auto x = seed ^ (stream * 0x9E3779B97F4A7C15u);
    for (auto& word : state_) {
      x += 0x9E3779B97F4A7C15u;
      auto z = x;
      z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
      z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
      word = z ^ (z >> 31);
    }
  }

  uint64_t next() {
    auto result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    auto shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  /// @returns one of 0 .. `bound` − 1, as good as evenly distributed.
  /// @pre `0 < bound < 2^32`
  int64_t below(int64_t bound) {
    return static_cast<int64_t>((next() >> 32) * static_cast<uint64_t>(bound)
                                >> 32);
  }

  /// @returns `true` in `share` of 65'536 cases.
  bool chance(int64_t share) {
    return static_cast<int64_t>(next() >> 48) < share;
  }

  /// @returns a normal variate times 65'536: the sum of eight even ones, which
  ///          ends at 4.9 standard deviations.
  int64_t normal_q16() {
    int64_t sum = 0;
    for (auto word : {next(), next()})
      for (int shift = 0; shift < 64; shift += 16)
        sum += static_cast<int64_t>(word >> shift & 0xFFFF);
    // The sum has mean 4 × 65'535 and standard deviation 53'510.
    return (sum - 4 * 65'535) * 65'536 / 53'510;
  }

  /// @returns k with probability 2^−(k+1), at most `limit`.
  int geometric(int limit) {
    auto zeros = std::countr_zero(next());
    return zeros < limit ? zeros : limit;
  }

  friend bool operator==(const random_stream&, const random_stream&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, random_stream& x) {
    return f(caf::meta::type_name("random_stream"), x.state_);
  }

private:
  std::array<uint64_t, 4> state_{};
};

} // namespace qalpha
