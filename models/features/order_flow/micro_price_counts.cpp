#include "models/features/order_flow/micro_price.hpp"

#include <Eigen/LU>

#include <cmath>

namespace qalpha {

namespace {

using matrix
  = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr auto move_count = micro_price_estimate::moves.size();

/// Ticks that further moves may add without being heard.
constexpr double settled = 1e-10;

/// Markets settle within tens of moves.
constexpr size_t most_moves = 100'000;

size_t index_of_move(int half_ticks) noexcept {
  return static_cast<size_t>(half_ticks < 0 ? half_ticks + 2 : half_ticks + 1);
}

matrix matrix_of(const std::vector<double>& values, size_t rows) {
  auto height = static_cast<Eigen::Index>(rows);
  return Eigen::Map<const matrix>{
    values.data(), height, static_cast<Eigen::Index>(values.size()) / height};
}

std::vector<double> values_of(const matrix& x) {
  return {x.data(), x.data() + x.size()};
}

/// Gives moves that never happened a little weight, in both tables of moves.
void fill_gaps(const micro_price_states& states, matrix& moves,
               matrix& arrivals) {
  auto buckets = static_cast<Eigen::Index>(states.buckets());
  auto share = 0.5 / static_cast<double>(buckets);
  for (Eigen::Index row = 0; row < moves.rows(); ++row)
    for (Eigen::Index i = 0; i < moves.cols(); ++i)
      if (moves(row, i) == 0) {
        moves(row, i) = 0.5;
        auto first = row / buckets * buckets;
        arrivals.row(row).segment(first, buckets).array() += share;
      }
}

} // namespace

micro_price_counts::micro_price_counts(micro_price_states states)
  : states_(std::move(states)), stays_(states_.count() * states_.count()),
    moves_(states_.count() * move_count),
    arrivals_(states_.count() * states_.count()) {
  // nop
}

void micro_price_counts::add(const book_top& next) {
  auto state = states_.find(next);
  if (!state)
    return;
  auto twice = 2 * middle(next);
  if (last_) {
    auto half_ticks = twice - last_->twice_middle;
    if (std::abs(half_ticks) <= 2) {
      auto move = static_cast<int>(half_ticks);
      count(last_->state, *state, move);
      count(states_.mirrored(last_->state), states_.mirrored(*state), -move);
      ++transitions_;
    }
  }
  last_ = seen{*state, twice};
}

void micro_price_counts::count(size_t from, size_t to,
                               int half_ticks) noexcept {
  auto place = from * states_.count() + to;
  if (half_ticks == 0) {
    ++stays_[place];
    return;
  }
  ++moves_[from * move_count + index_of_move(half_ticks)];
  ++arrivals_[place];
}

fallible<micro_price_estimate> micro_price_counts::estimate() const {
  if (transitions_ == 0)
    return fault{"books: expected some that follow each other in a state, "
                 "found none"};
  auto count = states_.count();
  auto stay = matrix_of(stays_, count);
  auto move = matrix_of(moves_, count);
  auto arrive = matrix_of(arrivals_, count);
  fill_gaps(states_, move, arrive);
  for (Eigen::Index row = 0; row < stay.rows(); ++row) {
    auto all = stay.row(row).sum() + move.row(row).sum();
    stay.row(row) /= all;
    move.row(row) /= all;
    arrive.row(row) /= all;
  }
  // Each move has a weight in each state, so that rows of `stay` sum to less
  // than 1 and the system has a solution.
  Eigen::PartialPivLU<matrix> staying{matrix::Identity(stay.rows(), stay.cols())
                                      - stay};
  Eigen::Map<const Eigen::Vector4d> ticks{micro_price_estimate::moves.data()};
  matrix first = staying.solve(matrix{move * ticks});
  matrix after = staying.solve(arrive);
  matrix term = first;
  matrix sum = first;
  for (size_t i = 0; term.cwiseAbs().maxCoeff() >= settled; ++i) {
    if (i == most_moves || !sum.allFinite())
      return fault{"books: expected moves of the middle that settle"};
    term = (after * term).eval();
    sum += term;
  }
  return micro_price_estimate{values_of(stay),   values_of(move),
                              values_of(arrive), values_of(after),
                              values_of(first),  values_of(sum)};
}

fallible<micro_price> micro_price_counts::fit() const {
  auto result = estimate();
  if (!result)
    return result.error();
  return micro_price::make(states_, std::move(result->all_moves));
}

} // namespace qalpha
