#include "actors/strategist/allocator.hpp"

#include <chrono>
#include <utility>

namespace qalpha {

namespace {

// A feed answers in microseconds; one that does not is being restarted and will
// be introduced again.
constexpr auto history_timeout = std::chrono::seconds{2};

void recover(allocator_pointer self) {
  auto& st = self->state;
  auto& node = *st.node;
  std::vector<symbol_strategy> brains;
  for (auto& rules : node.instruments)
    brains.push_back(node.make_strategy(rules));
  st.machine.emplace(node.instruments, node.sizing, node.feed.bar_interval,
                     std::move(brains));
  for (auto& rules : node.instruments) {
    auto known = node.log->recall(rules.id());
    st.machine->restore(rules.id(), known.last_exposure, known.last_decision);
  }
}

void ask_for_past(allocator_pointer self, size_t index) {
  auto& st = self->state;
  auto& hdl = st.feeds[index];
  self->request(hdl, history_timeout, atom::history_v)
    .then(
      [self, index, hdl](const bar_history& past) {
        auto& state = self->state;
        if (state.feeds[index] != hdl)
          return; // The answer of a feed that has died since.
        state.machine->warm_up(past.symbol, past.bars, past.contexts);
        state.warm[index] = true;
      },
      [self](const caf::error& err) {
        ++self->state.incidents;
        self->state.last_error = "no history: " + to_string(err);
      });
}

void meet(allocator_pointer self, const roster_ptr& peers) {
  auto& st = self->state;
  st.peers = peers;
  for (size_t i = 0; i < peers->feeds.size(); ++i) {
    if (st.feeds[i] == peers->feeds[i])
      continue;
    st.feeds[i] = peers->feeds[i];
    if (st.feeds[i] && !st.warm[i])
      ask_for_past(self, i);
  }
}

} // namespace

allocator_actor::behavior_type run_allocator(allocator_pointer self,
                                             const node_context* node) {
  auto& st = self->state;
  st.node = node;
  install_handlers(self, st);
  st.feeds.resize(node->instruments.size());
  st.warm.resize(node->instruments.size());
  recover(self);
  st.outlet.emplace(self);
  st.out.emplace(*st.outlet);
  return {
    // -- from FEED ------------------------------------------------------------
    [self](const bar_context_known& fact) {
      ++self->state.handled;
      self->state.machine->step(fact, *self->state.out);
    },
    [self](const bar_closed& fact) {
      auto& state = self->state;
      ++state.handled;
      if (state.warm[fact.symbol.index])
        state.machine->step(fact, *state.out);
    },
    [self](const bar_history& past) {
      ++self->state.handled;
      auto& machine = *self->state.machine;
      machine.warm_up(past.symbol, past.bars, past.contexts);
    },
    // -- from RISK DESK -------------------------------------------------------
    [self](const account_view& answer) {
      ++self->state.handled;
      self->state.machine->step(answer, *self->state.out);
    },
    // -- from everybody -------------------------------------------------------
    [self](const pulse& fact) {
      ++self->state.handled;
      relay(self, symbol_id{}, fact);
    },
    [self](const roster_ptr& peers) { meet(self, peers); },
    [self](atom::status) -> caf::result<actor_status> {
      size_t warm = 0;
      for (auto x : self->state.warm)
        warm += x ? 1 : 0;
      return status_of(self, std::to_string(warm) + " of "
                               + std::to_string(self->state.warm.size())
                               + " symbols warm");
    },
  };
}

} // namespace qalpha
