// The machine behind a REGIME DETECTOR: bars in, kinds of market out.

#pragma once

#include "models/machine/sink.hpp"
#include "models/outlook/model_rows.hpp"
#include "models/outlook/model_watch.hpp"
#include "models/outlook/regimes/regime_tracker.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace qalpha {

/// Computes the statistics of each symbol's window, asks the model what they
/// look like at the close of each bar and keeps to a regime until another one
/// is confirmed. The past is never relabelled. A row with a value missing makes
/// it forget what was confirmed.
class regime_detector {
public:
  using effects = sink<regime_observed, model_silent, model_health>;

  /// @param sources one for each instrument, of the features of the model
  /// @param who for those who watch it
  /// @param last_use bars that close later are in no regime
  regime_detector(std::unique_ptr<regime_model> model,
                  std::vector<std::unique_ptr<feature_source>> sources,
                  model_identity who = {}, utc_time last_use = no_last_use,
                  const confirmation& rule = {});

  void step(const bar_context_known& fact, effects&) {
    slots_[fact.symbol.index].source.expect(fact);
  }

  void step(const bar_closed& fact, effects& out);

  /// Shows bars from before the start, oldest first; causes no effect. Bars
  /// that were seen already are skipped.
  /// @param contexts one for each bar, or none at all
  void warm_up(symbol_id symbol, const std::vector<bar>& past,
               const std::vector<bar_context>& contexts = {});

  /// Takes a bar that it is too late to ask the model about: only its features
  /// are computed. Causes no effect.
  void pass_over(const bar_closed& fact);

  /// The last answer took that long.
  void took(timespan time) {
    watch_.took(time);
  }

  const regime_model& model() const noexcept {
    return *model_;
  }

private:
  struct slot {
    model_rows source;
    regime_tracker tracker;
    // Of the last bar.
    regime_reading reading;
  };

  std::optional<silence> look(slot& where, const bar& closed,
                              const model_row& row);

  std::unique_ptr<regime_model> model_;
  confirmation rule_;
  std::vector<slot> slots_;
  model_watch watch_;
};

} // namespace qalpha
