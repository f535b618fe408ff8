#include "models/market/book.hpp"

#include <algorithm>
#include <iterator>

namespace qalpha {

namespace {

/// @returns `true` if `a` is a worse price than `b` for who rests there.
template <side Which>
bool worse(price a, price b) noexcept {
  return Which == side::buy ? a < b : a > b;
}

/// @returns the first level that is not worse than `px`. Walks a few levels
/// from the touch before it bisects, since most changes are there.
template <side Which, class Levels>
auto locate(Levels& levels, price px) noexcept {
  constexpr ptrdiff_t near = 8;
  auto before = [](const book_level& x, price y) {
    return worse<Which>(x.px, y);
  };
  auto pos = levels.end();
  auto stop = levels.end() - std::min<ptrdiff_t>(near, std::ssize(levels));
  while (pos != stop && !before(*std::prev(pos), px))
    --pos;
  if (pos != stop)
    return pos;
  return std::lower_bound(levels.begin(), stop, px, before);
}

template <side Which>
void change(std::vector<book_level>& levels, price px, quantity qty) {
  auto pos = locate<Which>(levels, px);
  auto found = pos != levels.end() && pos->px == px;
  if (qty.lots == 0) {
    if (found)
      levels.erase(pos);
  } else if (found) {
    pos->qty = qty;
  } else {
    levels.insert(pos, book_level{px, qty});
  }
}

template <side Which>
quantity quantity_at(const std::vector<book_level>& levels, price px) noexcept {
  auto pos = locate<Which>(levels, px);
  return pos != levels.end() && pos->px == px ? pos->qty : quantity{};
}

} // namespace

void book::clear() noexcept {
  bids_.clear();
  asks_.clear();
}

void book::set(side which, price px, quantity qty) {
  if (which == side::buy)
    change<side::buy>(bids_, px, qty);
  else
    change<side::sell>(asks_, px, qty);
}

std::optional<book_level> book::best(side which) const noexcept {
  const auto& levels = which == side::buy ? bids_ : asks_;
  if (levels.empty())
    return std::nullopt;
  return levels.back();
}

quantity book::at(side which, price px) const noexcept {
  return which == side::buy ? quantity_at<side::buy>(bids_, px)
                            : quantity_at<side::sell>(asks_, px);
}

std::vector<book_level> book::top(side which, size_t limit) const {
  const auto& levels = which == side::buy ? bids_ : asks_;
  auto count = static_cast<ptrdiff_t>(std::min(limit, levels.size()));
  return {levels.rbegin(), levels.rbegin() + count};
}

size_t book::depth(side which) const noexcept {
  return which == side::buy ? bids_.size() : asks_.size();
}

bool book::crossed() const noexcept {
  return !bids_.empty() && !asks_.empty() && bids_.back().px >= asks_.back().px;
}

} // namespace qalpha
