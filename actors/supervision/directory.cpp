#include "actors/supervision/directory.hpp"

#include <caf/actor_cast.hpp>
#include <caf/message_priority.hpp>
#include <caf/send.hpp>

#include <memory>
#include <utility>

namespace qalpha {

namespace {

void place(roster& into, role who, symbol_id symbol, const caf::actor& handle) {
  switch (who) {
    case role::feed:
      into.feeds.at(symbol.index) = caf::actor_cast<feed_actor>(handle);
      break;
    case role::forecaster:
      into.forecaster = caf::actor_cast<model_actor>(handle);
      break;
    case role::regime_detector:
      into.regime_detector = caf::actor_cast<model_actor>(handle);
      break;
    case role::policy:
      into.policy = caf::actor_cast<model_actor>(handle);
      break;
    case role::executor:
      into.executors.at(symbol.index) = caf::actor_cast<executor_actor>(handle);
      break;
    case role::allocator:
      into.allocator = caf::actor_cast<allocator_actor>(handle);
      break;
    case role::risk_desk:
      into.risk_desk = caf::actor_cast<risk_desk_actor>(handle);
      break;
    case role::guardian:
      into.guardian = caf::actor_cast<guardian_actor>(handle);
      break;
    case role::watchdog:
      into.watchdog = caf::actor_cast<watchdog_actor>(handle);
      break;
    case role::notifier:
      into.notifier = caf::actor_cast<notifier_actor>(handle);
      break;
    default:
      break;
  }
}

template <class Handle>
void tell(const Handle& to, const roster_ptr& now) {
  if (to)
    caf::anon_send<caf::message_priority::high>(to, now);
}

} // namespace

directory::directory(size_t symbols) {
  auto empty = std::make_shared<roster>();
  empty->feeds.resize(symbols);
  empty->executors.resize(symbols);
  now_ = std::move(empty);
}

void directory::introduce(role who, symbol_id symbol,
                          const caf::actor& handle) {
  // Under the lock also while sending: rosters arrive in the order of changes.
  std::lock_guard guard{mutex_};
  auto next = std::make_shared<roster>(*now_);
  place(*next, who, symbol, handle);
  now_ = std::move(next);
  if (open_)
    broadcast(now_);
}

void directory::open() {
  std::lock_guard guard{mutex_};
  open_ = true;
  broadcast(now_);
}

roster_ptr directory::current() const {
  std::lock_guard guard{mutex_};
  return now_;
}

void directory::broadcast(const roster_ptr& now) {
  // Those who protect first.
  tell(now->guardian, now);
  tell(now->risk_desk, now);
  tell(now->watchdog, now);
  tell(now->notifier, now);
  tell(now->allocator, now);
  for (auto* hdl : now->models())
    tell(*hdl, now);
  for (auto& hdl : now->executors)
    tell(hdl, now);
  for (auto& hdl : now->feeds)
    tell(hdl, now);
}

} // namespace qalpha
