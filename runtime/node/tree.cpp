#include "runtime/node/tree.hpp"

#include "actors/guardian/guardian.hpp"
#include "actors/guardian/notifier.hpp"
#include "actors/guardian/risk_desk.hpp"
#include "actors/guardian/watchdog.hpp"
#include "actors/oracle/feed.hpp"
#include "actors/oracle/model_asker.hpp"
#include "actors/strategist/allocator.hpp"
#include "actors/strategist/executor.hpp"
#include "runtime/node/thread_priority.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>

#include <utility>

namespace qalpha {

namespace {

template <class Behavior, class... Args>
std::function<caf::actor(caf::actor_system&)>
starter(bool own_thread, Behavior behavior, Args... args) {
  return [=](caf::actor_system& sys) {
    if (own_thread)
      return caf::actor_cast<caf::actor>(
        sys.spawn<caf::detached>(behavior, args...));
    return caf::actor_cast<caf::actor>(sys.spawn(behavior, args...));
  };
}

/// A model on a thread that the market goes before.
template <class Machine, class Maker>
model_actor::behavior_type run_modest_asker(model_asker_pointer<Machine> self,
                                            const node_context* node,
                                            const Maker& make) {
  defer_this_thread();
  return run_model_asker(self, node, make);
}

/// A model on a thread of its own, since it computes for milliseconds. Where
/// the market waits for it, it has to be as quick as it can.
template <class Machine, class Maker>
std::function<caf::actor(caf::actor_system&)>
asker(bool own_thread, const node_context& node, const Maker& make) {
  if (own_thread && !node.models.in_step)
    return starter(own_thread, run_modest_asker<Machine, Maker>, &node, make);
  return starter(own_thread, run_model_asker<Machine, Maker>, &node, make);
}

/// The guardian on a thread that goes before all others of the machine.
guardian_actor::behavior_type run_preferred_guardian(guardian_pointer self,
                                                     const node_context* node) {
  prefer_this_thread();
  return run_guardian(self, node);
}

supervisor_specification guardian_tree(const node_context& node,
                                       const tree_settings& settings) {
  auto own = settings.threads;
  return {
    .name = "guardian",
    .intensity = settings.intensity,
    .children = {
      {.name = "guardian",
       .kind = role::guardian,
       .start = own ? starter(own, run_preferred_guardian, &node)
                    : starter(own, run_guardian, &node)},
      {.name = "risk desk",
       .kind = role::risk_desk,
       .start = starter(own, run_risk_desk, &node)},
      {.name = "watchdog",
       .kind = role::watchdog,
       .start = starter(false, run_watchdog, &node)},
      {.name = "notifier",
       .kind = role::notifier,
       .start = starter(own, run_notifier, &node)},
    },
  };
}

supervisor_specification oracle_tree(const node_context& node,
                                     const tree_settings& settings) {
  supervisor_specification result{.name = "oracle",
                                  .intensity = settings.intensity};
  for (auto& rules : node.instruments)
    result.children.push_back(
      {.name = "feed " + rules.name(),
       .kind = role::feed,
       .symbol = rules.id(),
       .start = starter(false, run_feed, &node, rules.id())});
  auto own = settings.threads;
  auto& models = node.models;
  if (models.make_forecaster)
    result.children.push_back(
      {.name = "forecaster",
       .kind = role::forecaster,
       .start = asker<forecaster>(own, node, models.make_forecaster)});
  if (models.make_regime_detector)
    result.children.push_back({.name = "regime detector",
                               .kind = role::regime_detector,
                               .start = asker<regime_detector>(
                                 own, node, models.make_regime_detector)});
  if (models.make_policy)
    result.children.push_back(
      {.name = "policy",
       .kind = role::policy,
       .start = asker<policy>(own, node, models.make_policy)});
  return result;
}

supervisor_specification strategist_tree(const node_context& node,
                                         const tree_settings& settings) {
  supervisor_specification result{
    .name = "strategist",
    .intensity = settings.intensity,
    .children = {{.name = "allocator",
                  .kind = role::allocator,
                  .start = starter(false, run_allocator, &node)}},
  };
  auto own = settings.threads
             && node.instruments.size() <= settings.detached_executors;
  for (auto& rules : node.instruments)
    result.children.push_back(
      {.name = "executor " + rules.name(),
       .kind = role::executor,
       .symbol = rules.id(),
       .start = starter(own, run_executor, &node, rules.id())});
  return result;
}

} // namespace

supervisor_specification node_tree(const node_context& node, directory& book,
                                   const tree_settings& settings) {
  supervisor_specification top{.name = "node",
                               .intensity = settings.intensity,
                               // Long enough for a tree to stop its children.
                               .stop_within = std::chrono::seconds{10},
                               .escalates_to_guardian = true};
  for (auto& tree : {guardian_tree(node, settings), oracle_tree(node, settings),
                     strategist_tree(node, settings)})
    top.children.push_back(
      {.name = tree.name,
       .start = starter(false, run_supervisor, &node, &book, tree)});
  return top;
}

} // namespace qalpha
