#include "models/outlook/policy.hpp"

#include "models/strategies/feature_values.hpp"

#include <cmath>
#include <utility>

namespace qalpha {

fallible<policy>
policy::make(std::unique_ptr<policy_model> model,
             std::vector<std::unique_ptr<feature_source>> sources) {
  auto& shape = model->shape();
  auto plan = feature_plan::make(shape.features);
  if (!plan)
    return plan.error();
  std::vector<slot> slots;
  for (auto& source : sources)
    slots.push_back({.source = std::move(source),
                     .states = {shape.context, plan->columns.size()},
                     .returns_to_go = {},
                     .actions = {},
                     .seen = {}});
  return policy{std::move(model), std::move(slots)};
}

policy::policy(std::unique_ptr<policy_model> model, std::vector<slot> slots)
  : model_(std::move(model)), slots_(std::move(slots)) {
  // nop
}

void policy::begin_episode(slot& where) const {
  where.states.clear();
  where.returns_to_go.clear();
  where.actions.clear();
  where.step = 0;
}

/// Of the last position over the bar at hand, less the cost of having taken it.
double policy::earned(const slot& where, double close) const {
  auto count = where.actions.size();
  auto position = where.actions.back().position;
  auto before = count > 1 ? where.actions[count - 2].position
                          : where.held_before;
  return position * (close / where.last_close - 1)
         - model_->shape().cost * std::abs(position - before);
}

void policy::keep_context(slot& where) const {
  if (where.actions.size() < model_->shape().context)
    return;
  where.held_before = where.actions.front().position;
  where.actions.erase(where.actions.begin());
  where.returns_to_go.erase(where.returns_to_go.begin());
}

policy::turn policy::play(slot& where, const bar& closed) {
  if (closed.close_time <= where.seen)
    return turn::seen_before; // Told twice after a restart of the feed.
  where.seen = closed.close_time;
  auto row = where.source->next(closed);
  if (!all_defined(row)) {
    begin_episode(where);
    where.held_before = 0;
    return where.complete ? turn::dirty : turn::warming_up;
  }
  where.complete = true;
  // Only ratios of closes count, so ticks will do.
  auto close = static_cast<double>(closed.close.ticks);
  auto& shape = model_->shape();
  auto wanted = shape.target_return;
  if (!where.actions.empty()) {
    wanted = where.returns_to_go.back() - earned(where, close);
    keep_context(where);
  }
  if (where.step == shape.episode) {
    where.held_before = where.actions.empty() ? where.held_before
                                              : where.actions.back().position;
    begin_episode(where);
    wanted = shape.target_return;
  }
  where.last_close = close;
  where.states.push(row);
  where.returns_to_go.push_back(wanted);
  auto action = model_->act({.returns_to_go = where.returns_to_go,
                             .states = where.states.rows(),
                             .actions = where.actions,
                             .step = where.step});
  if (!action) {
    begin_episode(where);
    where.held_before = 0;
    return turn::failed;
  }
  where.actions.push_back(*action);
  ++where.step;
  return turn::played;
}

void policy::warm_up(symbol_id symbol, const std::vector<bar>& past) {
  for (auto& value : past)
    play(slots_.at(symbol.index), value);
}

void policy::step(const bar_closed& fact, effects& out) {
  auto& where = slots_[fact.symbol.index];
  auto silent = [&](silence why) {
    out.tell(model_silent{fact.symbol, fact.value.close_time,
                          model_role::policy, why});
  };
  switch (play(where, fact.value)) {
    case turn::seen_before:
      return;
    case turn::dirty:
      return silent(silence::dirty);
    case turn::warming_up:
      return silent(silence::warming_up);
    case turn::failed:
      return silent(silence::failed);
    case turn::played:
      break;
  }
  auto& wish = where.actions.back();
  out.tell(policy_advised{fact.symbol, fact.value.close_time, wish.position,
                          wish.size});
}

} // namespace qalpha
