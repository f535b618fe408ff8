// The machine behind a POLICY: bars in, what the trained policy would hold out.

#pragma once

#include "models/machine/sink.hpp"
#include "models/outlook/guarded_position.hpp"
#include "models/outlook/model_rows.hpp"
#include "models/outlook/model_watch.hpp"
#include "models/outlook/policy_model.hpp"
#include "models/outlook/row_window.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace qalpha {

/// Plays one episode after another for each symbol, with positions of its own
/// that nobody trades: what it wants depends on its own past only, so that a
/// restart with the same bars gives the same advice. The return that is still
/// wanted falls by what these positions earn, after costs, as in training: by
/// `play_bar`, with their sizes, stops and take profits. A position outlasts
/// the end of its episode; a row with a value missing ends both.
class policy {
public:
  using effects = sink<policy_advised, model_silent, model_health>;

  /// @param sources one for each instrument, of the features of the model
  /// @param who for those who watch it
  /// @param last_use bars that close later have no advice
  /// @returns a fault if the model's features are none.
  static fallible<policy>
  make(std::unique_ptr<policy_model> model,
       std::vector<std::unique_ptr<feature_source>> sources,
       model_identity who = {}, utc_time last_use = no_last_use);

  void step(const bar_context_known& fact, effects&) {
    slots_[fact.symbol.index].source.expect(fact);
  }

  void step(const bar_closed& fact, effects& out);

  /// Plays bars from before the start, oldest first; causes no effect. Bars
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

  const policy_model& model() const noexcept {
    return *model_;
  }

private:
  struct slot {
    model_rows source;
    row_window states;
    // As many as there are states, the last without its action.
    std::vector<double> returns_to_go;
    std::vector<policy_action> actions;
    guarded_position held;
    size_t step = 0;
    double last_close = 0;
  };

  policy(std::unique_ptr<policy_model> model, std::vector<slot> slots,
         model_identity who);

  std::optional<silence> play(slot& where, const bar& closed,
                              const model_row& row);
  void begin_episode(slot& where) const;
  // Forgets what was held, too.
  void end(slot& where) const;
  void keep_context(slot& where) const;

  std::unique_ptr<policy_model> model_;
  std::vector<slot> slots_;
  model_watch watch_;
};

} // namespace qalpha
