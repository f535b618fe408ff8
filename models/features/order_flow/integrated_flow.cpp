#include "models/features/order_flow/integrated_flow.hpp"

#include <Eigen/Eigenvalues>

#include <cmath>
#include <numeric>
#include <string>

namespace qalpha {

namespace {

constexpr double tolerance = 1e-9;

Eigen::MatrixXd covariance_of(std::span<const level_flows> buckets,
                              size_t levels) {
  auto rows = static_cast<Eigen::Index>(buckets.size());
  auto columns = static_cast<Eigen::Index>(levels);
  Eigen::MatrixXd x(rows, columns);
  for (Eigen::Index row = 0; row < rows; ++row)
    for (Eigen::Index i = 0; i < columns; ++i)
      x(row, i) = buckets[static_cast<size_t>(row)][static_cast<size_t>(i)];
  x.rowwise() -= x.colwise().mean().eval();
  return x.transpose() * x / static_cast<double>(rows - 1);
}

/// Gives the weights their length and sign.
void bring_to_scale(std::vector<double>& weights) {
  double size = 0;
  for (auto w : weights)
    size += std::abs(w);
  auto sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (auto& w : weights)
    w /= sum < 0 ? -size : size;
}

} // namespace

fallible<integrated_flow>
integrated_flow::fit(std::span<const level_flows> buckets, size_t levels) {
  if (levels == 0 || levels > book_top::most_levels)
    return fault{"levels: expected 1 to "
                 + std::to_string(book_top::most_levels) + ", found "
                 + std::to_string(levels)};
  if (buckets.size() < 2)
    return fault{"buckets: expected at least 2, found "
                 + std::to_string(buckets.size())};
  for (size_t row = 0; row < buckets.size(); ++row)
    for (size_t i = 0; i < levels; ++i)
      if (!std::isfinite(buckets[row][i]))
        return fault{"buckets[" + std::to_string(row)
                     + "]: expected finite flows"};
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{
    covariance_of(buckets, levels)};
  // Eigenvalues come in rising order.
  auto last = static_cast<Eigen::Index>(levels) - 1;
  auto most = solver.eigenvalues()(last);
  auto all = solver.eigenvalues().sum();
  if (solver.info() != Eigen::Success || !std::isfinite(all) || !(most > 0))
    return fault{"buckets: expected flows that vary"};
  std::vector<double> weights(levels);
  for (size_t i = 0; i < levels; ++i)
    weights[i] = solver.eigenvectors()(static_cast<Eigen::Index>(i), last);
  bring_to_scale(weights);
  return integrated_flow{std::move(weights), most / all};
}

fallible<integrated_flow> integrated_flow::of(std::vector<double> weights) {
  double size = 0;
  for (auto w : weights)
    size += std::abs(w);
  if (weights.size() > book_top::most_levels
      || !(std::abs(size - 1) <= tolerance))
    return fault{
      "weights: expected 1 to " + std::to_string(book_top::most_levels)
      + " whose magnitudes sum to 1, found " + std::to_string(weights.size())
      + " that sum to " + std::to_string(size)};
  return integrated_flow{std::move(weights), 0};
}

double integrated_flow::apply(const level_flows& flows) const noexcept {
  double result = 0;
  for (size_t i = 0; i < weights_.size(); ++i)
    result += weights_[i] * flows[i];
  return result;
}

} // namespace qalpha
