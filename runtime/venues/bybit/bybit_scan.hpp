// The layouts that Bybit really sends, read in one pass.

#pragma once

#include "runtime/venues/layout_scanner.hpp"
#include "runtime/venues/message_list.hpp"
#include "runtime/venues/scanned_symbol.hpp"
#include "runtime/venues/symbol_table.hpp"

#include <string_view>

namespace qalpha {

/// Scans books and trades, which are nearly all that comes. What it accepts it
/// reads exactly as `read_bybit_frame` does; it never reports a fault.
class bybit_scanner {
public:
  /// @pre `symbols` outlives this object and does not move
  explicit bybit_scanner(const symbol_table& symbols) : symbols_(symbols) {
    // nop
  }

  /// Appends the messages of a frame to `out`.
  /// @pre `text` is followed by `json_message::padding` zeros
  /// @returns `false` if the frame has another layout; `out` may then have
  ///          gained messages without meaning.
  bool scan(std::string_view text, message_list& out);

private:
  bool scan_book(layout_scanner& in, message_list& out, bool always_snapshot);
  bool scan_book_data(layout_scanner& in, scanned_symbol& traded);
  bool scan_trades(layout_scanner& in, message_list& out);
  bool scan_trade(layout_scanner& in, const scanned_symbol& topic,
                  utc_time sent, message_list& out);

  scanned_symbols symbols_;
  // The changes of the message, which turns out to be a snapshot only at its
  // end.
  depth_update update_;
};

} // namespace qalpha
