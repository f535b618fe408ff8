#include "models/outlook/regime_detector.hpp"

#include <utility>

namespace qalpha {

regime_detector::regime_detector(
  std::unique_ptr<regime_model> model,
  std::vector<std::unique_ptr<feature_source>> sources, model_identity who,
  utc_time last_use, const confirmation& rule)
  : model_(std::move(model)), rule_(rule),
    watch_(std::move(who), sources.size()) {
  for (auto& source : sources)
    slots_.push_back({.source = model_rows{std::move(source), last_use},
                      .tracker = regime_tracker{rule_},
                      .reading = {}});
}

/// @returns why there is no reading.
std::optional<silence> regime_detector::look(slot& where, const bar& closed,
                                             const model_row& row) {
  auto forget = [&](silence why) {
    where.tracker = regime_tracker{rule_};
    return why;
  };
  if (row.missing)
    return forget(*row.missing);
  watch_.saw(row.values);
  auto reading = model_->read(row.values);
  if (!reading)
    return forget(silence::failed);
  where.reading = *reading;
  constexpr int64_t millisecond = 1'000'000;
  where.tracker.add(closed.close_time.ns / millisecond, *reading);
  return std::nullopt;
}

void regime_detector::warm_up(symbol_id symbol, const std::vector<bar>& past,
                              const std::vector<bar_context>& contexts) {
  auto& where = slots_.at(symbol.index);
  for (size_t i = 0; i < past.size(); ++i) {
    auto& around = i < contexts.size() ? contexts[i] : nothing_known;
    if (auto row = where.source.next(past[i], around))
      look(where, past[i], *row);
  }
}

void regime_detector::pass_over(const bar_closed& fact) {
  auto& where = slots_[fact.symbol.index];
  auto row = where.source.next(fact.value);
  if (!row)
    return;
  if (row->missing)
    where.tracker = regime_tracker{rule_};
  watch_.passed_over();
}

void regime_detector::step(const bar_closed& fact, effects& out) {
  auto& where = slots_[fact.symbol.index];
  auto row = where.source.next(fact.value);
  if (!row)
    return;
  auto time = fact.value.close_time;
  if (auto why = look(where, fact.value, *row)) {
    watch_.silent(fact.symbol, *why);
    out.tell(model_silent{fact.symbol, time, model_role::regimes, *why});
  } else {
    watch_.answered(fact.symbol);
    out.tell(regime_observed{.symbol = fact.symbol,
                             .time = time,
                             .current = *where.tracker.current(),
                             .probabilities = where.reading.probabilities,
                             .novelty = where.reading.novelty});
  }
  if (auto health = watch_.news(time))
    out.tell(*health);
}

} // namespace qalpha
