// What scanning the numbers of one instrument needs.

#pragma once

#include "models/market/instrument.hpp"
#include "runtime/venues/layout_scanner.hpp"
#include "runtime/venues/step_number.hpp"
#include "runtime/venues/step_scale.hpp"
#include "runtime/venues/symbol_table.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace qalpha {

/// An instrument, its steps and what its numbers looked like last.
struct scanned_symbol {
  explicit scanned_symbol(const instrument& x)
    : traded(&x), id(x.id()), ticks(x.rules().tick_e8), lots(x.rules().lot_e8) {
    // nop
  }

  const instrument* traded;
  symbol_id id;
  step_scale ticks;
  step_scale lots;
  places_guess guess;
};

/// The instruments of a table, and room for the levels of one message.
class scanned_symbols {
public:
  /// @pre `symbols` outlives this object and does not move
  explicit scanned_symbols(const symbol_table& symbols);

  /// Reads a symbol up to its quote, which comes next.
  /// @returns `nullptr` if it is not traded.
  scanned_symbol* read(layout_scanner& in) noexcept {
    size_t length = 0;
    auto position = symbols_.find_quoted(in.position(), length);
    if (position < 0)
      return nullptr;
    in.move_to(in.position() + length);
    return &scanned_[static_cast<size_t>(position)];
  }

  /// Reads a list of levels into `out`.
  bool read_levels(layout_scanner& in, scanned_symbol& x,
                   std::vector<level_change>& out) {
    auto first = levels_.data();
    auto last = in.levels(x.ticks, x.lots, x.guess, first);
    if (last == nullptr)
      return false;
    out.assign(first, last);
    return true;
  }

  /// Makes room for the levels of `text`.
  void prepare(std::string_view text) {
    // The shortest level is ["1","0"], and a comma.
    constexpr size_t shortest_level = 9;
    auto needed = text.size() / shortest_level + 1;
    if (levels_.size() < needed)
      levels_.resize(needed);
  }

private:
  const symbol_table& symbols_;
  std::vector<scanned_symbol> scanned_;
  std::vector<level_change> levels_;
};

/// Reads a quoted price that is a positive multiple of the tick.
inline bool scan_price(layout_scanner& in, scanned_symbol& x, price& out) {
  return in.steps(x.ticks, x.guess.price, out.ticks) && out.ticks > 0;
}

/// Reads a quoted size, which may be zero.
inline bool scan_size(layout_scanner& in, scanned_symbol& x, quantity& out) {
  return in.steps(x.lots, x.guess.size, out.lots);
}

/// Reads a time in milliseconds that is not zero.
inline bool scan_time(layout_scanner& in, utc_time& out) {
  uint64_t ms = 0;
  if (!in.number(ms) || ms == 0 || ms > latest_ms)
    return false;
  out.ns = static_cast<int64_t>(ms) * 1'000'000;
  return true;
}

} // namespace qalpha
