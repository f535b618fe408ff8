#include "runtime/storage/store_facts.hpp"

#include <algorithm>
#include <limits>

namespace qalpha {

namespace {

/// @returns `count` steps of `step_e8`, at the end of the range if beyond it.
int64_t scaled(int64_t count, int64_t step_e8) {
  auto exact = static_cast<__int128>(count) * step_e8;
  constexpr __int128 highest = std::numeric_limits<int64_t>::max();
  return static_cast<int64_t>(std::clamp(exact, -highest, highest));
}

/// A row of one symbol.
class symbol_row {
public:
  symbol_row(const universe& all, symbol_id symbol, utc_time time)
    : row_(time.ns) {
    if (symbol.index < all.size())
      rules_ = &all[symbol.index].rules();
    row_.add(std::string_view{rules_ ? rules_->name : "?"});
  }

  symbol_row& operator<<(price x) {
    row_.add(scaled(x.ticks, rules_ ? rules_->tick_e8 : 0));
    return *this;
  }

  symbol_row& operator<<(quantity x) {
    row_.add(scaled(x.lots, rules_ ? rules_->lot_e8 : 0));
    return *this;
  }

  symbol_row& operator<<(money x) {
    row_.add(x.e8);
    return *this;
  }

  symbol_row& operator<<(int64_t x) {
    row_.add(x);
    return *this;
  }

  symbol_row& operator<<(std::string_view x) {
    row_.add(x);
    return *this;
  }

  symbol_row& operator<<(side x) {
    return *this << to_string(x);
  }

  symbol_row& operator<<(const order_id& x) {
    return *this << std::string_view{x.sequence == 0 ? "" : to_string(x)};
  }

  void into(store_sink& out, store_stream stream) const {
    out.append(stream, row_.bytes());
  }

private:
  const instrument_rules* rules_ = nullptr;
  row_builder row_;
};

std::string_view name_of(order_event x) {
  switch (x) {
    case order_event::accepted:
      return "accepted";
    case order_event::rejected:
      return "rejected";
    case order_event::partly_filled:
      return "partly_filled";
    case order_event::completed:
      return "completed";
    case order_event::cancelled:
      return "cancelled";
    case order_event::lost:
      return "lost";
    case order_event::absent:
      return "absent";
  }
  return "?";
}

int64_t number(uint64_t x) {
  return static_cast<int64_t>(x);
}

} // namespace

void copy(store_sink& out, const universe& all, const decision& fact) {
  symbol_row row{all, fact.id.symbol, fact.time};
  row << number(fact.id.sequence) << int64_t{fact.wanted.bps} << fact.target
      << fact.reference << fact.equity << std::string_view{fact.reason};
  row.into(out, store_stream::decisions);
}

void copy(store_sink& out, const universe& all, const decision_outcome& fact) {
  symbol_row row{all, fact.decision.symbol, fact.time};
  row << number(fact.decision.sequence) << to_string(fact.result)
      << to_string(fact.gate) << fact.value << fact.limit << fact.order;
  row.into(out, store_stream::outcomes);
}

void copy(store_sink& out, const universe& all, const order_intent& fact) {
  auto& right = fact.right;
  symbol_row row{all, right.id.symbol, fact.time};
  row << right.id << number(right.decision.sequence) << right.direction
      << to_string(fact.kind) << right.size << fact.limit << right.low
      << right.high << int64_t{right.reduce_only};
  row.into(out, store_stream::orders);
}

void copy(store_sink& out, const universe& all, const order_report& fact) {
  symbol_row row{all, fact.id.symbol, fact.time};
  row << fact.id << name_of(fact.event) << std::string_view{fact.reason};
  row.into(out, store_stream::reports);
}

void copy(store_sink& out, const universe& all, const fill& fact) {
  symbol_row row{all, fact.id.symbol, fact.time};
  row << fact.id << number(fact.execution) << fact.direction << fact.px
      << fact.size << fact.fee << int64_t{fact.maker};
  row.into(out, store_stream::fills);
}

void copy(store_sink& out, const universe& all, const funding_payment& fact) {
  symbol_row row{all, fact.symbol, fact.time};
  row << fact.paid << fact.funding_rate.e8;
  row.into(out, store_stream::funding);
}

void copy(store_sink& out, const universe&, const state_changed& fact) {
  row_builder row{fact.time.ns};
  row.add(to_string(fact.state)).add(number(fact.gate_epoch));
  row.add(int64_t{fact.flatten});
  row.add(std::string_view{fact.source}).add(std::string_view{fact.reason});
  out.append(store_stream::states, row.bytes());
}

void copy(store_sink& out, const universe& all, const bar_closed& fact) {
  auto& bar = fact.value;
  symbol_row row{all, fact.symbol, bar.open_time};
  row << (bar.close_time - bar.open_time).count() << bar.open << bar.high
      << bar.low << bar.close << bar.volume;
  row.into(out, store_stream::bars);
}

void copy(store_sink& out, const universe& all, const feed_health& fact) {
  symbol_row row{all, fact.symbol, fact.time};
  row << to_string(fact.status) << to_string(fact.previous) << fact.age.count()
      << number(fact.gaps) << number(fact.events);
  row.into(out, store_stream::health);
}

void copy(store_sink& out, const universe& all, const quote& fact) {
  symbol_row row{all, fact.symbol, fact.time};
  row << fact.bid << fact.bid_size << fact.ask << fact.ask_size;
  row.into(out, store_stream::quotes);
}

void copy(store_sink& out, const universe& all, const market_batch& batch) {
  for (auto& event : batch.events) {
    if (event.kind != market_event_kind::trade)
      continue;
    symbol_row row{all, batch.symbol, event.time};
    row << number(event.sequence) << event.aggressor << event.px << event.qty;
    row.into(out, store_stream::trades);
  }
}

} // namespace qalpha
