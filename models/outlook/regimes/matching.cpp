#include "models/outlook/regimes/matching.hpp"

#include <cmath>
#include <limits>

namespace qalpha {

namespace {

// Rows and columns count from 1; column 0 holds the row that looks for a place.
class matcher {
public:
  explicit matcher(const points& costs)
    : costs_(costs), size_(costs.size()), row_price_(size_ + 1, 0),
      column_price_(size_ + 1, 0), row_of_(size_ + 1, 0) {
    // nop
  }

  std::vector<size_t> solve() {
    for (size_t row = 1; row <= size_; ++row)
      place(row);
    std::vector<size_t> result(size_);
    for (size_t column = 1; column <= size_; ++column)
      result[row_of_[column] - 1] = column - 1;
    return result;
  }

private:
  // Finds the shortest path of moves that ends at a free column.
  void place(size_t row) {
    row_of_[0] = row;
    std::vector<double> slack(size_ + 1,
                              std::numeric_limits<double>::infinity());
    std::vector<size_t> from(size_ + 1, 0);
    std::vector<bool> reached(size_ + 1, false);
    size_t at = 0;
    while (row_of_[at] != 0) {
      reached[at] = true;
      at = advance(at, slack, from, reached);
    }
    for (; at != 0; at = from[at])
      row_of_[at] = row_of_[from[at]];
  }

  size_t advance(size_t at, std::vector<double>& slack,
                 std::vector<size_t>& from, const std::vector<bool>& reached) {
    auto row = row_of_[at];
    size_t next = 0;
    auto least = std::numeric_limits<double>::infinity();
    for (size_t column = 1; column <= size_; ++column) {
      if (reached[column])
        continue;
      auto over = costs_[row - 1][column - 1] - row_price_[row]
                  - column_price_[column];
      if (over < slack[column]) {
        slack[column] = over;
        from[column] = at;
      }
      if (slack[column] < least || next == 0) {
        least = slack[column];
        next = column;
      }
    }
    for (size_t column = 0; column <= size_; ++column) {
      if (reached[column]) {
        row_price_[row_of_[column]] += least;
        column_price_[column] -= least;
      } else {
        slack[column] -= least;
      }
    }
    return next;
  }

  const points& costs_;
  size_t size_;
  std::vector<double> row_price_;
  std::vector<double> column_price_;
  std::vector<size_t> row_of_;
};

} // namespace

std::vector<size_t> cheapest_assignment(const points& costs) {
  return matcher{costs}.solve();
}

std::vector<size_t> match_centres(const points& before, const points& now) {
  points distances{now.size(), {}};
  for (size_t i = 0; i < before.size(); ++i)
    for (size_t j = 0; j < now.size(); ++j)
      distances.values.push_back(
        std::sqrt(squared_distance(before[i], now[j])));
  return cheapest_assignment(distances);
}

} // namespace qalpha
