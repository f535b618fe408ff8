#include "models/features/wavelet/transform.hpp"

#include <algorithm>
#include <string>

namespace qalpha {

// -- one level
// ------------------------------------------------------------------------

wavelet_step::wavelet_step(const wavelet& of, wavelet_boundary boundary)
  : taps_(of), boundary_(boundary),
    reach_(boundary == wavelet_boundary::periodization ? taps_.half - 1
                                                       : 2 * taps_.half - 2) {
  // nop
}

size_t wavelet_step::coefficients(size_t values) const noexcept {
  if (boundary_ == wavelet_boundary::periodization)
    return (values + 1) / 2;
  return (values + 2 * taps_.half - 1) / 2;
}

void wavelet_step::split(std::span<const double> x, double* low, double* high) {
  auto count = coefficients(x.size());
  auto pairs = count + taps_.half - 1;
  even_.resize(std::max(even_.size(), pairs));
  odd_.resize(std::max(odd_.size(), pairs));
  auto put = [&](size_t place) {
    auto index = static_cast<ptrdiff_t>(place) - static_cast<ptrdiff_t>(reach_);
    (place % 2 == 0 ? even_ : odd_)[place / 2] = extended_value(x, index,
                                                                boundary_);
  };
  // The pairs that lie wholly within the series need no extension.
  auto first = (reach_ + 1) / 2;
  auto end = std::min((reach_ + x.size()) / 2, pairs);
  for (size_t place = 0; place < std::min(2 * first, 2 * pairs); ++place)
    put(place);
  if (first < end) {
    auto from = x.data() + (2 * first - reach_);
    auto even = even_.data() + first;
    auto odd = odd_.data() + first;
    for (size_t i = 0; i < end - first; ++i) {
      even[i] = from[2 * i];
      odd[i] = from[2 * i + 1];
    }
  }
  for (auto place = 2 * std::max(first, end); place < 2 * pairs; ++place)
    put(place);
  wavelet_analysis(taps_, even_.data(), odd_.data(), count, low, high,
                   vectors_);
}

void wavelet_step::join(const double* low, const double* high, size_t count,
                        size_t first, size_t end, double* values) {
  if (first >= end)
    return;
  if (boundary_ == wavelet_boundary::periodization) {
    join_periodic(low, high, count, first, end, values);
    return;
  }
  // Pairs that are wanted whole; one value may be left at each end.
  auto pair = [&](size_t i, double* into) {
    wavelet_synthesis(taps_, low + i, high + i, 1, into, vectors_);
  };
  double two[2];
  if (first % 2 == 1) {
    pair(first / 2, two);
    values[first++] = two[1];
  }
  if (first + 1 < end)
    wavelet_synthesis(taps_, low + first / 2, high + first / 2,
                      (end - first) / 2, values + first, vectors_);
  if (first < end && (end - first) % 2 == 1) {
    pair((end - 1) / 2, two);
    values[end - 1] = two[0];
  }
}

// The same sums over coefficients that go on in a circle, read from far enough
// to the left that a pair begins at the first value.
void wavelet_step::join_periodic(const double* low, const double* high,
                                 size_t count, size_t first, size_t end,
                                 double* values) {
  auto left = taps_.half / 2;
  auto pairs = count + 1;
  auto needed = pairs + taps_.half - 1;
  even_.resize(std::max(even_.size(), needed));
  odd_.resize(std::max(odd_.size(), needed));
  for (size_t i = 0; i < needed; ++i) {
    auto at = (i + count * taps_.half - left) % count;
    even_[i] = low[at];
    odd_[i] = high[at];
  }
  std::vector<double> all(2 * pairs);
  wavelet_synthesis(taps_, even_.data(), odd_.data(), pairs, all.data(),
                    vectors_);
  auto skip = 2 * left + 1 - taps_.half;
  std::copy_n(all.begin() + static_cast<ptrdiff_t>(skip + first), end - first,
              values + first);
}

// -- all levels
// -----------------------------------------------------------------------

fallible<wavelet_coefficients>
wavelet_decompose(std::span<const double> x, const wavelet& of,
                  wavelet_boundary boundary, size_t levels) {
  if (auto wrong = wrong_level(x.size(), of, levels))
    return *wrong;
  wavelet_step step{of, boundary};
  wavelet_coefficients result{x.size(), {}};
  std::vector<double> smooth(x.begin(), x.end());
  for (size_t level = 0; level < levels; ++level) {
    auto count = step.coefficients(smooth.size());
    std::vector<double> low(count);
    std::vector<double> high(count);
    step.split(smooth, low.data(), high.data());
    result.bands.push_back(std::move(high));
    smooth = std::move(low);
  }
  result.bands.push_back(std::move(smooth));
  std::reverse(result.bands.begin(), result.bands.end());
  return result;
}

fallible<std::vector<double>>
wavelet_reconstruct(const wavelet_coefficients& from, const wavelet& of,
                    wavelet_boundary boundary) {
  wavelet_step step{of, boundary};
  // How long the series was that each level split.
  std::vector<size_t> sizes{from.size};
  while (sizes.size() < from.bands.size())
    sizes.push_back(step.coefficients(sizes.back()));
  for (size_t i = 0; i < from.bands.size(); ++i) {
    auto expected = sizes[std::min(from.bands.size() - i, sizes.size() - 1)];
    if (from.bands.size() < 2 || from.bands[i].size() != expected)
      return fault{"bands[" + std::to_string(i) + "]: expected "
                   + std::to_string(expected) + " coefficients, found "
                   + std::to_string(from.bands[i].size())};
  }
  if (from.bands.size() < 2)
    return fault{"bands: expected at least 2, found "
                 + std::to_string(from.bands.size())};
  auto smooth = from.bands.front();
  for (size_t i = 1; i < from.bands.size(); ++i) {
    auto size = sizes[from.bands.size() - 1 - i];
    std::vector<double> values(size);
    step.join(smooth.data(), from.bands[i].data(), smooth.size(), 0, size,
              values.data());
    smooth = std::move(values);
  }
  return smooth;
}

} // namespace qalpha
