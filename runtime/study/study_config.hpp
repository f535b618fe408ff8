// A study as a file.

#pragma once

#include "models/machine/json_tree.hpp"
#include "runtime/study/study.hpp"
#include "runtime/training/neural_support.hpp"

#include <memory>
#include <string>

namespace qalpha {

/// What a file says about a study.
struct study_config {
  /// Configuration of a backtest: instruments, data, costs and limits. Relative
  /// paths start at the directory of the file.
  std::string market;
  /// Of the file.
  std::string directory;
  study_settings settings;
  /// For whoever makes the model.
  json_value model;
};

/// Reads a file such as
///
///     {
///       "market": "backtest-btc-1h.json",
///       "walk_forward": {"first_training": "730d", "test": "90d",
///                        "embargo": "2d", "longest_training": "0s"},
///       "model": {"kind": "linear", ...},
///       "distances": [1, 24],
///       "trades": [{"cost_bps": 14}],
///       "rules": [{"name": "sma_cross", "params": {"fast": 20}}],
///       "earlier_trials": 0
///     }
///
/// Every key has to be there: a study that is to be repeated leaves nothing to
/// defaults.
/// @returns a fault "FILE: KEY: expected ..., found ...".
fallible<study_config> read_study_config(const std::string& path);

/// As above for a text.
fallible<study_config> parse_study_config(const std::string& text);

/// What a maker of models needs beside its object in the file.
struct forecast_maker_context {
  timespan bar_interval;
  /// Where relative paths start.
  std::string directory;
  /// `nullptr` in a program without LibTorch.
  const neural_support* neural = nullptr;
};

/// @returns whether models of that kind need LibTorch.
bool needs_neural_program(const json_value& model);

/// Makes what "model" describes:
///
///     {"kind": "linear", "horizon": 24, "levels": [...], "shrinkage": 0.01,
///      "features": [...]}
///     {"kind": "tft", "config": "train.json", "seed": 1}
///
/// The second takes features, sizes and training from a file of `qalpha train`,
/// whose data are not read.
/// @returns a fault naming what is wrong.
fallible<std::unique_ptr<forecast_maker>>
make_forecasts(const json_value& model, const forecast_maker_context& context);

} // namespace qalpha
