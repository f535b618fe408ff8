#include "models/outlook/regimes/principal_axes.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace qalpha {

std::vector<double> principal_axes::project(std::span<const double> x) const {
  std::vector<double> result;
  for (size_t i = 0; i < axes.size(); ++i) {
    double sum = 0;
    for (size_t j = 0; j < x.size(); ++j)
      sum += (x[j] - origin[j]) * axes[i][j];
    result.push_back(sum);
  }
  return result;
}

principal_axes find_axes(const points& x, size_t count) {
  using rows
    = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Eigen::Map<const rows> all{x.values.data(),
                             static_cast<Eigen::Index>(x.size()),
                             static_cast<Eigen::Index>(x.columns)};
  Eigen::RowVectorXd mean = all.colwise().mean();
  rows centred = all.rowwise() - mean;
  Eigen::MatrixXd covariance = centred.transpose() * centred
                               / static_cast<double>(x.size() - 1);
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{covariance};
  principal_axes result;
  result.origin.assign(mean.data(), mean.data() + mean.size());
  result.axes.columns = x.columns;
  result.total_variance = covariance.trace();
  // They come in rising order.
  for (size_t i = 0; i < count; ++i) {
    auto at = static_cast<Eigen::Index>(x.columns - 1 - i);
    Eigen::VectorXd axis = solver.eigenvectors().col(at);
    Eigen::Index farthest = 0;
    axis.cwiseAbs().maxCoeff(&farthest);
    if (axis[farthest] < 0)
      axis = -axis;
    result.axes.add({axis.data(), static_cast<size_t>(axis.size())});
    result.variances.push_back(std::max(solver.eigenvalues()[at], 0.0));
  }
  return result;
}

} // namespace qalpha
