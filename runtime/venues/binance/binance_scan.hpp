// The layouts that Binance really sends, read in one pass.

#pragma once

#include "runtime/venues/layout_scanner.hpp"
#include "runtime/venues/message_list.hpp"
#include "runtime/venues/scanned_symbol.hpp"
#include "runtime/venues/symbol_table.hpp"

#include <string_view>

namespace qalpha {

/// Scans frames of one event, bare or wrapped. What it accepts it reads exactly
/// as `read_binance_frame` does; it never reports a fault.
class binance_scanner {
public:
  /// @pre `symbols` outlives this object and does not move
  explicit binance_scanner(const symbol_table& symbols) : symbols_(symbols) {
    // nop
  }

  /// Appends the message of a frame to `out`.
  /// @pre `text` is followed by `json_message::padding` zeros
  /// @returns `false` if the frame has another layout; `out` may then have
  ///          gained a message without meaning.
  bool scan(std::string_view text, message_list& out);

private:
  bool scan_event(layout_scanner& in, message_list& out);
  bool scan_depth(layout_scanner& in, message_list& out);
  bool scan_aggregate(layout_scanner& in, message_list& out);
  bool scan_trade(layout_scanner& in, message_list& out);
  bool scan_best(layout_scanner& in, message_list& out);
  bool scan_mark(layout_scanner& in, message_list& out);
  bool scan_bar(layout_scanner& in, message_list& out);
  bool scan_liquidation(layout_scanner& in, message_list& out);

  scanned_symbols symbols_;
};

} // namespace qalpha
