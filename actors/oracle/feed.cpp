#include "actors/oracle/feed.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <string>

namespace qalpha {

namespace {

void meet(feed_pointer self, const roster_ptr& peers) {
  auto& st = self->state;
  auto first = st.peers->executors.empty();
  st.peers = peers;
  if (first)
    st.node->venue->subscribe(st.symbol);
  else
    // Somebody was restarted and does not know yet what we think of the data.
    st.machine->announce(*st.out);
}

/// "live, book exact, lag 12 ms, 1 gap, basis +0.61 bp, open interest 80512.3":
/// what there is of it.
std::string describe(const feed& machine, const instrument& rules,
                     utc_time now) {
  std::string result{to_string(machine.status())};
  if (auto state = machine.sequence(); state != sequence_state::none)
    result += ", book " + std::string{to_string(state)};
  using std::chrono::milliseconds;
  auto in_ms = [](timespan x) {
    return std::to_string(std::chrono::duration_cast<milliseconds>(x).count());
  };
  if (machine.lag() > timespan{0})
    result += ", lag " + in_ms(machine.lag()) + " ms";
  if (machine.dirty_since().ns > 0)
    result += ", dirty for " + in_ms(now - machine.dirty_since()) + " ms";
  if (auto gaps = machine.gaps(); gaps > 0)
    result += ", " + std::to_string(gaps) + (gaps == 1 ? " gap" : " gaps");
  if (auto basis = machine.basis_e8(now)) {
    constexpr double basis_point_e8 = 10'000;
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), ", basis %+.2f bp",
                  static_cast<double>(*basis) / basis_point_e8);
    result += text.data();
  }
  if (auto& open = machine.open_interest())
    result += ", open interest " + rules.text(*open);
  return result;
}

} // namespace

feed_actor::behavior_type run_feed(feed_pointer self, const node_context* node,
                                   symbol_id symbol) {
  auto& st = self->state;
  st.node = node;
  install_handlers(self, st);
  st.symbol = symbol;
  st.machine.emplace(symbol, node->feed);
  st.outlet.emplace(self);
  st.out.emplace(*st.outlet);
  auto take = [self](const auto& fact) {
    ++self->state.handled;
    self->state.machine->step(fact, *self->state.out);
  };
  return {
    // -- from VENUE -----------------------------------------------------------
    [self, take](const market_batch& fact) {
      if (auto* witness = self->state.node->witness)
        witness->saw(fact);
      take(fact);
    },
    [take](const bar_closed& fact) { take(fact); },
    [self](const bar_history& past) {
      auto& st = self->state;
      ++st.handled;
      st.machine->restore(past.bars);
      if (st.peers->allocator)
        self->send(st.peers->allocator, past);
      for (auto* hdl : st.peers->models())
        if (*hdl)
          self->send(*hdl, past);
    },
    // -- from ALLOCATOR and those that ask models
    // -------------------------------------------------------
    [self](atom::history) -> caf::result<bar_history> {
      ++self->state.handled;
      auto& machine = *self->state.machine;
      return bar_history{self->state.symbol, machine.history(),
                         machine.contexts()};
    },
    // -- from everybody -------------------------------------------------------
    [self, take](const pulse& fact) {
      self->state.now = fact.time;
      take(fact.time);
      relay(self, self->state.symbol, fact);
    },
    [self](const roster_ptr& peers) { meet(self, peers); },
    [self](atom::status) -> caf::result<actor_status> {
      auto& st = self->state;
      return status_of(
        self,
        describe(*st.machine, st.node->instruments[st.symbol.index], st.now));
    },
  };
}

} // namespace qalpha
