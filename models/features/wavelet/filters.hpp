// The wavelets by name.

#pragma once

#include "models/machine/fallible.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace qalpha {

/// Daubechies', least asymmetric ones and coiflets, each by rising length. A
/// specification knows a wavelet by its index: new ones go to the end.
inline constexpr std::array<std::string_view, 56> wavelet_names{
  "db1",    "db2",    "db3",    "db4",    "db5",    "db6",    "db7",
  "db8",    "db9",    "db10",   "db11",   "db12",   "db13",   "db14",
  "db15",   "db16",   "db17",   "db18",   "db19",   "db20",   "sym2",
  "sym3",   "sym4",   "sym5",   "sym6",   "sym7",   "sym8",   "sym9",
  "sym10",  "sym11",  "sym12",  "sym13",  "sym14",  "sym15",  "sym16",
  "sym17",  "sym18",  "sym19",  "sym20",  "coif1",  "coif2",  "coif3",
  "coif4",  "coif5",  "coif6",  "coif7",  "coif8",  "coif9",  "coif10",
  "coif11", "coif12", "coif13", "coif14", "coif15", "coif16", "coif17",
};

/// An orthogonal wavelet by its decomposition filters.
struct wavelet {
  std::string_view name;
  /// Takes the smooth part; all others follow from it.
  std::span<const double> low;

  /// Number of taps; even.
  size_t length() const noexcept {
    return low.size();
  }

  /// @returns a tap of the filter that takes the detail.
  double high(size_t k) const noexcept {
    auto tap = low[low.size() - 1 - k];
    return k % 2 == 0 ? -tap : tap;
  }
};

/// @param index of `wavelet_names`
wavelet wavelet_at(size_t index) noexcept;

/// @returns the wavelet of that name, if there is one.
std::optional<wavelet> find_wavelet(std::string_view name) noexcept;

/// @returns how often a series can be halved before the filter is longer than
///          what is left; 0 if not once.
size_t highest_wavelet_level(size_t size, const wavelet& of) noexcept;

/// @returns a fault unless a series of that size can be halved so often.
std::optional<fault> wrong_level(size_t size, const wavelet& of, size_t levels);

} // namespace qalpha
