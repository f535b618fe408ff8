// A strategy at work on one symbol.

#pragma once

#include "models/features/feature_source.hpp"
#include "models/strategies/catalogue.hpp"
#include "models/strategies/strategy.hpp"

#include <memory>

namespace qalpha {

/// @returns what a strategy of that choice reads, or the fault of the choice.
/// @param interval length of the bars
fallible<feature_plan> plan_of(const strategy_choice& which, timespan interval);

/// A strategy and where its features come from.
class symbol_strategy {
public:
  /// @pre `features` gives the columns that `rule` wants
  symbol_strategy(std::unique_ptr<strategy> rule,
                  std::unique_ptr<feature_source> features)
    : rule_(std::move(rule)), features_(std::move(features)),
      listens_(rule_->listens()) {
    // nop
  }

  /// Takes one closed bar and what is known around it.
  /// @returns as `strategy::on_bar`
  std::optional<exposure> on_bar(const bar& closed, const bar_context& around) {
    return rule_->on_bar(closed, features_->next(closed, around));
  }

  /// As `strategy::listens`.
  bool listens() const noexcept {
    return listens_;
  }

  /// @returns as `strategy::on_outlook`
  std::optional<exposure> on_outlook(const outlook& said) {
    return rule_->on_outlook(said);
  }

  std::string reason() const {
    return rule_->reason();
  }

private:
  std::unique_ptr<strategy> rule_;
  std::unique_ptr<feature_source> features_;
  // Asked for once a bar.
  bool listens_;
};

/// @returns a strategy that computes its features bar by bar.
/// @pre `plan_of` has a plan for the choice
symbol_strategy make_live_strategy(const strategy_choice& which,
                                   timespan interval, const instrument& rules);

} // namespace qalpha
