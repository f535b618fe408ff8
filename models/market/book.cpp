#include "models/market/book.hpp"

#include <algorithm>

namespace qalpha {

std::vector<book_level> book::top(side which, size_t limit) const {
  std::vector<book_level> result(std::min(limit, depth(which)));
  copy_top(which, result);
  return result;
}

} // namespace qalpha
