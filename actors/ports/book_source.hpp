// How a feed asks for a book that is right again.

#pragma once

#include "models/market/symbol_id.hpp"

namespace qalpha {

/// Whoever sends the books of a node and can be asked to. A market that was
/// recorded or made up cannot.
class book_source {
public:
  virtual ~book_source() = default;

  /// Begins the book of `symbol` anew if it is believed to be the venue's; one
  /// that is known to be lost is being fetched already. From any actor; never
  /// blocks.
  virtual void resync(symbol_id symbol) = 0;
};

} // namespace qalpha
