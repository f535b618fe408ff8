// Random numbers of training, the same for a seed on every machine.

#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <utility>
#include <vector>

namespace qalpha {

/// xoshiro256++ (Blackman and Vigna), seeded with splitmix64. Whoever needs
/// numbers makes one from the seed of the run and the number of what they are
/// for (a step, an epoch): a run that goes on after a stop then draws what it
/// would have drawn, and has nothing to remember.
class seeded_random {
public:
  /// @param stream tells streams of one seed apart
  seeded_random(uint64_t seed, uint64_t stream) noexcept {
    auto x = seed ^ (stream * 0x9E3779B97F4A7C15u);
    for (auto& word : state_) {
      x += 0x9E3779B97F4A7C15u;
      auto z = x;
      z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
      z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
      word = z ^ (z >> 31);
    }
  }

  uint64_t next() noexcept {
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

  /// @returns one of 0 .. `bound` - 1.
  /// @pre `0 < bound < 2^32`
  size_t below(size_t bound) noexcept {
    return static_cast<size_t>((next() >> 32) * bound >> 32);
  }

  /// @returns a value in [0, 1).
  double uniform() noexcept {
    return static_cast<double>(next() >> 11) * 0x1p-53;
  }

  /// @returns a standard normal variate (Box and Muller).
  double normal() noexcept {
    auto radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }

private:
  std::array<uint64_t, 4> state_{};
};

/// Puts values into an order that depends on the generator only.
template <class T>
void shuffle(std::vector<T>& values, seeded_random& random) {
  for (auto left = values.size(); left > 1; --left)
    std::swap(values[left - 1], values[random.below(left)]);
}

} // namespace qalpha
