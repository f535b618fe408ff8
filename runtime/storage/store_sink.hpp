// Where the node puts what others may read.

#pragma once

#include "runtime/storage/store_record.hpp"

#include <string_view>

namespace qalpha {

/// Takes rows for servers that hold copies: the journal remains the truth. May
/// be called from any thread; never waits for a server.
class store_sink {
public:
  virtual ~store_sink() = default;

  /// Takes a row of `stream`; the store counts them by stream. A fact survives
  /// the death of the process once this returns, market data a few milliseconds
  /// later.
  /// @pre `row` has the layout of the stream
  virtual void append(store_stream stream, std::string_view row) = 0;
};

} // namespace qalpha
