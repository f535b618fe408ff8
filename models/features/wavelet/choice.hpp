// Which wavelet, and how many levels. Chosen on the rows of a training set when
// a model is trained, and kept until the next time; never a bar at a time.

#pragma once

#include "models/features/wavelet/filters.hpp"
#include "models/machine/fallible.hpp"

#include <span>
#include <vector>

namespace qalpha {

/// @returns all but three levels of those possible, at least one and at most
///          five, for a series that can be halved at all.
size_t usual_wavelet_level(size_t size, const wavelet& of) noexcept;

/// @returns the highest level whose details hold more than a hundredth of the
///          energy of all details up to it and of whose length a window has
///          four, or a fault if the series is too short or not finite.
fallible<size_t> wavelet_level_by_energy(std::span<const double> x,
                                         const wavelet& of, size_t window);

/// How well a wavelet gathers the details of a series.
struct wavelet_score {
  wavelet of;
  size_t level;
  /// Sum of the squared details.
  double energy;
  /// Of the shares in the energy, in nats.
  double entropy;
  /// Of energy to entropy: more energy in fewer details is better.
  double ratio;
};

/// Short ones of the three families.
std::vector<wavelet> usual_wavelets();

/// @returns the candidates, best first, the shorter filter first among equals;
///          or a fault if the series is too short for one of them, or not
///          finite.
fallible<std::vector<wavelet_score>>
rank_wavelets(std::span<const double> x, std::span<const wavelet> candidates);

} // namespace qalpha
