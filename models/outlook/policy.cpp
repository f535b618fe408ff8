#include "models/outlook/policy.hpp"

#include "models/outlook/bar_in_ticks.hpp"

#include <utility>

namespace qalpha {

fallible<policy>
policy::make(std::unique_ptr<policy_model> model,
             std::vector<std::unique_ptr<feature_source>> sources,
             model_identity who, utc_time last_use) {
  auto& shape = model->shape();
  auto plan = feature_plan::make(shape.features);
  if (!plan)
    return plan.error();
  std::vector<slot> slots;
  for (auto& source : sources)
    slots.push_back({.source = model_rows{std::move(source), last_use},
                     .states = {shape.context, plan->columns.size()},
                     .returns_to_go = {},
                     .actions = {}});
  return policy{std::move(model), std::move(slots), std::move(who)};
}

policy::policy(std::unique_ptr<policy_model> model, std::vector<slot> slots,
               model_identity who)
  : model_(std::move(model)), slots_(std::move(slots)),
    watch_(std::move(who), slots_.size()) {
  // nop
}

void policy::begin_episode(slot& where) const {
  where.states.clear();
  where.returns_to_go.clear();
  where.actions.clear();
  where.step = 0;
}

void policy::end(slot& where) const {
  begin_episode(where);
  where.held = {};
}

void policy::keep_context(slot& where) const {
  if (where.actions.size() < model_->shape().context)
    return;
  where.actions.erase(where.actions.begin());
  where.returns_to_go.erase(where.returns_to_go.begin());
}

/// @returns why there is no action.
std::optional<silence> policy::play(slot& where, const bar& closed,
                                    const model_row& row) {
  if (row.missing) {
    end(where);
    return row.missing;
  }
  watch_.saw(row.values);
  auto prices = prices_of(closed);
  auto& shape = model_->shape();
  auto wanted = shape.target_return;
  if (!where.actions.empty()) {
    wanted = where.returns_to_go.back()
             - play_bar(where.held, where.actions.back(), where.last_close,
                        prices, shape.cost);
    keep_context(where);
  }
  if (where.step == shape.episode) {
    begin_episode(where);
    wanted = shape.target_return;
  }
  where.last_close = prices.close;
  where.states.push(row.values);
  where.returns_to_go.push_back(wanted);
  auto action = model_->act({.returns_to_go = where.returns_to_go,
                             .states = where.states.rows(),
                             .actions = where.actions,
                             .step = where.step});
  if (!action) {
    end(where);
    return silence::failed;
  }
  where.actions.push_back(*action);
  ++where.step;
  return std::nullopt;
}

void policy::warm_up(symbol_id symbol, const std::vector<bar>& past,
                     const std::vector<bar_context>& contexts) {
  auto& where = slots_.at(symbol.index);
  for (size_t i = 0; i < past.size(); ++i) {
    auto& around = i < contexts.size() ? contexts[i] : nothing_known;
    if (auto row = where.source.next(past[i], around))
      play(where, past[i], *row);
  }
}

void policy::pass_over(const bar_closed& fact) {
  auto& where = slots_[fact.symbol.index];
  if (!where.source.next(fact.value))
    return;
  // An episode has an action for each of its bars.
  end(where);
  watch_.passed_over();
}

void policy::step(const bar_closed& fact, effects& out) {
  auto& where = slots_[fact.symbol.index];
  auto row = where.source.next(fact.value);
  if (!row)
    return;
  auto time = fact.value.close_time;
  if (auto why = play(where, fact.value, *row)) {
    watch_.silent(fact.symbol, *why);
    out.tell(model_silent{fact.symbol, time, model_role::policy, *why});
  } else {
    watch_.answered(fact.symbol);
    auto& wish = where.actions.back();
    out.tell(policy_advised{fact.symbol, time, wish.position, wish.size,
                            wish.stop, wish.take_profit});
  }
  if (auto health = watch_.news(time))
    out.tell(*health);
}

} // namespace qalpha
