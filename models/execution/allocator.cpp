#include "models/execution/allocator.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

namespace qalpha {

allocator::allocator(const universe& instruments, sizing_settings sizing,
                     timespan bar_interval,
                     std::vector<symbol_strategy> strategies, model_roles asked,
                     timespan patience)
  : instruments_(&instruments),
    // Each symbol may use an equal part of the capital.
    allocation_bps_(instruments.empty()
                      ? 0
                      : sizing.allocation_bps
                          / static_cast<int64_t>(instruments.size())),
    scaled_(sizing.method != sizing_method::fixed) {
  if (strategies.size() != instruments.size())
    throw std::invalid_argument{"allocator: one strategy per instrument"};
  slots_.reserve(strategies.size());
  for (auto& brain : strategies)
    slots_.push_back(slot{.symbol = instruments[slots_.size()].id(),
                          .brain = std::move(brain),
                          .size = sizer{sizing, bar_interval},
                          .acted_on = {},
                          .seen = {},
                          .around_close = {},
                          .open = {},
                          .around = {},
                          .answers = outlook_collector{asked, patience},
                          .last = {},
                          .disagreement = {}});
}

void allocator::restore(symbol_id symbol, exposure acted_on,
                        uint64_t last_decision) {
  auto& where = slots_.at(symbol.index);
  where.acted_on = acted_on;
  where.last_decision = last_decision;
}

void allocator::warm_up(symbol_id symbol, const std::vector<bar>& past,
                        const std::vector<bar_context>& contexts) {
  auto& where = slots_.at(symbol.index);
  for (size_t i = 0; i < past.size(); ++i) {
    auto& value = past[i];
    auto& around = i < contexts.size() ? contexts[i] : nothing_known;
    if (value.close_time <= where.seen)
      continue;
    where.seen = value.close_time;
    where.size.on_bar(value);
    // The sizer learns from what would have been held.
    if (auto wanted = where.brain.on_bar(value, around))
      where.size.scale(*wanted);
  }
}

void allocator::wait_for_models(slot& where, const bar_closed& fact,
                                effects& out) {
  where.last = fact.value;
  where.answers.begin(fact.value.close_time);
  if (!where.answers.open())
    conclude(where, out); // Nobody is asked.
}

void allocator::conclude(slot& where, effects& out) {
  auto said = where.answers.close();
  look_at_delays(where, out);
  compare(where, said, out);
  if (auto wanted = where.brain.on_outlook(said))
    weigh(where, where.last, *wanted, out);
}

/// Tells who has begun to miss its time, and who has ceased to.
void allocator::look_at_delays(const slot& where, effects& out) {
  // One late answer may be a hiccup of the machine.
  constexpr uint32_t too_many = 2;
  for (size_t i = 0; i < model_role_count; ++i) {
    auto who = static_cast<model_role>(i);
    auto in_a_row = where.answers.late_in_a_row(who);
    auto begins = !late_[i] && in_a_row >= too_many;
    auto ends = late_[i] && in_a_row == 0 && all_in_time(who);
    if (!begins && !ends)
      continue;
    late_[i] = begins;
    out.tell(model_late{where.symbol, where.last.close_time, who, in_a_row,
                        late(who)});
  }
}

bool allocator::all_in_time(model_role who) const {
  return std::all_of(slots_.begin(), slots_.end(), [&](const slot& x) {
    return x.answers.late_in_a_row(who) == 0;
  });
}

void allocator::compare(slot& where, const outlook& said, effects& out) {
  constexpr uint32_t patience = 3;
  if (!said.forecast || !said.advice || said.forecast->levels.empty())
    return;
  auto width = said.forecast->levels.size();
  auto& quantiles = said.forecast->quantiles;
  auto last_row = std::span{quantiles}.last(std::min(width, quantiles.size()));
  where.disagreement.add(direction_of(said.forecast->levels, last_row),
                         said.advice->position);
  auto disagree = where.disagreement.high_in_a_row() >= patience
                  || (where.disagree && where.disagreement.high_in_a_row() > 0);
  if (disagree == where.disagree)
    return;
  where.disagree = disagree;
  out.tell(models_disagree{where.symbol, said.time,
                           where.disagreement.average().value_or(0),
                           where.disagreement.high_in_a_row()});
}

void allocator::step(utc_time now, effects& out) {
  for (auto& where : slots_)
    if (where.answers.due(now))
      conclude(where, out);
}

uint64_t allocator::late(model_role who) const noexcept {
  uint64_t result = 0;
  for (auto& where : slots_)
    result += where.answers.late(who);
  return result;
}

void allocator::consider(slot& where, const bar& closed, exposure wanted,
                         effects& out) {
  auto scaled = where.size.scale(wanted);
  if (!scaled || !where.size.worthwhile(where.acted_on, *scaled))
    return;
  // The number is taken now, so that an answer to an older question is
  // recognised; numbers of replaced questions are never used.
  auto id = decision_id{where.symbol, ++where.last_decision};
  where.open = question{id, *scaled, closed.close, where.brain.reason()};
  out.tell(account_query{id, closed.close_time});
}

void allocator::step(const account_view& answer, effects& out) {
  auto& where = slots_[answer.decision.symbol.index];
  if (!where.open || where.open->id != answer.decision)
    return;
  auto asked = std::move(*where.open);
  where.open.reset();
  where.acted_on = asked.scaled;
  auto target = position_for(asked.scaled, answer.equity, allocation_bps_,
                             asked.reference,
                             (*instruments_)[asked.id.symbol.index]);
  out.tell(decision{asked.id, answer.time, asked.scaled, target,
                    asked.reference, answer.equity, std::move(asked.reason)});
  out.tell(target_position{asked.id, answer.time, target, asked.reference});
}

} // namespace qalpha
