// The wish for a book that is right again.

#pragma once

#include "models/market/symbol_id.hpp"
#include "models/market/time.hpp"

namespace qalpha {

/// Wish: the book of `symbol` has been wrong for too long and nobody mended it;
/// whoever sends it should begin it anew. FEED → MARKET.
struct book_wanted {
  symbol_id symbol;
  utc_time time;

  friend bool operator==(const book_wanted&, const book_wanted&) = default;
};

} // namespace qalpha
