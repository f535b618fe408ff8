#include "models/features/fracdiff/lag_regression.hpp"

#include "models/features/block/dot_product.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace qalpha {

namespace {

// What remains of a regressor's squares when those before it are taken out,
// as a share. Below the first, doubles have lost too many digits; below the
// second, nothing is left but rounding.
constexpr double share_for_doubles = 1e-5;
constexpr double share_of_nothing = 1e-16;

template <class Real>
Real products(const double* a, const double* b, size_t size) {
  Real result = 0;
  for (size_t i = 0; i < size; ++i)
    result += static_cast<Real>(a[i]) * static_cast<Real>(b[i]);
  return result;
}

template <>
double products<double>(const double* a, const double* b, size_t size) {
  return dot_product(a, b, size);
}

/// Products of all columns with each other: trends, level, lags 1 to `lags`,
/// and at last the differences themselves.
template <class Real>
class product_matrix {
public:
  product_matrix(const series_to_fit& series, size_t lags)
    : series_(series), lags_(lags), trends_(series.trends),
      size_(trends_ + lags + 2), rows_(series.differences() - lags),
      values_(size_ * size_), differences_(tile + lags) {
    for (size_t begin = 0; begin < rows_; begin += tile) {
      auto rows = std::min(tile, rows_ - begin);
      read_tile(begin, rows);
      add_tile(rows);
    }
    derive_lags();
  }

  size_t size() const noexcept {
    return size_;
  }

  Real& at(size_t i, size_t j) noexcept {
    return values_[std::max(i, j) * size_ + std::min(i, j)];
  }

private:
  // Rows at a time, so that no column has to be held.
  static constexpr size_t tile = 512;

  // Place of a lag; lag 0 is what is explained.
  size_t place(size_t lag) const noexcept {
    return lag == 0 ? size_ - 1 : trends_ + lag;
  }

  // Time from -1 to 1 spans the same as 1, 2, ... and is better behaved.
  void read_tile(size_t begin, size_t rows) {
    auto level = &series_.values[begin + lags_];
    for (size_t row = 0; row < rows; ++row)
      level_[row] = level[row] - series_.shift;
    auto value = &series_.values[begin];
    for (size_t i = 0; i < rows + lags_; ++i)
      differences_[i] = value[i + 1] - value[i];
    auto middle = (static_cast<double>(rows_) - 1) / 2;
    auto scale = 1 / std::max(middle, 1.0);
    for (size_t row = 0; row < rows; ++row) {
      auto time = (static_cast<double>(begin + row) - middle) * scale;
      trend_[0][row] = 1;
      trend_[1][row] = time;
      trend_[2][row] = time * time;
    }
  }

  void add_tile(size_t rows) {
    auto difference = [this](size_t lag) { return &differences_[lags_ - lag]; };
    auto add = [&](size_t i, size_t j, const double* a, const double* b) {
      at(i, j) += products<Real>(a, b, rows);
    };
    for (size_t i = 0; i < trends_; ++i) {
      auto trend = trend_[i].data();
      for (size_t j = 0; j <= i; ++j)
        add(i, j, trend, trend_[j].data());
      add(i, trends_, trend, level_.data());
      for (size_t lag = 0; lag <= lags_; ++lag)
        add(i, place(lag), trend, difference(lag));
    }
    add(trends_, trends_, level_.data(), level_.data());
    for (size_t lag = 0; lag <= lags_; ++lag) {
      add(trends_, place(lag), level_.data(), difference(lag));
      add(place(0), place(lag), difference(0), difference(lag));
    }
  }

  // One lag more on both sides moves the same products by one row.
  void derive_lags() {
    auto product = [this](size_t i, size_t j) {
      return static_cast<Real>(series_.difference(i)) * series_.difference(j);
    };
    auto end = lags_ + rows_ - 1;
    for (size_t i = 0; i < lags_; ++i)
      for (size_t j = 0; j <= i; ++j)
        at(place(i + 1), place(j + 1)) = at(place(i), place(j))
                                         + product(lags_ - i - 1, lags_ - j - 1)
                                         - product(end - i, end - j);
  }

  const series_to_fit& series_;
  size_t lags_;
  size_t trends_;
  size_t size_;
  size_t rows_;
  std::vector<Real> values_;
  // Of the tile.
  std::array<double, tile> level_;
  std::array<std::array<double, tile>, 3> trend_;
  std::vector<double> differences_;
};

/// Turns the lower triangle into the Cholesky factor.
/// @returns the least share that remained of a column but the last.
template <class Real>
Real factorise(product_matrix<Real>& m) {
  Real least = 1;
  auto n = m.size();
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < i; ++j) {
      Real sum = m.at(i, j);
      for (size_t k = 0; k < j; ++k)
        sum -= m.at(i, k) * m.at(j, k);
      m.at(i, j) = sum / m.at(j, j);
    }
    auto whole = m.at(i, i);
    auto rest = whole;
    for (size_t k = 0; k < i; ++k)
      rest -= m.at(i, k) * m.at(i, k);
    if (i + 1 < n) {
      auto share = whole > 0 ? rest / whole : Real{0};
      least = std::min(least, share);
      if (!(share > share_of_nothing))
        return 0;
    }
    m.at(i, i) = std::sqrt(std::max(rest, Real{0}));
  }
  return least;
}

} // namespace

lag_regression::lag_regression(const series_to_fit& series, size_t lags)
  : observations_(series.differences() - lags), trends_(series.trends),
    residual_squares_(lags + 1), explained_(lags + 1) {
  if (!fit<double>(series, lags))
    rank_deficient_ = !fit<long double>(series, lags);
}

template <class Real>
bool lag_regression::fit(const series_to_fit& series, size_t lags) {
  product_matrix<Real> m{series, lags};
  auto last = m.size() - 1;
  auto whole = m.at(last, last);
  auto least = factorise(m);
  if (least == 0)
    return false;
  auto rest = whole;
  for (size_t i = 0; i < last; ++i) {
    rest = std::max(rest - m.at(last, i) * m.at(last, i), Real{0});
    if (i >= trends_) {
      residual_squares_[i - trends_] = static_cast<double>(rest);
      explained_[i - trends_] = static_cast<double>(m.at(last, i));
    }
  }
  auto exact = std::min(least, rest / whole) > share_for_doubles;
  if (std::is_same_v<Real, double> && !exact)
    return false;
  // Backwards to the coefficient of the level, and forwards to its variance.
  std::vector<Real> coefficient(last);
  std::vector<Real> unit(last);
  Real variance = 0;
  for (auto i = last; i-- > trends_;) {
    coefficient[i] = m.at(last, i);
    for (auto k = i + 1; k < last; ++k)
      coefficient[i] -= m.at(k, i) * coefficient[k];
    coefficient[i] /= m.at(i, i);
  }
  for (auto i = trends_; i < last; ++i) {
    unit[i] = i == trends_ ? 1 : 0;
    for (auto k = trends_; k < i; ++k)
      unit[i] -= m.at(i, k) * unit[k];
    unit[i] /= m.at(i, i);
    variance += unit[i] * unit[i];
  }
  level_ratio_
    = static_cast<double>(coefficient[trends_] / std::sqrt(variance));
  return true;
}

double lag_regression::last_t_ratio(size_t lags) const noexcept {
  auto freedom = static_cast<double>(observations_ - regressors(lags));
  return explained_[lags] / std::sqrt(residual_squares_[lags] / freedom);
}

double lag_regression::level_t_ratio() const noexcept {
  auto lags = residual_squares_.size() - 1;
  if (saturated(lags))
    return 0;
  auto freedom = static_cast<double>(observations_ - regressors(lags));
  return level_ratio_ / std::sqrt(residual_squares_[lags] / freedom);
}

} // namespace qalpha
