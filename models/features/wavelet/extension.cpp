#include "models/features/wavelet/extension.hpp"

namespace qalpha {

namespace {

struct place {
  ptrdiff_t period;
  ptrdiff_t within;
};

/// @returns which repetition an index lies in, and where.
place place_of(ptrdiff_t index, ptrdiff_t period) noexcept {
  auto within = index % period;
  if (within < 0)
    within += period;
  return {(index - within) / period, within};
}

double mirrored(std::span<const double> x, ptrdiff_t index,
                double sign) noexcept {
  auto n = static_cast<ptrdiff_t>(x.size());
  auto at = place_of(index, 2 * n).within;
  return at < n ? x[static_cast<size_t>(at)]
                : sign * x[static_cast<size_t>(2 * n - 1 - at)];
}

// Around the values at the ends, which are not repeated.
double reflected(std::span<const double> x, ptrdiff_t index) noexcept {
  auto n = static_cast<ptrdiff_t>(x.size());
  auto at = place_of(index, 2 * n - 2).within;
  return x[static_cast<size_t>(at < n ? at : 2 * n - 2 - at)];
}

// Half a turn around each end: every period rises by twice what the series did.
double turned(std::span<const double> x, ptrdiff_t index) noexcept {
  auto n = static_cast<ptrdiff_t>(x.size());
  auto [period, at] = place_of(index, 2 * n - 2);
  auto rise = 2 * (x.back() - x.front()) * static_cast<double>(period);
  return rise
         + (at < n ? x[static_cast<size_t>(at)]
                   : 2 * x.back() - x[static_cast<size_t>(2 * n - 2 - at)]);
}

double on_the_line(std::span<const double> x, ptrdiff_t index) noexcept {
  auto n = static_cast<ptrdiff_t>(x.size());
  if (n == 1)
    return x[0];
  if (index < 0)
    return x[0] + static_cast<double>(-index) * (x[0] - x[1]);
  auto last = x.back();
  return last + static_cast<double>(index - n + 1) * (last - x[x.size() - 2]);
}

// An odd series repeats its last value once.
double in_even_period(std::span<const double> x, ptrdiff_t index) noexcept {
  auto n = static_cast<ptrdiff_t>(x.size());
  auto at = place_of(index, n + n % 2).within;
  return at < n ? x[static_cast<size_t>(at)] : x.back();
}

} // namespace

double extended_value(std::span<const double> x, ptrdiff_t index,
                      wavelet_boundary boundary) noexcept {
  auto n = static_cast<ptrdiff_t>(x.size());
  if (index >= 0 && index < n)
    return x[static_cast<size_t>(index)];
  switch (boundary) {
    case wavelet_boundary::symmetric:
      return mirrored(x, index, 1);
    case wavelet_boundary::antisymmetric:
      return mirrored(x, index, -1);
    case wavelet_boundary::reflect:
      return reflected(x, index);
    case wavelet_boundary::antireflect:
      return turned(x, index);
    case wavelet_boundary::smooth:
      return on_the_line(x, index);
    case wavelet_boundary::periodic:
      return x[static_cast<size_t>(place_of(index, n).within)];
    case wavelet_boundary::constant:
      return index < 0 ? x.front() : x.back();
    case wavelet_boundary::periodization:
      return in_even_period(x, index);
    default:
      return 0;
  }
}

} // namespace qalpha
