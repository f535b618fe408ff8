// What the tests of the actors share: a deterministic scheduler, a node of fake
// ports, and neighbours that only listen. Include last: it brings in dsl.hpp.

#pragma once

#include "messages/interfaces.hpp"
#include "tests/actors/fakes.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/test/dsl.hpp>

#include <memory>
#include <string>
#include <vector>

namespace qalpha::test {

/// What a neighbour was told.
struct mail {
  std::vector<caf::message> all;

  template <class T>
  std::vector<T> of() const {
    std::vector<T> result;
    for (auto& x : all)
      if (x.match_elements<T>())
        result.push_back(x.get_as<T>(0));
    return result;
  }

  template <class T>
  size_t count() const {
    return of<T>().size();
  }

  /// @returns the last one of its type.
  template <class T>
  T last() const {
    auto found = of<T>();
    return found.empty() ? T{} : found.back();
  }
};

/// Takes every message and answers none.
inline caf::behavior run_listener(caf::event_based_actor* self, mail* inbox) {
  self->set_default_handler(
    [inbox](caf::scheduled_actor*,
            caf::message_view& x) -> caf::result<caf::message> {
      inbox->all.push_back(x.move_content_to_message());
      return caf::delegated<caf::message>{};
    });
  return {
    [](atom::tick) {},
  };
}

struct qalpha_config : caf::actor_system_config {
  qalpha_config();
};

struct actor_fixture : test_coordinator_fixture<qalpha_config>, fake_node {
  static constexpr timespan second = std::chrono::seconds{1};

  // Listeners in the places of the actors that a test does not start.
  mail to_guardian;
  mail to_desk;
  mail to_watchdog;
  mail to_notifier;
  mail to_allocator;
  std::vector<std::unique_ptr<mail>> to_executors;
  std::vector<std::unique_ptr<mail>> to_feeds;
  roster peers;
  std::vector<caf::actor> mortals;

  explicit actor_fixture(uint16_t symbols = 2) : fake_node(symbols) {
    peers.guardian = listen<guardian_actor>(to_guardian);
    peers.risk_desk = listen<risk_desk_actor>(to_desk);
    peers.watchdog = listen<watchdog_actor>(to_watchdog);
    peers.notifier = listen<notifier_actor>(to_notifier);
    peers.allocator = listen<allocator_actor>(to_allocator);
    for (uint16_t i = 0; i < symbols; ++i) {
      to_executors.push_back(std::make_unique<mail>());
      peers.executors.push_back(listen<executor_actor>(*to_executors[i]));
      to_feeds.push_back(std::make_unique<mail>());
      peers.feeds.push_back(listen<feed_actor>(*to_feeds[i]));
    }
    consume_messages();
  }

  ~actor_fixture() override {
    bury();
  }

  /// Ends all actors. A fixture that gives them something to point at does so
  /// in its destructor: what they point at dies before the actor system does.
  void bury() {
    for (auto& hdl : mortals)
      self->send_exit(hdl, caf::exit_reason::kill);
    mortals.clear();
    consume_messages();
  }

  template <class Handle>
  Handle listen(mail& inbox) {
    return caf::actor_cast<Handle>(
      mortal(caf::actor_cast<caf::actor>(sys.spawn(run_listener, &inbox))));
  }

  /// Notes an actor that has to be dead at the end of the test.
  template <class Handle>
  Handle mortal(Handle hdl) {
    mortals.push_back(caf::actor_cast<caf::actor>(hdl));
    return hdl;
  }

  /// Starts an actor of the house.
  template <class Behavior, class... Ts>
  auto start(Behavior behavior, Ts... xs) {
    auto result = mortal(sys.spawn(behavior, &context, xs...));
    consume_messages();
    return result;
  }

  roster_ptr current_roster() const {
    return std::make_shared<const roster>(peers);
  }

  /// Tells `hdl` who is where.
  template <class Handle>
  void introduce(const Handle& hdl) {
    self->send(hdl, current_roster());
    consume_messages();
  }

  /// Sends one message and lets everything happen that it causes.
  template <class Handle, class... Ts>
  void tell(const Handle& hdl, const Ts&... xs) {
    self->send(hdl, xs...);
    consume_messages();
  }

  template <class Handle>
  void crash(const Handle& hdl) {
    self->send_exit(caf::actor_cast<caf::actor>(hdl), ec::crashed);
    consume_messages();
  }

  template <class State, class Handle>
  State& state_of(const Handle& hdl) {
    using pointer = typename Handle::template stateful_pointer<State>;
    return caf::actor_cast<pointer>(hdl)->state;
  }

  /// @returns the answer to `atom::status`.
  template <class Handle>
  actor_status status_of(const Handle& hdl) {
    actor_status result;
    self->send(hdl, atom::status_v);
    consume_messages();
    self->receive([&](actor_status& x) { result = std::move(x); });
    return result;
  }

  static bar make_bar(utc_time close, int64_t px = 1'000) {
    return {
      close - std::chrono::minutes{1}, close, {px}, {px}, {px}, {px}, {1}};
  }
};

} // namespace qalpha::test
