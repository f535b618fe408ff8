// Life of a child:
//
//   waiting ──start──▶ running ──crash──▶ backing_off ──timer──▶ running
//                        │ sibling crashed           ▲
//                        └──────▶ stopping ──down────┘
//
// While the supervisor itself stops: running → stopping → waiting, one child
// after the other, last started first.

#include "actors/supervision/supervisor.hpp"

#include "actors/supervision/stop_now.hpp"

#include <caf/actor_clock.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace qalpha {

namespace {

using phase = supervisor_state::phase;

std::string_view to_string(phase x) {
  switch (x) {
    case phase::waiting:
      return "down";
    case phase::running:
      return "running";
    case phase::stopping:
      return "stopping";
    case phase::backing_off:
      return "backing off";
  }
  return "?";
}

std::string describe(supervisor_pointer self, const caf::error& reason) {
  return reason ? self->system().render(reason)
                : std::string{"stopped by itself"};
}

void stop_next(supervisor_pointer self);

// -- start --------------------------------------------------------------------

void start_child(supervisor_pointer self, size_t index) {
  auto& st = self->state;
  auto& spec = st.spec.children[index];
  auto& child = st.children[index];
  child.handle = spec.start(self->system());
  child.now = phase::running;
  self->monitor<caf::message_priority::high>(child.handle);
  st.book->introduce(spec.kind, spec.symbol, child.handle);
}

void begin_back_off(supervisor_pointer self) {
  auto& st = self->state;
  self->delayed_send(self, st.delay, atom::restart_v, ++st.generation);
}

// Starts, in order, everything that waits for its next life.
void restart_children(supervisor_pointer self) {
  auto& st = self->state;
  for (size_t i = 0; i < st.children.size(); ++i)
    if (st.children[i].now == phase::backing_off)
      start_child(self, i);
}

// -- crash --------------------------------------------------------------------

bool affected(restart_strategy strategy, size_t crashed, size_t sibling) {
  switch (strategy) {
    case restart_strategy::one_for_one:
      return sibling == crashed;
    case restart_strategy::one_for_all:
      return true;
    case restart_strategy::rest_for_one:
      return sibling >= crashed;
  }
  return true;
}

bool any(const supervisor_state& st, phase what) {
  return std::any_of(st.children.begin(), st.children.end(),
                     [what](auto& child) { return child.now == what; });
}

void give_up(supervisor_pointer self, size_t index) {
  auto& st = self->state;
  auto& name = st.spec.children[index].name;
  auto why = name + ": " + st.children[index].last_error;
  st.stopping = caf::error{ec::restart_budget_exhausted, why};
  // The deadline of a child that is stopping already goes on.
  stop_next(self);
}

void tell_watchdog(supervisor_pointer self, size_t index) {
  auto& st = self->state;
  auto& child = st.children[index];
  if (auto to = st.book->current()->watchdog)
    self->send(
      to, child_restarted{st.spec.name + "/" + st.spec.children[index].name,
                          child.last_error, child.restarts});
}

// Nothing may be sent any more: the gate first, then the guardian explains.
void escalate(supervisor_pointer self, size_t index) {
  auto& st = self->state;
  st.node->gate->close();
  if (auto to = st.book->current()->guardian)
    self->send<caf::message_priority::high>(
      to,
      escalation{st.spec.children[index].name, st.children[index].last_error});
}

void on_crash(supervisor_pointer self, size_t index) {
  auto& st = self->state;
  auto& spec = st.spec.children[index];
  auto& child = st.children[index];
  if (st.node->incidents != nullptr)
    st.node->incidents->report(st.spec.name + "/" + spec.name,
                               "died: " + child.last_error);
  if (st.spec.escalates_to_guardian)
    escalate(self, index);
  auto delay = st.policy->on_crash(self->clock().now(), index);
  if (!delay) {
    give_up(self, index);
    return;
  }
  st.delay = *delay;
  for (size_t i = st.children.size(); i-- > 0;) {
    auto& sibling = st.children[i];
    if (!affected(st.spec.strategy, index, i))
      continue;
    if (sibling.now == phase::running) {
      sibling.now = phase::stopping;
      stop_now(sibling.handle, caf::exit_reason::user_shutdown);
    } else if (sibling.now == phase::waiting) {
      sibling.now = phase::backing_off;
    }
    ++sibling.restarts;
  }
  tell_watchdog(self, index);
  if (any(st, phase::stopping))
    self->delayed_send(self, st.spec.stop_within, atom::deadline_v,
                       ++st.generation);
  else
    begin_back_off(self);
}

void on_down(supervisor_pointer self, const caf::down_msg& down) {
  auto& st = self->state;
  for (size_t i = 0; i < st.children.size(); ++i) {
    auto& child = st.children[i];
    if (!child.handle || child.handle.address() != down.source)
      continue;
    auto before = child.now;
    child.handle = nullptr;
    st.book->introduce(st.spec.children[i].kind, st.spec.children[i].symbol,
                       nullptr);
    child.now = phase::waiting;
    if (st.stopping) {
      stop_next(self);
    } else if (before == phase::running) {
      child.last_error = describe(self, down.reason);
      on_crash(self, i);
    } else {
      child.now = phase::backing_off;
      if (!any(st, phase::stopping))
        begin_back_off(self);
    }
    return;
  }
}

// -- stop ---------------------------------------------------------------------

// Stops the last child that runs, or quits when none does.
void stop_next(supervisor_pointer self) {
  auto& st = self->state;
  for (size_t i = st.children.size(); i-- > 0;) {
    auto& child = st.children[i];
    if (!child.handle)
      continue;
    if (child.now == phase::running) {
      child.now = phase::stopping;
      stop_now(child.handle, caf::exit_reason::user_shutdown);
      self->delayed_send(self, st.spec.stop_within, atom::deadline_v,
                         ++st.generation);
    }
    return;
  }
  self->quit(*st.stopping);
}

void on_deadline(supervisor_pointer self, uint64_t generation) {
  auto& st = self->state;
  if (generation != st.generation)
    return;
  for (auto& child : st.children)
    if (child.now == phase::stopping && child.handle)
      stop_now(child.handle, caf::exit_reason::kill);
}

// -- questions ----------------------------------------------------------------

family describe_children(const supervisor_state& st) {
  family result{st.spec.name, std::string{to_string(st.spec.strategy)}, {}};
  for (size_t i = 0; i < st.children.size(); ++i) {
    auto& child = st.children[i];
    auto& spec = st.spec.children[i];
    result.children.push_back({.name = spec.name,
                               .kind = spec.kind,
                               .phase = std::string{to_string(child.now)},
                               .restarts = child.restarts,
                               .last_error = child.last_error,
                               .handle = child.handle});
  }
  return result;
}

caf::result<std::string> kill_child(supervisor_pointer self,
                                    const std::string& name) {
  auto& st = self->state;
  for (size_t i = 0; i < st.children.size(); ++i)
    if (st.spec.children[i].name == name
        && st.children[i].now == phase::running) {
      stop_now(st.children[i].handle, ec::killed);
      return "killed " + st.spec.name + "/" + name;
    }
  return caf::error{ec::not_running, "no running child is called " + name};
}

} // namespace

supervisor_actor::behavior_type
run_supervisor(supervisor_pointer self, const node_context* node,
               directory* book, supervisor_specification spec) {
  auto& st = self->state;
  st.node = node;
  st.book = book;
  st.policy.emplace(spec.intensity);
  st.children.resize(spec.children.size());
  st.spec = std::move(spec);
  self->set_error_handler([](caf::scheduled_actor*, caf::error&) {
    // Answers to messages nobody needs an answer to.
  });
  self->set_down_handler(
    [self](const caf::down_msg& down) { on_down(self, down); });
  self->set_exit_handler([self](const caf::exit_msg& msg) {
    auto& state = self->state;
    if (state.stopping)
      return;
    state.stopping = msg.reason;
    stop_next(self);
  });
  for (size_t i = 0; i < st.children.size(); ++i)
    start_child(self, i);
  return {
    [self](atom::children) -> caf::result<family> {
      return describe_children(self->state);
    },
    [self](atom::kill, const std::string& name) {
      return kill_child(self, name);
    },
    [self](atom::restart, uint64_t generation) {
      if (generation == self->state.generation && !self->state.stopping)
        restart_children(self);
    },
    [self](atom::deadline, uint64_t generation) {
      on_deadline(self, generation);
    },
    [self](atom::status) -> caf::result<actor_status> {
      auto& state = self->state;
      auto running = std::count_if(
        state.children.begin(), state.children.end(),
        [](auto& child) { return child.now == phase::running; });
      return actor_status{std::to_string(running) + " of "
                            + std::to_string(state.children.size())
                            + " children running",
                          self->mailbox().size(), 0, 0, ""};
    },
  };
}

} // namespace qalpha
