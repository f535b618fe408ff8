// Response surfaces of MacKinnon (1994, table 3; 2010, table 2), one variable.

#include "models/features/fracdiff/unit_root.hpp"

#include <cmath>
#include <limits>

namespace qalpha {

namespace {

constexpr size_t regressions = 4;

struct p_value_surface {
  // Beyond these the p-value is 1 or 0.
  double highest;
  double lowest;
  // Up to here the first polynomial holds, above the second.
  double border;
  std::array<double, 3> small;
  std::array<double, 4> large;
};

constexpr std::array<p_value_surface, regressions> p_values{{
  {std::numeric_limits<double>::infinity(),
   -19.04,
   -1.04,
   {0.6344, 1.2378, 0.032496},
   {0.4797, 0.93557, -0.06999, 0.033066}},
  {2.74,
   -18.83,
   -1.61,
   {2.1659, 1.4412, 0.038269},
   {1.7339, 0.93202, -0.12745, -0.010368}},
  {0.70,
   -16.18,
   -2.89,
   {3.2512, 1.6047, 0.049588},
   {2.5261, 0.61654, -0.37956, -0.060285}},
  {0.54,
   -17.17,
   -3.21,
   {4.0003, 1.6580, 0.048288},
   {3.0778, 0.49529, -0.41477, -0.059359}},
}};

// In powers of 1/observations.
using critical_surface = std::array<double, 4>;

constexpr std::array<std::array<critical_surface, 3>, regressions> criticals{{
  {{{-2.56574, -2.2358, -3.627, 0},
    {-1.94100, -0.2686, -3.365, 31.223},
    {-1.61682, 0.2656, -2.714, 25.364}}},
  {{{-3.43035, -6.5393, -16.786, -79.433},
    {-2.86154, -2.8903, -4.234, -40.040},
    {-2.56677, -1.5384, -2.809, 0}}},
  {{{-3.95877, -9.0531, -28.428, -134.155},
    {-3.41049, -4.3904, -9.036, -45.374},
    {-3.12705, -2.5856, -3.925, -22.380}}},
  {{{-4.37113, -11.5882, -35.819, -334.047},
    {-3.83239, -5.9057, -12.490, -118.284},
    {-3.55326, -3.6596, -5.293, -63.559}}},
}};

template <size_t N>
double polynomial(const std::array<double, N>& factors, double x) noexcept {
  double result = 0;
  for (auto i = N; i-- > 0;)
    result = result * x + factors[i];
  return result;
}

double normal_probability(double x) noexcept {
  return std::erfc(-x / std::sqrt(2.0)) / 2;
}

} // namespace

double mackinnon_p_value(double statistic, adf_regression regression) noexcept {
  const auto& surface = p_values[static_cast<size_t>(regression)];
  if (statistic > surface.highest)
    return 1;
  if (statistic < surface.lowest)
    return 0;
  return normal_probability(statistic <= surface.border
                              ? polynomial(surface.small, statistic)
                              : polynomial(surface.large, statistic));
}

std::array<double, 3> mackinnon_critical_values(adf_regression regression,
                                                size_t observations) noexcept {
  std::array<double, 3> result;
  const auto& surfaces = criticals[static_cast<size_t>(regression)];
  for (size_t i = 0; i < result.size(); ++i)
    result[i] = polynomial(surfaces[i], 1 / static_cast<double>(observations));
  return result;
}

} // namespace qalpha
