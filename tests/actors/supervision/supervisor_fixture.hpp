// What the tests of the supervisor share. Include last.

#pragma once

#include "actors/supervision/supervisor.hpp"

#include "tests/actors/actor_fixture.hpp"

namespace qalpha::test {

/// Children that live and die as they are told, and note it.
struct supervisor_fixture : actor_fixture {
  /// "+a" for the start of child a, "-a" for its end.
  words lives;
  directory book{2};
  supervisor_actor aut;
  /// Children that ignore requests to stop.
  std::set<std::string> stubborn;

  supervisor_fixture() {
    book.introduce(role::guardian, {}, as_actor(peers.guardian));
    book.introduce(role::watchdog, {}, as_actor(peers.watchdog));
    book.open();
    consume_messages();
  }

  ~supervisor_fixture() override {
    bury();
  }

  template <class Handle>
  static caf::actor as_actor(const Handle& hdl) {
    return caf::actor_cast<caf::actor>(hdl);
  }

  child_specification child(std::string name, role kind = role::supervisor,
                            symbol_id symbol = {}) {
    auto life = [this, name](caf::event_based_actor* ptr) -> caf::behavior {
      lives.push_back("+" + name);
      ptr->attach_functor([this, name] { lives.push_back("-" + name); });
      ptr->set_default_handler(
        [](caf::scheduled_actor*,
           caf::message_view&) -> caf::result<caf::message> {
          return caf::delegated<caf::message>{};
        });
      if (stubborn.count(name) != 0)
        ptr->set_exit_handler([](const caf::exit_msg&) {});
      return {
        [ptr](atom::tick) { ptr->quit(); },
      };
    };
    return {.name = name,
            .kind = kind,
            .symbol = symbol,
            .start = [this, life](caf::actor_system& system) {
              return mortal(as_actor(system.spawn(life)));
            }};
  }

  void supervise(supervisor_specification spec) {
    aut = mortal(sys.spawn(run_supervisor, &context, &book, std::move(spec)));
    consume_messages();
  }

  /// Three children a, b and c.
  void supervise_three(restart_strategy strategy,
                       restart_intensity intensity = {}) {
    supervise({.name = "trio",
               .strategy = strategy,
               .intensity = intensity,
               .children = {child("a"), child("b"), child("c")}});
  }

  const supervisor_state::child& view(size_t index) {
    return state_of<supervisor_state>(aut).children.at(index);
  }

  void crash_child(size_t index) {
    crash(view(index).handle);
  }

  void pass(timespan d) {
    advance_time(d);
    consume_messages();
  }

  /// @returns what happened since the last call, as one line.
  std::string happened() {
    std::string result;
    for (auto& x : lives)
      result += (result.empty() ? "" : " ") + x;
    lives.clear();
    return result;
  }

  family ask_children() {
    family result;
    self->send(aut, atom::children_v);
    consume_messages();
    self->receive([&](family& x) { result = std::move(x); });
    return result;
  }

  /// Waits for the end of the supervisor.
  caf::error end_of_supervisor() {
    caf::error result;
    self->receive([&](caf::down_msg& x) { result = x.reason; });
    return result;
  }
};

} // namespace qalpha::test
